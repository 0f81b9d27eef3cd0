using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// Rows of an Arrow file, by Apache.Arrow, one batch of rows in memory at a time: of Feather (version 2), or of a stream, as save_to_disk of Hugging Face
/// writes it. Columns with one value a row are read, as text, and lists of such values, as JSON; so are the values inside structures. Structures in lists
/// are not.
/// </summary>
internal sealed class ArrowRecords : RecordReader
{
    private readonly FileStream _file;
    private readonly ArrowMessages _messages;
    private readonly ArrowStreamReader _arrow;
    private readonly ArrowColumn[] _columns;
    private readonly ClassLabels?[] _labels; // of the columns that have labels as numbers
    private readonly bool[] _needed;
    private readonly Func<int, string?>?[] _texts;
    private readonly Action<string> _suspect;
    private RecordBatch? _batch;
    private int _rowInBatch;
    private long _row;

    /// <param name="file">The file, which can be sought in; owned.</param>
    /// <param name="needed">Which columns will be asked for; null for none.</param>
    /// <param name="path">For messages.</param>
    /// <param name="suspect">Takes what is suspect in the file.</param>
    public ArrowRecords(FileStream file, bool[]? needed, string path, Action<string> suspect)
        : base(path)
    {
        (_file, _suspect) = (file, suspect);
        try
        {
            (_messages, _arrow, _columns, NotRead, string? features) = Run("the schema", () =>
            {
                var memory = new ArrowMemory(path);
                var messages = new ArrowMessages(file, memory);
                var arrow = new ArrowStreamReader(messages, memory, new CompressionCodecFactory(), leaveOpen: false);
                Schema schema = arrow.Schema ?? throw new InvalidDataException("It has no message.");
                ArrowColumn[][] columns = [.. schema.FieldsList.Select((field, place) => (ArrowColumn[])[.. ArrowColumn.Of(field, place)])];
                string[] notRead = [.. schema.FieldsList.Where((_, place) => columns[place].Length == 0).Select(field => field.Name)];
                return (messages, arrow, columns.SelectMany(own => own).ToArray(), notRead, schema.Metadata?.GetValueOrDefault("huggingface"));
            });
            Dictionary<string, ClassLabels> labels = features is null ? [] : ClassLabels.InMetadata(features);
            _labels = System.Array.ConvertAll(_columns, column => labels.GetValueOrDefault(column.Name));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        Columns = System.Array.ConvertAll(_columns, column => column.Name);
        _needed = needed ?? new bool[_columns.Length];
        _texts = new Func<int, string?>?[_columns.Length];
    }

    public override IReadOnlyList<string> Columns { get; }

    /// <summary>The fields at the top of the schema of which nothing is read.</summary>
    public IReadOnlyList<string> NotRead { get; }

    public override string PlaceIn(ReportText text) => $"{text.Say("fila", "row")} {_row}";

    public override bool Read()
    {
        for (_rowInBatch++; _batch is null || _rowInBatch >= _batch.Length; _rowInBatch = 0)
            if (!ReadBatch())
                return false;
        _row++;
        return true;
    }

    public override string? Value(int column)
    {
        string? value;
        try
        {
            value = _texts[column]!(_rowInBatch);
        }
        catch (Exception e) when (e is not SentimentMLException) // no text is put together for a value that can be read
        {
            throw Unread($"{Place}, column '{Columns[column]}'", e);
        }
        return _labels[column] is { } labels ? labels.NameOf(value) : value;
    }

    public override bool IsJson(int column) => _columns[column].IsList;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
    }

    /// <summary>False at the end.</summary>
    private bool ReadBatch()
    {
        string part = string.Create(CultureInfo.InvariantCulture, $"the batch of rows after row {_row}");
        _batch = null; // its memory is free for the next one
        System.Array.Clear(_texts);
        _batch = Run(part, _arrow.ReadNextRecordBatch);
        for (int i = 0; _batch is not null && i < _columns.Length; i++)
            if (_needed[i])
                _texts[i] = Run($"{part}, column '{Columns[i]}'", () => _columns[i].In(_batch));
        if (_batch is null && !_messages.HasEndMark)
            _suspect(Localized.Say(
                $"{Path}: el archivo no tiene la marca del final: quizá se detuvo lo que lo escribía, y pueden faltar filas tras la fila {_row}.",
                $"{Path}: the file has no mark at its end: what wrote it may have been stopped, and rows after row {_row} may be missing."));
        return _batch is not null;
    }

    /// <summary>An exception that a damaged file causes in Apache.Arrow is rethrown with the file and the part.</summary>
    private T Run<T>(string part, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not SentimentMLException)
        {
            throw Unread(part, e);
        }
    }

    private SentimentMLException Unread(string part, Exception cause) =>
        new($"{Path}: {part} cannot be read as Arrow; the file is damaged, cut off, or uses what Apache.Arrow does not know. {cause.Message}", cause);
}
