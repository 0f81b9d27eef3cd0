using System.Text;
using System.Text.Json;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// A text file with one text on each line, blank ones among them. Where the first line has labels in front of its text as fastText
/// writes them (https://fasttext.cc/docs/en/supervised-tutorial.html), or behind it, they are a column.
/// </summary>
internal sealed class LineRecords : RecordReader
{
    public const string LabelMark = "__label__";

    private readonly LineReader _lines;
    private readonly List<string> _labels = [];
    private string _text = "";

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="hasLabels">What <see cref="HasLabels"/> gave.</param>
    /// <param name="path">For messages.</param>
    /// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
    public LineRecords(Stream text, bool hasLabels, string path, long linesBefore = 0)
        : base(path)
    {
        _lines = new LineReader(text, path, "one text a line", linesBefore);
        Columns = hasLabels ? ["text", "label"] : ["text"];
    }

    public override IReadOnlyList<string> Columns { get; }

    public override string PlaceIn(ReportText text) => $"{text.Say("línea", "line")} {_lines.Number}";

    public override RowStart? Start => _lines.Start;

    /// <summary>Whether the first line that is not blank has labels.</summary>
    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SentimentMLException">The first line is too long for a row.</exception>
    public static bool HasLabels(Stream text, string path)
    {
        using var lines = new LineReader(text, path, "one text a line");
        while (lines.Read())
        {
            if (!lines.Line.Trim(" \t"u8).IsEmpty)
                return lines.Line.StartsWith("__label__"u8) || LastWord(lines.Line).StartsWith("__label__"u8);
        }
        return false;
    }

    public override bool Read()
    {
        if (!_lines.Read())
            return false;
        _text = Encoding.UTF8.GetString(_lines.Line);
        _labels.Clear();
        while (Columns.Count > 1 && _text.StartsWith(LabelMark, StringComparison.Ordinal))
        {
            int end = _text.AsSpan().IndexOfAny(' ', '\t') is >= 0 and int found ? found : _text.Length;
            _labels.Add(_text[LabelMark.Length..end]);
            _text = _text[end..].TrimStart();
        }
        int labels = _labels.Count;
        while (Columns.Count > 1 && LastWord(_text) is var last && last.StartsWith(LabelMark, StringComparison.Ordinal))
        {
            _labels.Insert(labels, last[LabelMark.Length..]);
            _text = _text.TrimEnd()[..^last.Length].TrimEnd();
        }
        return true;
    }

    private static string LastWord(string text)
    {
        string trimmed = text.TrimEnd();
        return trimmed[(trimmed.AsSpan().LastIndexOfAny(' ', '\t') + 1)..];
    }

    private static ReadOnlySpan<byte> LastWord(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> trimmed = text.TrimEnd(" \t"u8);
        return trimmed[(trimmed.LastIndexOfAny((byte)' ', (byte)'\t') + 1)..];
    }

    public override string? Value(int column) => column == 0 ? _text : _labels.Count switch
    {
        0 => null,
        1 => _labels[0],
        _ => JsonSerializer.Serialize(_labels, LabelJson.Default.ListString), // a list of labels, as annotation tools write it
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lines.Dispose();
    }
}
