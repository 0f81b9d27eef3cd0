using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SentimentML.Evaluation;

/// <summary>
/// Guesses a text's language by its function words, endings and letters: enough to tell a person that a file of Spanish reviews
/// holds others. A text too short or too plain to tell is "und", as BCP 47 has it; one in another script is "other".
/// </summary>
internal static class LanguageGuess
{
    public const string Spanish = "es", Undetermined = "und", OtherScript = "other";

    private const int MostWords = 400;
    private const double LeastShare = 0.12, LeastLead = 1.4;

    /// <summary>Spanish is what these files hold, so that another language takes more to be believed.</summary>
    private const double LeastSpanishEvidence = 1, LeastOtherEvidence = 2.5;

    private static readonly (string Language, string Words)[] FunctionWords =
    [
        ("es", "el la los las un una unos unas de del al a en y e o u que no es son está están se me te le lo les nos su sus mi mis tu con por para como más "
            + "pero muy ya si sin sobre este esta estos estas ese esa esto eso todo toda todos todas cuando hay ha han he fue era ser estar tiene tienen bien "
            + "mal mucho mucha poco bueno buena producto calidad precio cosa también porque desde hasta donde nada llegó viene compré después además aunque "
            + "solo sólo siempre buen gran así dos hace hacer yo día días tiempo queda tal antes recomiendo mas ni nunca he llega llego llegado recibido "
            + "recibir devolver devuelto funciona funcionan malo mala compra comprar roto rota vino venía sirve ido sido van va ser puede puedo meses mes "
            + "menos fatal estafa dinero caja paquete pedido gusta gustado perfecto excelente encanta ideal fácil cumple según foto él ella mismo misma cada "
            + "otro otra"),
        ("en", "the a an of and to in is it was this that for with not on are be as at by have has had but they my i you we he she very so just all from or "
            + "if would there when what which been were will can your one our their good great product quality price it's don't i'm bought got works work use "
            + "does did like love really well after than too no me them out up about more only then"),
        ("pt", "o a os as um uma uns umas de do da dos das em no na nos nas e ou que não é são está se me lhe seu sua seus suas meu minha com por para pra "
            + "como mais mas muito já sem sobre este esta isto isso ele ela eles tudo todo toda quando há foi era ser tem têm bem mal bom boa produto "
            + "qualidade preço também porque até onde nada chegou comprei depois ainda pelo pela só eu você gostei recomendo ótimo"),
        ("fr", "le la les un une des de du au aux à en et ou que qui ne pas est sont se me te lui leur son sa ses mon ma mes avec par pour comme plus mais "
            + "très déjà si sans sur ce cette ces cet tout toute tous quand il elle ils je nous vous on a ont été était être avoir bien mal bon bonne produit "
            + "qualité prix aussi dans j'ai c'est rien reçu acheté après encore fait peu ça y dont où"),
        ("it", "il lo la i gli le un uno una di del della dei delle dello da dal dalla in nel nella e o che non è sono si mi ti ci suo sua suoi mio mia con "
            + "per come più ma molto già se senza su sul sulla questo questa questi queste tutto tutta tutti quando ha hanno ho stato era essere bene male "
            + "buono buona prodotto qualità prezzo anche perché fino dove niente arrivato comprato dopo ancora ottimo al alla poco io"),
        ("de", "der die das den dem des ein eine einen einem einer und oder ist sind war nicht ich es sie er wir ihr mit von zu zum zur für auf in im an am "
            + "aus bei nach als wie auch aber sehr schon wenn ohne über dieser diese dieses alles hat haben habe wurde werden sein gut gute schlecht produkt "
            + "qualität preis nur noch nichts weil bis wo man mir mich gekauft dass so kein keine leider kann vom um"),
        ("ca", "el la els les un una uns unes de del dels al als a en i o que no és són està estan es em et li el seu la seva meu meva amb per com més però "
            + "molt ja si sense sobre aquest aquesta aquests aquestes això tot tota tots quan hi ha han he va ser era té tenen bé malament bo bona producte "
            + "qualitat preu també perquè fins on res arribat comprat després encara pel doncs només gens cap"),
    ];

    private static readonly (string Language, string Signs)[] Signs =
    [
        ("es", "ñ ción ía ó"),
        ("en", "tion th w sh ight ing"),
        ("pt", "ção ções ã õ lh nh ê ss"),
        ("fr", "tion eux eau è ê ç oi œ"),
        ("it", "zione gli cch tto ssi ità"),
        ("de", "sch ß ung ä ö tz ei"),
        ("ca", "ció l·l ny tge ï"),
    ];

    private static readonly FrozenDictionary<string, int[]> LanguagesOfWord = FunctionWords
        .SelectMany((entry, language) => entry.Words.Split(' ').Distinct().Select(word => (word, language)))
        .GroupBy(pair => pair.word, pair => pair.language, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private static readonly string[][] SignsOfLanguage = [.. Signs.Select(entry => entry.Signs.Split(' '))];

    /// <summary>The text's language: es, en, pt, fr, it, de, ca, "other" or "und".</summary>
    public static string Of(string text)
    {
        if (IsMostlyOtherScript(text))
            return OtherScript;
        List<string> words = Words.Of(text, MostWords);
        double[] evidence = new double[FunctionWords.Length];
        foreach (string word in words)
            Weigh(word, evidence);

        int best = Array.IndexOf(evidence, evidence.Max());
        double second = evidence.Where((_, language) => language != best).Max();
        double least = FunctionWords[best].Language == Spanish ? LeastSpanishEvidence : LeastOtherEvidence;
        bool isClear = evidence[best] >= least && evidence[best] >= LeastShare * words.Count && evidence[best] >= LeastLead * second;
        return isClear ? FunctionWords[best].Language : Undetermined;
    }

    /// <summary>A word that two languages share says half as much for each; an ending or a letter says less than a word.</summary>
    private static void Weigh(string word, double[] evidence)
    {
        const double signWeight = 0.25;
        if (LanguagesOfWord.TryGetValue(word, out int[]? languages))
        {
            foreach (int language in languages)
                evidence[language] += 1.0 / languages.Length;
            return;
        }
        for (int language = 0; language < evidence.Length; language++)
        {
            foreach (string sign in SignsOfLanguage[language])
            {
                if (word.Contains(sign, StringComparison.Ordinal))
                {
                    evidence[language] += signWeight;
                    break;
                }
            }
        }
    }

    private static bool IsMostlyOtherScript(string text)
    {
        int letters = 0, latin = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter))
                continue;
            letters++;
            latin += rune.Value is < 0x250 or (>= 0x1E00 and < 0x1F00) ? 1 : 0;
        }
        return letters > 0 && latin < 0.5 * letters;
    }
}
