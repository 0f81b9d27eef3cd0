using System.Text;
using SentimentML.Reviews;

namespace SentimentML.Tests.Reviews;

public sealed class EncodingTests : IDisposable
{
    private const string Csv = "texto;estrellas\r\nMuy buen tamaño, llegó rápido;5,0\r\n¿Por qué se rompió? ¡Qué decepción!;1,0\r\n";

    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("windows-1252")]
    [InlineData("iso-8859-1")]
    [InlineData("ibm850")]
    [InlineData("macintosh")]
    public void Spanish_that_is_not_utf8_is_read_with_a_warning(string encoding)
    {
        string path = _folder.Write("a.csv", Encode(encoding, Csv));
        var data = _folder.ML.Data.LoadReviews(path, Warning());
        Assert.Equal(["Muy buen tamaño, llegó rápido", "¿Por qué se rompió? ¡Qué decepción!"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
        string read = encoding == "iso-8859-1" ? "windows-1252" : encoding;
        Assert.Equal([$"{path}: the text is not UTF-8 and is read as {read}. If its letters come out wrong, set Encoding to the encoding that the file was "
            + "saved in."], _warned);
    }

    [Theory]
    [InlineData("a.csv", "text,stars\naño,5\n", "año")]
    [InlineData("a.jsonl", "{\"text\": \"Está “bien”… y cuesta 20 €\"}\n", "Está “bien”… y cuesta 20 €")]
    [InlineData("a.tsv", "text\tstars\nNO FUNCIONÓ\t1\n", "NO FUNCIONÓ")]
    [InlineData("a.txt", "text|stars\nDas Gerät ist schön, größer und für mich|4\n", "Das Gerät ist schön, größer und für mich")]
    [InlineData("b.csv", "text\nO produto é ótimo, não há reclamação\n", "O produto é ótimo, não há reclamação")]
    [InlineData("c.csv", "text\nA moitié vide, déçu de l’achat: ça a été livré où ?\n", "A moitié vide, déçu de l’achat: ça a été livré où ?")]
    public void Few_letters_are_enough(string name, string content, string expected) =>
        Assert.Equal([expected], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write(name, Encode("windows-1252", content)))));

    [Theory]
    [InlineData("{\"reseña\": \"Pequeño\", \"valoración\": 5}\n")]
    [InlineData("[{\"id\": \"x\", \"reseña\": \"Pequeño\", \"valoración\": 5}]")]
    [InlineData("{\"datos\": [{\"reseña\": \"Pequeño\", \"valoración\": 5}]}")]
    public void Properties_of_json_may_have_such_letters_too(string content)
    {
        var data = _folder.ML.Data.LoadReviews(_folder.Write("a.json", Encode("windows-1252", content)), Warning());
        Assert.Equal(["Pequeño"], ReviewFolder.Texts(data));
        Assert.Equal([5f], ReviewFolder.Stars(data));
        Assert.Single(_warned, warning => warning.Contains("windows-1252", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(7_000)]
    [InlineData(30_000)]
    public void The_first_letter_beyond_ascii_may_come_late(int before)
    {
        string content = "text,stars\n" + string.Concat(Enumerable.Repeat("bueno y barato,5\n", before))
            + string.Concat(Enumerable.Repeat("Tamaño pequeño,3\n", 5_000));
        string[] texts = ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.csv", Encode("windows-1252", content)), Warning()));
        Assert.Equal(before + 5_000, texts.Length);
        Assert.All(texts[before..], text => Assert.Equal("Tamaño pequeño", text));
        Assert.Single(_warned);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public void Utf_is_recognized_with_and_without_its_mark(string encoding, bool hasMark)
    {
        foreach (string name in (string[])["a.csv", "a.txt", "a.csv.gz"])
        {
            byte[] content = Encode(encoding, Csv + "Un euro: 1 €, 😀;3\r\n");
            byte[] file = hasMark ? [.. Encoding.GetEncoding(encoding).GetPreamble(), .. content] : content;
            var data = _folder.ML.Data.LoadReviews(
                _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? ReviewFolder.Gzip(file) : file), Warning());
            Assert.Equal(["Muy buen tamaño, llegó rápido", "¿Por qué se rompió? ¡Qué decepción!", "Un euro: 1 €, 😀"], ReviewFolder.Texts(data));
        }
        Assert.Equal(hasMark ? 0 : 3, _warned.Count);
    }

    [Theory]
    [InlineData("windows-1251", "text,stars\nОчень хороший товар пришёл быстро,5\n", "Очень хороший товар пришёл быстро")]
    [InlineData("windows-1250", "text,stars\nBardzo dobry produkt źródło żółć,5\n", "Bardzo dobry produkt źródło żółć")]
    [InlineData("iso-8859-1", "text,stars\nB\u0085,5\n", "B\u0085")]
    [InlineData("utf-16", "text,stars\n很好,5\n", "很好")]
    public void An_encoding_that_is_stated_is_taken(string encoding, string content, string expected)
    {
        var options = new ReviewFileOptions { Encoding = TextEncodings.Find(encoding), Warn = _warned.Add };
        Assert.Equal([expected], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.csv", Encode(encoding, content)), options)));
        Assert.Empty(_warned);
    }

    [Theory]
    [InlineData("windows-1251", "text,stars\nОчень хороший товар, пришёл быстро,5\nНе работает,1\n")]
    [InlineData("windows-1250", "text,stars\nBardzo dobry produkt szybko przyszedł źródło żółć,5\n")]
    [InlineData("windows-1253", "text;stars\nΠολύ καλό προϊόν, ήρθε γρήγορα;5\n")]
    public void A_guess_that_is_not_sure_is_named_with_the_way_on(string encoding, string content)
    {
        string fault = _folder.FaultAtOnce(_folder.Write("a.csv", Encode(encoding, content)));
        Assert.Matches(@"^a\.csv, line 2: byte 0x[0-9A-F]{2} is not valid UTF-8\. It looks like [a-z]+-[0-9-]+, which is not sure: set Encoding to [a-z]+-[0-9-]+, or save the file as UTF-8\.$", fault);
    }

    [Theory]
    [InlineData("a.csv", "text,stars\nseñor,5\n", "bueno,5\n", "año,5\n")]
    [InlineData("a.jsonl", "{\"text\": \"señor\"}\n", "{\"text\": \"bueno\"}\n", "{\"text\": \"año\"}\n")]
    public void A_byte_that_is_not_utf8_in_a_text_that_is_is_told_by_line(string name, string first, string row, string bad)
    {
        foreach (int between in (int[])[1, 3, 20_000])
        {
            byte[] content = [.. Encoding.UTF8.GetBytes(first + string.Concat(Enumerable.Repeat(row, between))), .. Encode("windows-1252", bad),
                .. Encoding.UTF8.GetBytes(row)];
            Assert.Equal($"{name}, line {between + first.Count('\n'.Equals) + 1}: byte 0xF1 is not valid UTF-8, although the text before it is. Save the file "
                + "as UTF-8, or set Encoding to the one that all of it was saved in.",
                _folder.Fault(_folder.Write(name, content)));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    public void Broken_utf8_is_not_taken_for_another_encoding(byte[] end) =>
        Assert.StartsWith($"a.csv, line 3: byte 0x{end[0]:X2} is not valid UTF-8.", _folder.Fault(_folder.Write("a.csv", [.. "text\nx\ny"u8, .. end])),
            StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_a_stated_encoding_does_not_have_are_told()
    {
        byte[] content = [.. Encoding.Unicode.GetBytes("text\nx\n"), 0x00, 0xD8, 0x61, 0x00];
        Assert.StartsWith("a.csv, line 1 or after it: the bytes 00D8 are none in utf-16, expected a text in it.",
            _folder.Fault(_folder.Write("a.csv", content), new ReviewFileOptions { Encoding = Encoding.Unicode }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("UTF8", "utf-8")]
    [InlineData("latin1", "iso-8859-1")]
    [InlineData("latin-1", "iso-8859-1")]
    [InlineData("Windows-1252", "windows-1252")]
    [InlineData("cp1252", "windows-1252")]
    [InlineData("1252", "windows-1252")]
    [InlineData("utf-16", "utf-16")]
    [InlineData("shift_jis", "shift_jis")]
    public void Encodings_have_nets_names(string name, string expected) => Assert.Equal(expected, TextEncodings.Find(name)?.WebName);

    [Theory]
    [InlineData("")]
    [InlineData("utf-9")]
    [InlineData("-1")]
    [InlineData("99999")]
    public void Other_names_are_none(string name) => Assert.Null(TextEncodings.Find(name));

    private static byte[] Encode(string encoding, string text) => TextEncodings.Find(encoding)!.GetBytes(text);

    private ReviewFileOptions Warning() => new() { Warn = _warned.Add };

    public void Dispose() => _folder.Dispose();
}
