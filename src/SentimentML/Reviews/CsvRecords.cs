using CsvHelper;

namespace SentimentML.Reviews;

/// <summary>Rows of a csv or tsv file, by CsvHelper. A quote in the middle of an unquoted field is text, as elsewhere.</summary>
internal sealed class CsvRecords : RecordReader
{
    private readonly CsvReader _csv;
    private readonly string[] _columns;
    private CsvMalformedRecord? _fault;

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="delimiter">The delimiter; null for a comma or a semicolon, by the header line, or none where it has neither.</param>
    /// <param name="quote">The quote; null where quotes are plain text.</param>
    /// <param name="path">For messages.</param>
    public CsvRecords(Stream text, char? delimiter, char? quote, string path)
        : base(path)
    {
        HeaderFirst input = new(text);
        try
        {
            _csv = CsvReader.Create(input, new CsvReaderOptions
            {
                Separator = delimiter ?? input.CommaOrSemicolon(quote),
                Mode = quote is null ? CsvMode.NoEscape : CsvMode.Rfc4180,
                Quote = quote ?? '"',
                HasHeader = false,
                TrackLineNumbers = true,
                MaxRecordSize = MaxRecordBytes,
                OnMalformedRecord = record => _fault ??= record.Reason == CsvMalformedReason.StrayQuote ? null : record,
            }, leaveOpen: false);
            _columns = ReadHeader();
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Columns => _columns;

    public override string Place => $"line {_csv.LineNumber}";

    public override bool Read()
    {
        if (!Advance())
            return false;
        if (_csv.FieldCount != _columns.Length)
            throw Error($"{(_csv.FieldCount == 1 ? "1 field was" : $"{_csv.FieldCount} fields were")} found; {_columns.Length} were expected, as the header line has{Hint()}.");
        return true;
    }

    public override string? Value(int column) => _csv.GetString(column);

    private bool Advance()
    {
        bool read;
        try
        {
            read = _csv.Read();
        }
        catch (CsvFormatException e)
        {
            throw new SentimentMLException($"{Path}, line {e.LineNumber}: the row could not be read, or is longer than {MaxRecordBytes} bytes, which an unclosed quote can cause. {e.Message}", e);
        }
        if (_fault is { } fault)
            throw new SentimentMLException($"{Path}, line {fault.LineNumber}: {Describe(fault.Reason)}");
        return read;
    }

    private string[] ReadHeader()
    {
        if (!Advance())
            throw new SentimentMLException($"{Path}: the file is empty, expected a header line and rows.");
        var columns = new string[_csv.FieldCount];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = _csv.GetString(i);
        if (columns.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SentimentMLException($"{Path}, {Place}: the header has column '{twice.Key}' more than once.");
        return columns;
    }

    private string Hint() => _csv.FieldCount == 1 ? $" (the delimiter is {(_csv.Separator == '\t' ? "a tab" : $"'{_csv.Separator}'")})" : "";

    private static string Describe(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "a quoted field begins in this row and is never closed. Close it, or set Quote to null if quotes are plain text in this file.",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a field's closing quote. Double the quotes inside a quoted field, or set Quote to null if quotes are plain text in this file.",
        _ => $"the row is malformed ({reason}).",
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _csv.Dispose();
    }

    /// <summary>The file with its beginning read ahead, to choose the delimiter by the header line.</summary>
    private sealed class HeaderFirst(Stream text) : ReadOnlyStream
    {
        // A header of one column: what commas the rows have are text.
        private const char NoDelimiter = '\u001F';

        private byte[] _ahead = [];
        private int _start;

        public char CommaOrSemicolon(char? quote)
        {
            var ahead = new byte[1 << 16];
            int length = text.ReadAtLeast(ahead, ahead.Length, throwOnEndOfStream: false);
            _ahead = ahead[..length];
            int commas = 0, semicolons = 0;
            bool quoted = false;
            foreach (byte b in ahead.AsSpan(0, length).TrimStart("\r\n"u8))
            {
                if (b == quote)
                    quoted = !quoted;
                else if (quoted)
                    continue;
                else if (b is (byte)'\n' or (byte)'\r')
                    break;
                else if (b == ',')
                    commas++;
                else if (b == ';')
                    semicolons++;
            }
            if (commas + semicolons == 0)
                return NoDelimiter;
            return semicolons > commas ? ';' : ',';
        }

        public override int Read(Span<byte> buffer)
        {
            if (_start == _ahead.Length)
                return text.Read(buffer);
            int count = Math.Min(buffer.Length, _ahead.Length - _start);
            _ahead.AsSpan(_start, count).CopyTo(buffer);
            _start += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                text.Dispose();
            base.Dispose(disposing);
        }
    }
}
