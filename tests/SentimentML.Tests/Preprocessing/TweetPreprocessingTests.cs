using System.Text.Json;
using System.Text.Json.Nodes;

namespace SentimentML.Tests.Preprocessing;

/// <summary>What pysentimiento 0.7.3's <c>preprocess_tweet</c> gave for each text, in Spanish, with emoji 2.14.1.</summary>
public class TweetPreprocessingTests
{
    private static void AssertRewritten(TweetPreprocessing preprocessing, string text, string expected)
    {
        string actual = preprocessing.Apply(text);
        Assert.True(expected == actual,
            $"{JsonSerializer.Serialize(text)}\nexpected {JsonSerializer.Serialize(expected)}\nactual   {JsonSerializer.Serialize(actual)}");
    }

    [Theory]
    [InlineData("@perezjotaeme debería cambiar esto", "@usuario debería cambiar esto")]
    [InlineData("@perezjotaeme @perezjotaeme debería cambiar esto", "@usuario @usuario debería cambiar esto")]
    [InlineData("gracias @a_b_1, @c!", "gracias @usuario, @usuario!")]
    [InlineData("@", "@usuario")]
    [InlineData("hola @ todos", "hola @usuario todos")]
    [InlineData("@@@", "@usuario@usuario@usuario")]
    [InlineData("@usuario", "@usuario")]
    [InlineData("@abcdefghijklmno", "@usuario")]
    [InlineData("@abcdefghijklmnopqrs", "@usuariopqrs")]
    [InlineData("@ñandú", "@usuarioñandú")]
    [InlineData("@José_99", "@usuarioé_99")]
    [InlineData("sin@espacio", "sin@usuario")]
    [InlineData("(@ana)", "(@usuario)")]
    public void A_user_s_handle_becomes_the_user_token(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("juan@correo.es", "juan@url")]
    [InlineData("escribe a ana.lopez@mail.example.com ya", "escribe a ana.lopez@url ya")]
    [InlineData("juan@", "juan@usuario")]
    [InlineData("a@b", "a@usuario")]
    [InlineData("juan@correo", "juan@usuario")]
    public void An_e_mail_address_is_read_as_the_reference_reads_it(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("esto es #UnaGenialidad", "esto es hashtag una genialidad")]
    [InlineData("#Viernes", "hashtag viernes")]
    [InlineData("#viernes", "hashtag viernes")]
    [InlineData("#COVID19", "hashtag covid19")]
    [InlineData("#8M", "hashtag 8 m")]
    [InlineData("#8", "#8")]
    [InlineData("#2024Elecciones", "hashtag 2024 elecciones")]
    [InlineData("#ESPAÑA", "hashtag españ a")]
    [InlineData("#España", "hashtag españa")]
    [InlineData("#ÁrbolVerde", "hashtag árbol verde")]
    [InlineData("#NiUnaMenos y #MeTooNOW", "hashtag ni una menos y hashtag me too now")]
    [InlineData("#hola_Mundo", "hashtag hola_ mundo")]
    [InlineData("#_", "#_")]
    [InlineData("#__a__", "hashtag __a__")]
    [InlineData("a#b", "a#b")]
    [InlineData("#a#b", "hashtag a#b")]
    [InlineData("##Doble", "#hashtag doble")]
    [InlineData("(#Hola)", "(hashtag hola)")]
    [InlineData("¡#Gol!", "¡hashtag gol!")]
    [InlineData("#", "#")]
    [InlineData("# hola", "# hola")]
    [InlineData("#¿qué?", "#¿qué?")]
    [InlineData("#ñ", "#ñ")]
    [InlineData("#ñandú", "hashtag ñandú")]
    [InlineData("#İstanbul", "hashtag i\u0307stanbul")]
    [InlineData("#ODOΣ", "hashtag odoς")]
    [InlineData("#JAJAJAJA", "hashtag jaja")]
    [InlineData("#Hola😂", "hashtag hola emoji cara llorando de risa emoji")]
    [InlineData("#NoooooMas", "hashtag nooo mas")]
    [InlineData("#1stToDie", "hashtag 1st to die")]
    public void A_hashtag_becomes_words(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("esto es muy bueno http://bit.ly/sarasa", "esto es muy bueno url")]
    [InlineData("bueno https://t.co/LvRc5JJxvJ", "bueno url")]
    [InlineData("http://bit.ly/sarasa", "http://url")]
    [InlineData("https://t.co/abc al principio", "https://url al principio")]
    [InlineData("mira www.ejemplo.com.", "mira url.")]
    [InlineData("mira ejemplo.com, ya", "mira url, ya")]
    [InlineData("(ejemplo.org/a/b)", "(url)")]
    [InlineData("ver https://ejemplo.es/a/b?c=d#e", "ver url?c=d#e")]
    [InlineData("ver https://ejemplo.com/uno-dos", "ver url-dos")]
    [InlineData("uno.dos.tres.cuatro.cinco.com seis", "uno.url seis")]
    [InlineData(" uno.dos.tres.cuatro.cinco.seis.com", "url")]
    [InlineData(" uno.dos.tres.cuatro.cinco.seis.siete.com", "urlis.url")]
    [InlineData("fin.nos vemos", "fin.nos vemos")]
    [InlineData("Fin. Nos vemos", "Fin. Nos vemos")]
    [InlineData("etc.esto", "etc.esto")]
    [InlineData("una comida.no sé", "una url sé")]
    [InlineData("ver HTTP://X.COM", "ver HTTP://X.COM")]
    [InlineData("ver http://X.com", "ver url")]
    [InlineData("ver sub_dominio.com", "ver url")]
    [InlineData("ver ñandú.es", "ver url")]
    [InlineData("éa.b.com", "éurl")]
    [InlineData("ver 192.168.0.1", "ver 192.168.0.1")]
    [InlineData("ver ejemplo.xyz", "ver ejemplo.xyz")]
    [InlineData("ver ejemplo.comida", "ver urlida")]
    [InlineData("dos a.com b.com", "dos url url")]
    [InlineData("a.com", "a.com")]
    [InlineData("ver http://a.com/b/http://c.com", "ver url://url")]
    [InlineData(" .com", ".com")]
    [InlineData(" a..com", "a..com")]
    public void A_link_becomes_the_url_token(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("no entiendo naaaaaaaadaaaaaaaa", "no entiendo naaadaaa")]
    [InlineData("buenooo", "buenooo")]
    [InlineData("buenoo", "buenoo")]
    [InlineData("siiiiii!!!!!!", "siii!!!")]
    [InlineData("¿¿¿¿¿qué?????", "¿¿¿qué???")]
    [InlineData("AAAAaaaa", "AAAaaa")]
    [InlineData("😀😀😀😀😀", "emoji cara sonriendo emoji  emoji cara sonriendo emoji  emoji cara sonriendo emoji")]
    [InlineData("👍\U0001F3FD👍\U0001F3FD👍\U0001F3FD👍\U0001F3FD",
        "emoji pulgar hacia arriba tono de piel medio emoji  emoji pulgar hacia arriba tono de piel medio emoji  "
        + "emoji pulgar hacia arriba tono de piel medio emoji  emoji pulgar hacia arriba tono de piel medio emoji")]
    [InlineData("11111", "111")]
    [InlineData("a\n\n\n\n\nb", "a\n\n\n\n\nb")]
    [InlineData("a     b", "a   b")]
    [InlineData("ñññññ", "ñññ")]
    [InlineData(". . . . .", ". . . . .")]
    [InlineData("......", "...")]
    [InlineData("jajaja...........", "jaja...")]
    public void Repeated_characters_are_shortened_to_three(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("🤣", "emoji cara revolviéndose de la risa emoji")]
    [InlineData("😂", "emoji cara llorando de risa emoji")]
    [InlineData("qué risa 😂😂", "qué risa  emoji cara llorando de risa emoji  emoji cara llorando de risa emoji")]
    [InlineData("hola😀mundo", "hola emoji cara sonriendo emoji mundo")]
    [InlineData("❤\uFE0F", "")]
    [InlineData("♥", "emoji corazón rojo emoji")]
    [InlineData("♡", "emoji corazón rojo emoji")]
    [InlineData("☻", "emoji cara sonriendo con ojos grandes emoji")]
    [InlineData("☺\uFE0F", "")]
    [InlineData("👍\U0001F3FD", "emoji pulgar hacia arriba tono de piel medio emoji")]
    [InlineData("👍", "emoji pulgar hacia arriba emoji")]
    [InlineData("👏\U0001F3FF👏\U0001F3FB", "emoji manos aplaudiendo tono de piel oscuro emoji  emoji manos aplaudiendo tono de piel claro emoji")]
    [InlineData("\U0001F1EA\U0001F1F8", "emoji bandera españa emoji")]
    [InlineData("\U0001F1E6\U0001F1F7\U0001F1F2\U0001F1FD", "emoji bandera argentina emoji  emoji bandera méxico emoji")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "emoji bandera inglaterra emoji")]
    [InlineData("\U0001F1EA", "\U0001F1EA")]
    [InlineData("\U0001F1EAa", "\U0001F1EAa")]
    [InlineData("1\uFE0F\u20E3", "emoji teclas 1 emoji")]
    [InlineData("#\uFE0F\u20E3", "emoji teclas # emoji")]
    [InlineData("*\uFE0F\u20E3", "emoji teclas * emoji")]
    [InlineData("1\uFE0F", "1")]
    [InlineData("1\u20E3", "emoji teclas 1 emoji")]
    [InlineData("👨\u200D👩\u200D👧\u200D👦", "emoji familia hombre mujer niña niño emoji")]
    [InlineData("👩\U0001F3FD\u200D💻", "emoji profesional de la tecnología mujer tono de piel medio emoji")]
    [InlineData("🏳\uFE0F\u200D🌈", "emoji bandera del arcoíris emoji")]
    [InlineData("🏴\u200D☠\uFE0F", "emoji bandera negra emoji \u200D")]
    [InlineData("🤷\u200D♀\uFE0F", "emoji persona encogida de hombros emoji \u200D")]
    [InlineData("🤦\U0001F3FB\u200D♂\uFE0F", "emoji persona con la mano en la frente tono de piel claro emoji \u200D")]
    [InlineData("🤷", "emoji persona encogida de hombros emoji")]
    [InlineData("👩\u200D❤\uFE0F\u200D👨", "emoji mujer emoji \u200D\u200D emoji hombre emoji")]
    [InlineData("👨\u200D👩\U0001F3FF\u200D👧\U0001F3FB\u200D👦\U0001F3FE",
        "emoji hombre emoji \u200D emoji mujer tono de piel oscuro emoji \u200D emoji niña tono de piel claro emoji \u200D "
        + "emoji niño tono de piel oscuro medio emoji")]
    [InlineData("👩\u200D", "emoji mujer emoji \u200D")]
    [InlineData("👩\u200Dx", "emoji mujer emoji \u200Dx")]
    [InlineData("x\u200D👩", "x\u200D emoji mujer emoji")]
    [InlineData("\U0001F3FB", "emoji tono de piel claro emoji")]
    [InlineData("\U0001F3FB\u200D\U0001F3FB", "emoji tono de piel claro emoji \u200D emoji tono de piel claro emoji")]
    [InlineData("👩\U0001F3FB\u200D\U0001F3FB", "emoji mujer tono de piel claro emoji \u200D emoji tono de piel claro emoji")]
    [InlineData("😀\uFE0E", "emoji cara sonriendo emoji")]
    [InlineData("®", "emoji marca registrada emoji")]
    [InlineData("a\uFE0Fb", "ab")]
    [InlineData("✈\uFE0F", "")]
    [InlineData("⚽", "emoji balón de fútbol emoji")]
    [InlineData("🎉🎉", "emoji cañón de confeti emoji  emoji cañón de confeti emoji")]
    [InlineData("🥵", "emoji cara con calor emoji")]
    [InlineData("🫠", "emoji cara derritiéndose emoji")]
    [InlineData("🐈\u200D⬛", "emoji gato negro emoji")]
    public void Emoji_become_their_names(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("a|b|c", "a emoji b emoji c")]
    [InlineData("a|b", "a|b")]
    [InlineData("a||b", "a||b")]
    [InlineData("a|||b", "a|||b")]
    [InlineData("|x_y|", "emoji x y emoji")]
    [InlineData("a | 😀", "a  emoji   emoji cara_sonriendo|")]
    [InlineData("a | b | 😀", "a  emoji  b  emoji   emoji cara sonriendo emoji")]
    [InlineData("|a\nb|", "emoji a\nb emoji")]
    public void Text_between_vertical_bars_is_read_as_an_emoji_s_name(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("jajajajaajjjajaajajaja no lo puedo creer ajajaj", "jaja no lo puedo creer jaja")]
    [InlineData("jaja", "jaja")]
    [InlineData("jajaja", "jaja")]
    [InlineData("ja", "ja")]
    [InlineData("jajajaj", "jaja")]
    [InlineData("ajaja", "jaja")]
    [InlineData("ajajaj", "jaja")]
    [InlineData("JAJAJAJA", "JAJAJAJA")]
    [InlineData("Jajajaja", "Jjaja")]
    [InlineData("jejeje", "jejeje")]
    [InlineData("hahahaha", "hahahaha")]
    [InlineData("jsjsjsjs", "jsjsjsjs")]
    [InlineData("jajajs", "jajajs")]
    [InlineData("bajaja", "bjaja")]
    [InlineData("jajjjjaaaaja", "jaja")]
    [InlineData("aaaj", "aaaj")]
    [InlineData("ajajá", "ajajá")]
    [InlineData("jijiji jajaja", "jijiji jaja")]
    public void Laughter_is_shortened(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("Pero pará un poco, “loquita”", "Pero pará un poco, \"loquita\"")]
    [InlineData("«hola»", "\"hola\"")]
    [InlineData("10 € y 5£", "10 $ y 5")]
    [InlineData("20°", "20")]
    [InlineData("el 1º y la 1ª", "el 1 y la 1ª")]
    [InlineData("uno – dos — tres", "uno  dos  tres")]
    [InlineData("‘a’ y ’b", "a y b")]
    [InlineData("esto… y esto•", "esto y esto")]
    [InlineData("¡wow‼", "¡wow!")]
    [InlineData("~~~a", "a")]
    [InlineData("a×b", "ab")]
    [InlineData("¨", "\"")]
    [InlineData("ا", "")]
    [InlineData("ー", "")]
    [InlineData("© ® ™", "emoji marca registrada emoji")]
    [InlineData("✓ ☠ ☹", "")]
    [InlineData("🕯🛰🚀", "emoji cohete emoji")]
    public void Rare_characters_are_replaced_or_removed(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("  hola  ", "hola")]
    [InlineData("\t hola \r\n", "hola")]
    [InlineData("\u00A0hola\u3000", "hola")]
    [InlineData("\u001Chola\u001F", "hola")]
    [InlineData("hola  mundo", "hola  mundo")]
    [InlineData("\u200Bhola", "\u200Bhola")]
    [InlineData("\uFEFFhola", "\uFEFFhola")]
    public void White_space_at_the_ends_is_removed(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Theory]
    [InlineData("RT @usuario_1: Qué GOLAZO!!!!! 😱😱😱😱 #VamosRiver #LaCopa2018 https://t.co/AbCd123 jajajaja “increíble”",
        "RT @usuario: Qué GOLAZO!!!  emoji cara gritando de miedo emoji  emoji cara gritando de miedo emoji  emoji cara gritando de miedo "
        + "emoji  hashtag vamos river hashtag la copa2018 url jaja \"increíble\"")]
    [InlineData("@PabloIglesias @sanchezcastejon no me lo creo… 🤦\U0001F3FB\u200D♂\uFE0F jajaJAJAja http://www.elpais.com/politica",
        "@usuario @usuario no me lo creo  emoji persona con la mano en la frente tono de piel claro emoji \u200D jajaJAJAja url")]
    [InlineData("Me encantaaaaa ❤\uFE0F❤\uFE0F❤\uFE0F #AmorDeVerano 🏖\uFE0F", "Me encantaaa  hashtag amor de verano  emoji playa y sombrilla emoji")]
    [InlineData("Feliz cumple @ana!!! 🎂🎉🎈 te quierooo 💕",
        "Feliz cumple @usuario!!!  emoji tarta de cumpleaños emoji  emoji cañón de confeti emoji  emoji globo emoji  te quierooo  emoji dos corazones emoji")]
    [InlineData("😡 3 horas esperando, una vergüenza @aerolinea #NuncaMas",
        "emoji cara cabreada emoji  3 horas esperando, una vergüenza @usuario hashtag nunca mas")]
    public void A_whole_tweet(string text, string expected) =>
        AssertRewritten(TweetPreprocessing.Robertuito, text, expected);

    [Fact]
    public void Six_hundred_random_texts_become_what_the_reference_makes_of_them()
    {
        string[] lines = File.ReadAllLines(Shared.Golden("tweets.jsonl"));
        Assert.Equal(600, lines.Length);
        foreach (JsonNode row in lines.Select(line => JsonNode.Parse(line)!))
        {
            var preprocessing = new TweetPreprocessing(row["options"].Deserialize<TweetPreprocessingOptions>());
            AssertRewritten(preprocessing, row["text"]!.GetValue<string>(), row["expected"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("@usuario debería cambiar esto")]
    [InlineData("esto es #UnaGenialidad, @ana_1")]
    [InlineData("bueno https://t.co/LvRc5JJxvJ")]
    [InlineData("noooooo jajajajajaja 😂😂😂😂😂")]
    [InlineData("“hola” 5 € 👩\U0001F3FD\u200D💻 y ♥")]
    [InlineData("  ¿Y tú?  ")]
    public void A_rewritten_tweet_stays_as_it_is(string text)
    {
        string once = TweetPreprocessing.Robertuito.Apply(text);
        Assert.Same(once, TweetPreprocessing.Robertuito.Apply(once));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Me gusta mucho esta película, la vería otra vez. ¿Y tú? A mí también: #1, 3.5 | jaja")]
    [InlineData("@usuario está en la url del hashtag")]
    public void A_text_that_needs_no_change_is_returned_itself_and_allocates_nothing(string text)
    {
        var preprocessing = new TweetPreprocessing();
        Assert.Same(text, preprocessing.Apply(text));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            preprocessing.Apply(text);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>In quadratic time, one of them would take minutes.</summary>
    [Theory]
    [InlineData("a.", "a.")]
    [InlineData(" a.é_b.éc.é", " a.é_b.éc.é")]
    [InlineData("https://", "https://")]
    [InlineData("#é", "#é")]
    [InlineData("#é1", "#é1")]
    [InlineData("|a", " emoji a")]
    [InlineData("👩\u200D", " emoji mujer emoji \u200D")]
    [InlineData("\U0001F3FB\u200D", " emoji tono de piel claro emoji \u200D")]
    [InlineData("@", "@usuario")]
    public void A_million_characters_take_a_moment(string unit, string expectedUnit)
    {
        const int units = 200_000;
        string text = string.Concat(Enumerable.Repeat(unit, units)), expected = string.Concat(Enumerable.Repeat(expectedUnit, units));
        Assert.Equal(expected.Trim(), TweetPreprocessing.Robertuito.Apply(text));
    }

    [Theory]
    [InlineData('.', 3)]
    [InlineData('é', 3)]
    [InlineData('#', 3)]
    [InlineData('|', 3)]
    [InlineData('\uD83D', 3)]
    [InlineData('\uDE00', 3)]
    [InlineData('\n', 0)]
    [InlineData(' ', 0)]
    [InlineData('\uFE0F', 0)]
    public void A_million_times_one_character_becomes_three_or_none(char character, int left) =>
        Assert.Equal(new string(character, left), TweetPreprocessing.Robertuito.Apply(new string(character, 1_000_000)));

    [Fact]
    public void Random_strings_never_throw_whatever_the_options()
    {
        var random = new Random(1);
        TweetPreprocessing[] all =
        [
            new(), new(new() { ReplaceCharacters = false }), new(new() { HashtagToken = "", UserToken = "", UrlToken = "", EmojiToken = "" }),
            new(new() { SplitHashtags = false, ReplaceUsers = false, ReplaceUrls = false, MaxRepeats = int.MaxValue, DescribeEmoji = false }),
            new(new() { SplitHashtags = false, LowercaseCapitals = true, RemoveExclamations = true }),
        ];
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText.Of(random);
            TweetPreprocessing preprocessing = all[i % all.Length];
            Assert.Equal(preprocessing.Apply(text), preprocessing.Apply(text, out _));
        }
    }

    [Fact]
    public void Many_threads_share_one()
    {
        const string text = "RT @ana: #VamosRiver 😂😂😂😂 https://t.co/AbCd123 jajajaja";
        string expected = new TweetPreprocessing().Apply(text);
        Parallel.For(0, 2_000, _ => Assert.Equal(expected, TweetPreprocessing.Robertuito.Apply(text)));
    }

    [Theory]
    [InlineData("Es MUY MALO, NO LO COMPRÉIS", "Es muy malo, no lo compréis")]
    [InlineData("ÑOÑO Y A MÍ", "ñoño Y A mí")]
    [InlineData("NO\u0301", "no\u0301")]
    [InlineData("Un iPhone, una TV y un USB-C", "Un iPhone, una tv y un usb-C")]
    [InlineData("IKEAs Ok A", "IKEAs Ok A")]
    [InlineData("PS5 y B2B", "ps5 y B2B")]
    [InlineData("NOOOOO JAJAJAJA", "nooo jaja")]
    [InlineData("@ANA_RUIZ ver HTTP://UN.COM", "@usuario ver http://un.com")]
    [InlineData("todo en minúsculas. Y Así", "todo en minúsculas. Y Así")]
    [InlineData("", "")]
    public void Words_in_capitals_are_lowercased_where_that_is_asked_for(string text, string expected)
    {
        var preprocessing = new TweetPreprocessing(new() { LowercaseCapitals = true });
        AssertRewritten(preprocessing, text, expected);
        if (text == expected)
            Assert.Same(text, preprocessing.Apply(text));
    }

    [Theory]
    [InlineData("¡Qué asco!!!", "Qué asco")]
    [InlineData("Llegó roto!Lo devolví！", "Llegó roto Lo devolví")]
    [InlineData("¿En serio?!", "¿En serio?")]
    [InlineData("!!!", "")]
    [InlineData("sin ellas", "sin ellas")]
    public void Exclamation_marks_are_removed_where_that_is_asked_for(string text, string expected) =>
        AssertRewritten(new(new() { RemoveExclamations = true }), text, expected);

    [Fact]
    public void Handles_and_links_without_a_token_are_removed() =>
        AssertRewritten(new(new() { UserToken = "", UrlToken = "" }), "@ana gracias por nada https://t.co/AbCd123", "gracias por nada");

    [Fact]
    public void Each_step_can_be_left_out()
    {
        const string text = "#DosPalabras «a» @ana b.com http://c.com nooooo 😂 jajajaja";
        Assert.Equal("#DosPalabras \"a\" @usuario url url nooo  emoji cara llorando de risa emoji  jaja", With(new() { SplitHashtags = false }));
        Assert.Equal("dos palabras «a» @usuario url url nooo  emoji cara llorando de risa emoji  jaja",
            With(new() { HashtagToken = "", ReplaceCharacters = false }));
        Assert.Equal("hashtag dos palabras \"a\" @ana url url nooo  emoji cara llorando de risa emoji  jaja", With(new() { ReplaceUsers = false }));
        Assert.Equal("hashtag dos palabras \"a\" @usuario b.com http://c.com nooo  emoji cara llorando de risa emoji  jaja",
            With(new() { ReplaceUrls = false }));
        Assert.Equal("hashtag dos palabras \"a\" @usuario url url nooooo  emoji cara llorando de risa emoji  jaja", With(new() { MaxRepeats = null }));
        Assert.Equal("hashtag dos palabras \"a\" @usuario url url noo 😂 jaja", With(new() { DescribeEmoji = false, MaxRepeats = 2 }));
        Assert.Equal("hashtag dos palabras \"a\" @usuario url url nooo  cara llorando de risa  jajajaja",
            With(new() { EmojiToken = "", NormalizeLaughter = false }));

        static string With(TweetPreprocessingOptions options) => new TweetPreprocessing(options).Apply(text);
    }

    [Fact]
    public void Null_is_rejected() => Assert.Throws<ArgumentNullException>(() => TweetPreprocessing.Robertuito.Apply(null!));
}
