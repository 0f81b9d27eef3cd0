using System.Text;
using System.Text.RegularExpressions;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// The messages of a chat that WhatsApp exported as text ("12/3/23, 10:15 - Ana: Muy bien", "[12/3/23, 10:15:00] Ana: Muy bien"), each with its date and
/// its author; lines without a date belong to the message above. Notices, which have no author, and what stands in the place of a picture are no messages.
/// </summary>
internal sealed partial class WhatsAppRecords : RecordReader
{
    private const int SampleLines = 20;

    private readonly LineReader _lines;
    private readonly StringBuilder _text = new();
    private Match? _next; // the message that begins on the reader's line
    private long _nextNumber, _number;
    private string _date = "", _author = "";

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="path">For messages.</param>
    public WhatsAppRecords(Stream text, string path)
        : base(path)
    {
        _lines = Open(text, path);
        MoveToMessage();
    }

    public override IReadOnlyList<string> Columns { get; } = ["date", "author", "text"];

    public override string PlaceIn(ReportText text) => $"{text.Say("línea", "line")} {_number}";

    /// <summary>Whether the first line that is not blank begins a message or a notice, and another one of the first lines does.</summary>
    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="path">For messages.</param>
    public static bool IsChat(Stream text, string path)
    {
        using LineReader lines = Open(text, path);
        int begun = 0, authors = 0;
        for (int line = 0; line < SampleLines && begun < 2 && lines.Read(); line++)
        {
            Match start = Begin().Match(Encoding.UTF8.GetString(lines.Line));
            if (!start.Success && begun == 0 && !lines.Line.Trim(" \t\r"u8).IsEmpty)
                return false;
            begun += start.Success ? 1 : 0;
            authors += start.Groups["author"].Success ? 1 : 0;
        }
        return begun == 2 && authors > 0;
    }

    public override bool Read()
    {
        while (_next is { } start)
        {
            (_date, _author, _number) = (start.Groups["date"].Value, start.Groups["author"].Value, _nextNumber);
            _text.Clear().Append(start.Groups["text"].Value);
            MoveToMessage();
            bool isMessage = start.Groups["author"].Success;
            if (isMessage && !NoText().IsMatch(_text.ToString()))
                return true;
        }
        return false;
    }

    public override string? Value(int column) => column switch { 0 => _date, 1 => _author, _ => _text.ToString() };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lines.Dispose();
    }

    private static LineReader Open(Stream text, string path) => new(text, path, "one line of a chat");

    /// <summary>Goes to the next message's first line; the lines before it belong to the current one.</summary>
    private void MoveToMessage()
    {
        while (_lines.Read())
        {
            string line = Encoding.UTF8.GetString(_lines.Line);
            (_next, _nextNumber) = (Begin().Match(line), _lines.Number);
            if (_next.Success)
                return;
            if (_text.Append('\n').Append(line).Length > MaxRecordBytes)
                throw Error($"the message is longer than {MaxRecordBytes} characters, expected messages of a chat. Give the format that the file has.");
        }
        _next = null;
    }

    [GeneratedRegex(@"^[\u200E\u200F\uFEFF]*\[?(?<date>\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?\s*m\.?)?)"
        + @"(?:\]\s*|\s+[-–]\s+)[\u200E\u200F]*(?:(?<author>[^:]{1,80}?):\s(?<text>.*)|.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Begin();

    [GeneratedRegex(@"^[\u200E\s]*(?:<[\p{L}\s]*(?:omitid[oa]|omitted|adjunto|attached)[^<>]*>"
        + @"|(?:imagen|image|video|audio|sticker|gif|documento|document|contacto|contact card) (?:omitid[oa]|omitted)"
        + @"|se eliminó este mensaje\.?|eliminaste este mensaje\.?|(?:this message was|you) deleted(?: this message)?\.?|null)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoText();
}
