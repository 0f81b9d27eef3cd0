using System.Text;
using CsvHelper;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// Rows of a csv or tsv file, by CsvHelper. A quote in the middle of an unquoted field is text, as elsewhere; a line with nothing in any
/// field is no row, unless it says so in quotes, as programs write an empty field that stands alone.
/// </summary>
internal sealed class CsvRecords : RecordReader
{
    private readonly CsvReader _csv;
    private readonly bool _hasHeader;
    private readonly long _linesBefore;
    private readonly OptionNames _names;
    private readonly Action<string> _suspect, _passOver;
    private CsvMalformedRecord? _fault;
    private bool _isInTable, _hasRow, _isBelowBlankLine;
    private long _nextLine; // if the line behind the current row is not blank

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="layout">What <see cref="CsvLayout.Find"/> gave.</param>
    /// <param name="options">Whether there is a header.</param>
    /// <param name="path">For messages.</param>
    /// <param name="suspect">Takes what is no fault and probably a mistake, for each row that has it.</param>
    /// <param name="passOver">Takes what stands below the table.</param>
    /// <param name="linesBefore">The file's lines before the text, of a part that begins with a row; null for a file from its start.</param>
    public CsvRecords(
        Stream text, CsvLayout layout, ReviewFileOptions options, string path, Action<string> suspect, Action<string> passOver, long? linesBefore = null)
        : base(path)
    {
        _linesBefore = linesBefore ?? 0;
        _hasHeader = options.HasHeader;
        _names = options.Names;
        _suspect = suspect;
        _passOver = passOver;
        try
        {
            _csv = CsvReader.Create(layout.Dialect.Open(text), layout.Dialect.ToOptions() with
            {
                TrackLineNumbers = true,
                MaxRecordSize = MaxRecordBytes,
                OnMalformedRecord = record => _fault ??= record.Reason == CsvMalformedReason.StrayQuote ? null : record,
            }, leaveOpen: false);
            Columns = layout.Columns;
            for (int i = 0; linesBefore is null && i < layout.RowsAbove; i++)
                Advance();
            _isInTable = true; // what stands above it follows no rules
            _fault = null;
            if (linesBefore is null && options.HasHeader)
                Columns = ReadHeader(layout.HasRowNames);
            for (int i = 0; linesBefore is null && i < layout.RowsBelow; i++)
                Advance();
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Columns { get; }

    public override string PlaceIn(ReportText text) => $"{text.Say("línea", "line")} {_linesBefore + _csv.LineNumber}";

    public override RowStart? Start => new(_csv.ByteOffset, _linesBefore + _csv.LineNumber);

    public override bool Read()
    {
        bool isBlank, isBelowBlank = false;
        do
        {
            if (!Advance())
                return false;
            isBlank = IsEmpty(from: 0) && !_csv.RawRecord.Contains((byte)'"');
            isBelowBlank |= isBlank || _isBelowBlankLine;
        }
        while (isBlank || IsHeader() || (_csv.FieldCount == 1 && Columns.Count > 1 && HeaderRow.IsClientsRemark(_csv.GetString(0))));
        if (_csv.FieldCount != Columns.Count && (_csv.FieldCount < Columns.Count || !IsEmpty(from: Columns.Count)))
        {
            SentimentMLException fault = WrongCount();
            if (!_hasRow || !isBelowBlank || !PassRemarks())
                throw fault;
            return false;
        }
        _hasRow = true;
        if (_csv.RawRecord.TrimEnd("\r\n"u8).Contains((byte)'\n') && HoldsRows(Encoding.UTF8.GetString(_csv.RawRecord)) is > 1 and var rows)
        {
            string asText = _names.SetLocalized(nameof(ReviewFileOptions.Quote), "null");
            _suspect(Localized.Say(
                $"{Path}, {LocalizedPlace}: un campo entre comillas ocupa {rows} líneas que se dividen como filas, así que ahora son una sola. Si en este "
                    + $"archivo las comillas son texto, {asText}.",
                $"{Path}, {LocalizedPlace}: a field in quotes goes over {rows} lines that divide as rows do, so that they are one row now. If quotes are "
                    + $"plain text in this file, {asText}."));
        }
        return true;
    }

    /// <summary>
    /// Whether the current row and all that follow it, up to the file's end, have one field: a source, a total, or notes below the table, and not a damaged
    /// row. They are behind the reader then.
    /// </summary>
    private bool PassRemarks()
    {
        string first = Quoted.Value(_csv.GetString(0).Trim()), remark = Localized.Say(
            $"{Path}, {LocalizedPlace}: se salta lo que hay bajo la tabla, tras una línea en blanco: {first}.",
            $"{Path}, {LocalizedPlace}: what stands below the table, after a blank line, is passed over: {first}.");
        while (_csv.FieldCount == 1 || IsEmpty(from: 0))
        {
            if (Advance())
                continue;
            _passOver(remark);
            return true;
        }
        return false;
    }

    /// <summary>Null for \N too, as MySQL and PostgreSQL write a value that there is not.</summary>
    public override string? Value(int column) => _csv.GetSpan(column).SequenceEqual("\\N"u8) ? null : _csv.GetString(column);

    /// <summary>
    /// Of how many rows a row looks made that a quote joined: each of its lines has a row's delimiters, and one column has a short value in all of
    /// them, such as stars. 0 if it does not.
    /// </summary>
    private int HoldsRows(string record)
    {
        const int MaxShort = 20;
        string[][] lines = [.. record.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r').Split(_csv.Separator))];
        bool IsShort(string cell) => cell.Length is > 0 and <= MaxShort && !cell.Any(char.IsWhiteSpace);
        bool areRows = Columns.Count > 1 && Array.TrueForAll(lines, line => line.Length == Columns.Count)
            && Enumerable.Range(0, Columns.Count).Any(column => Array.TrueForAll(lines, line => IsShort(line[column])));
        return areRows ? lines.Length : 0;
    }

    private bool IsHeader()
    {
        if (!_hasHeader || _csv.FieldCount != Columns.Count || !HeaderRow.IsAgain(this))
            return false;
        _suspect(HeaderRow.CameAgain(Path, LocalizedPlace));
        return true;
    }

    private bool IsEmpty(int from)
    {
        for (int i = from; i < _csv.FieldCount; i++)
        {
            if (!_csv.GetSpan(i).Trim(" \t"u8).IsEmpty)
                return false;
        }
        return true;
    }

    private bool Advance()
    {
        bool read;
        try
        {
            read = _csv.Read();
        }
        catch (CsvFormatException e)
        {
            throw new SentimentMLException($"{Path}, line {_linesBefore + e.LineNumber}: the row could not be read, or is longer than {MaxRecordBytes} bytes, "
                + $"which an unclosed quote can cause. {e.Message}", e);
        }
        if (_fault is { } fault && _isInTable)
            throw new SentimentMLException($"{Path}, line {_linesBefore + fault.LineNumber}: {Describe(fault.Reason)}");
        _isBelowBlankLine = _csv.LineNumber > _nextLine;
        _nextLine = _csv.LineNumber + _csv.RawRecord.Count((byte)'\n') + 1;
        return read;
    }

    private string[] ReadHeader(bool hasRowNames)
    {
        if (!Advance())
            throw new SentimentMLException($"{Path}: the file is empty, expected a header line and rows.");
        string[] names = [.. Enumerable.Range(0, _csv.FieldCount).Select(_csv.GetString)];
        return hasRowNames ? ["", .. names] : names;
    }

    private SentimentMLException WrongCount() => Error($"{(_csv.FieldCount == 1 ? "1 field was" : $"{_csv.FieldCount} fields were")} found, expected "
        + $"{Columns.Count}, as the {(_hasHeader ? "header line has" : "first rows have")}{Hint()}. Put fields that hold the delimiter or a line break in "
        + $"quotes{(_csv.FieldCount == 1 ? ", and a blank line above a remark below the table" : "")}.");

    private string Hint() => _csv.FieldCount == 1 ? $" (the delimiter is {(_csv.Separator == '\t' ? "a tab" : $"'{_csv.Separator}'")})" : "";

    private string Describe(CsvMalformedReason reason)
    {
        string plain = $"or {_names.Set(nameof(ReviewFileOptions.Quote), "null")} if quotes are plain text in this file";
        return reason switch
        {
            CsvMalformedReason.UnterminatedQuote => $"a quoted field begins in this row and is never closed. Close it, {plain}.",
            CsvMalformedReason.TextAfterClosingQuote => $"text follows a field's closing quote. Double the quotes inside a quoted field, {plain}.",
            _ => $"the row is malformed ({reason}).",
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _csv.Dispose();
    }
}
