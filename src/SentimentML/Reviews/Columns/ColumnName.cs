using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>A column's name without what programs and people vary: accents, case, what joins its words, and remarks in brackets.</summary>
internal static partial class ColumnName
{
    // string.Normalize leaves accents where .NET runs without ICU
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜ", Plain = "AAAAAACEEEEIIIINOOOOOUUUU";

    /// <summary>Words that join others: "texto de la reseña", "your review".</summary>
    private static readonly HashSet<string> Joining = new(StringComparer.Ordinal)
    {
        "DE", "DEL", "LA", "EL", "LOS", "LAS", "D", "L", "LE", "LES", "DES", "DU", "DO", "DA", "OF", "THE", "TU", "SU", "YOUR", "O", "Y", "OR", "AND",
    };

    /// <summary>Whose it is: before it in English, behind a joining word in other languages.</summary>
    private static readonly HashSet<string> Persons = new(StringComparer.Ordinal)
    {
        "CUSTOMER", "CLIENT", "CLIENTE", "USER", "USUARIO", "USUARI", "GUEST", "HUESPED", "BUYER", "COMPRADOR", "CONSUMER", "CONSUMIDOR", "PATIENT",
        "PACIENTE", "TRAVELER", "VIAJERO", "ALUMNO", "STUDENT",
    };

    /// <summary>What is said of a text or a rating, before it or after it, and does not make it another thing.</summary>
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "SATISFACTION", "ADDITIONAL", "FULL", "ORIGINAL", "RAW", "CLEAN", "CLEANED", "DISPLAY", "PUBLISHED", "LIMPIO", "ES", "EN", "PT", "CA", "FR",
        "SPANISH", "ENGLISH", "TRANSLATED", "TRADUCIDO", "TRADUCIDA", "ESPANOL", "INGLES", "CASTELLANO", "SUGERENCIAS", "OBSERVACIONES", "SUGGESTIONS",
    };

    /// <summary>What says of stars that they are a review's own.</summary>
    private static readonly HashSet<string> Reviews = new(StringComparer.Ordinal)
    {
        "REVIEW", "RESENA", "RESSENYA", "RESENHA", "OPINION", "OPINIO", "OPINIAO",
    };

    /// <summary>What says of a label that a person looked at it and corrected it.</summary>
    private static readonly HashSet<string> Corrected = new(StringComparer.Ordinal)
    {
        "TRUE", "TRUTH", "GROUND", "GOLD", "GOLDEN", "REAL", "EXPECTED", "CORRECT", "CORRECTED", "REVIEWED", "REVISED", "MANUAL", "HUMAN", "VERIFIED",
        "VALIDATED", "ADJUDICATED", "CONSENSUS", "FINAL", "CORREGIDO", "CORREGIDA", "CORRECTO", "CORRECTA", "REVISADO", "REVISADA", "HUMANO", "HUMANA",
        "ESPERADO", "ESPERADA", "VERIFICADO", "VERIFICADA", "VALIDADO", "VALIDADA", "CONSENSO", "DEFINITIVO", "DEFINITIVA",
    };

    private static readonly HashSet<string> LabelWords = new(StringComparer.Ordinal)
    {
        "LABEL", "SENTIMENT", "CLASS", "POLARITY", "ANNOTATION", "TAG", "ETIQUETA", "SENTIMIENTO", "CLASE", "POLARIDAD", "ANOTACION",
    };

    /// <summary>What says of a number that it counts something.</summary>
    private static readonly HashSet<string> Counts = new(StringComparer.Ordinal)
    {
        "COUNT", "NUM", "NUMBER", "TOTAL", "VOTE", "LIKE", "WORD", "NUMERO", "CANTIDAD", "CONTEO", "RECUENTO", "VOTO", "PALABRA",
    };

    /// <summary>What names the end of a scale, beside words for sentiments.</summary>
    private static readonly Dictionary<string, Sentiment> Superlatives = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mejor"] = Sentiment.Positive, ["best"] = Sentiment.Positive, ["peor"] = Sentiment.Negative, ["worst"] = Sentiment.Negative,
    };

    private static readonly HashSet<string> Spanish = new(StringComparer.Ordinal) { "ES", "SPANISH", "ESPANOL", "CASTELLANO" };

    /// <summary>What two names have in common that differ in nothing but these: "Opinión (opcional)", "OPINION".</summary>
    public static string Key(string name) => string.Concat(Words(name));

    /// <summary>The same with the remarks, in which two columns may differ: "Opinión (envío)".</summary>
    public static string WholeKey(string name) => string.Concat(Split(name));

    /// <summary>
    /// The last name of a path with dots that says what the value is: Argilla's "label.responses" and "responses.label.value" are a label. A point with
    /// a space beside it is one of an abbreviation.
    /// </summary>
    public static string LastOf(string column)
    {
        string[] names = PathOf(column);
        return names[^1] is "value" or "valor" or "responses" && names.Length > 1 ? names[^2] : names[^1];
    }

    /// <summary>The names of a path with dots.</summary>
    public static string[] PathOf(string column) => PathPoint().Split(column);

    /// <summary>
    /// Whether a name is made of such words, in the singular or the plural, and of others that do not change what it means: "Review Content",
    /// "Comentario del cliente", "reseñas", but not "review_date" nor "review user".
    /// </summary>
    public static bool IsMadeOf(IReadOnlySet<string> parts, string name)
    {
        string[] words = Words(name);
        int first = 0, behind = words.Length;
        while (first < behind && (Joining.Contains(words[first]) || Kinds.Contains(words[first]) || Persons.Contains(words[first])))
            first++;
        while (behind > first && Kinds.Contains(words[behind - 1]))
            behind--;
        if (behind - first > 2 && (Persons.Contains(words[behind - 1]) || IsOneOf(Reviews, words[behind - 1])) && Joining.Contains(words[behind - 2]))
            behind -= 2;
        while (behind > first && Joining.Contains(words[behind - 1]))
            behind--;
        return behind > first && words[first..behind].All(word => Joining.Contains(word) || IsOneOf(parts, word));
    }

    /// <summary>Whether a name says that the texts are Spanish: "review_es".</summary>
    public static bool SaysSpanish(string name) => Split(name).Exists(Spanish.Contains);

    /// <summary>Whether a name says that it is a review's: "review_rating", "calificación de la reseña".</summary>
    public static bool SaysReview(string name) => Split(name).Exists(word => IsOneOf(Reviews, word));

    /// <summary>Whether a name says that a label was given or corrected by a person: "true_label", "Etiqueta (revisada)", "expected".</summary>
    public static bool SaysCorrected(string name) => Split(LastOf(name)) is var words && words.Exists(Corrected.Contains)
        && words.TrueForAll(word => Corrected.Contains(word) || Joining.Contains(word) || IsOneOf(LabelWords, word));

    /// <summary>Whether a name says that its numbers count something: "Positive Feedback Count".</summary>
    public static bool SaysCount(string name) => Split(name).Exists(word => IsOneOf(Counts, word));

    /// <summary>Whether a remark says a scale that does not end in 5: "Puntuación (1-10)".</summary>
    public static bool SaysOtherScale(string name) => LastNumber(name) is { } last && last != "5";

    /// <summary>The scale that a remark says, if it is one that scores are read on; null for others.</summary>
    public static int? StatedScale(string name) => SaysOtherScale(name) ? StarText.ScaleOf(LastNumber(name)!) : null;

    /// <summary>Whether a remark says that the lowest number is the best: "Valoración (1 = excelente, 5 = pésimo)".</summary>
    public static bool SaysReversedScale(string name) => Remark().Matches(name).SelectMany(remark => NumberWithWords().Matches(remark.Value)).Any(said =>
    {
        Sentiment reversed = said.Groups[1].ValueSpan is "0" or "1" ? Sentiment.Positive : Sentiment.Negative;
        return SentimentOf([.. said.Groups[2].Captures.Select(word => word.Value)]) == reversed;
    });

    /// <summary>What the first of the words say, as many of them as say something: "muy mala", "pésimo el".</summary>
    private static Sentiment? SentimentOf(string[] words) => Enumerable.Range(1, words.Length).Reverse().Select(count => string.Join(' ', words[..count]))
        .Select(said => Superlatives.TryGetValue(said, out Sentiment extreme) ? extreme : SentimentMap.FromKnownNames([said])?.ByLabel[said])
        .FirstOrDefault(sentiment => sentiment is not null);

    private static string? LastNumber(string name) => Remark().Matches(name).SelectMany(remark => Number().Matches(remark.Value)).LastOrDefault()?.Value;

    /// <summary>Plurals end in -s, in Spanish in -es too, in Catalan in -es for -a.</summary>
    private static bool IsOneOf(IReadOnlySet<string> parts, string word) => parts.Contains(word)
        || (word.EndsWith('S') && parts.Contains(word[..^1]))
        || (word.EndsWith("ES", StringComparison.Ordinal) && (parts.Contains(word[..^2]) || parts.Contains($"{word[..^2]}A")));

    private static List<string> Split(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isSmall = false;
        foreach (char c in name)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
                continue;
            if ((!char.IsLetterOrDigit(c) && !char.IsSurrogate(c)) || (isSmall && char.IsUpper(c)))
                EndWord();
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
                word.Append(WithoutAccent(char.ToUpperInvariant(c)));
            isSmall = char.IsLower(c);
        }
        EndWord();
        return words;

        void EndWord()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private static char WithoutAccent(char c) => Accented.IndexOf(c, StringComparison.Ordinal) is >= 0 and int place ? Plain[place] : c;

    private static string[] Words(string name) => Split(Remark().Replace(name, " ")) is { Count: > 0 } words ? [.. words] : [.. Split(name)];

    [GeneratedRegex(@"(?<=\w)\.(?=\w)")]
    private static partial Regex PathPoint();

    [GeneratedRegex(@"\([^()]*\)|\[[^\[\]]*\]")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\b(0|1|5|10)\b\s*[=:–—-]?\s*(?:(\p{L}+)\s*){1,3}")]
    private static partial Regex NumberWithWords();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
