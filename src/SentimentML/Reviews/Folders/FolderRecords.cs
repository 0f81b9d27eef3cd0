using System.Text;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>The texts of a <see cref="TextFolder"/>: each file is a row, with its label and its name.</summary>
/// <param name="folder">The files.</param>
/// <param name="needed">Which of the columns will be asked for.</param>
/// <param name="path">The folder's place.</param>
/// <param name="open">Opens a file's UTF-8.</param>
internal sealed class FolderRecords(TextFolder folder, bool[] needed, string path, Func<string, Stream> open) : RecordReader(path)
{
    private int _read;
    private string? _text;

    public override IReadOnlyList<string> Columns { get; } = folder.HasLabels ? ["text", "file", "label"] : ["text", "file"];

    public override string PlaceIn(ReportText text) => Name;

    public override bool Read()
    {
        if (_read == folder.Files.Count)
            return false;
        _read++;
        _text = needed[0] ? ReadText() : null;
        return true;
    }

    public override string? Value(int column) => column switch { 0 => _text, 1 => Name, _ => folder.Files[_read - 1].Label };

    protected override void Dispose(bool disposing)
    {
        // nothing stays open between two rows
    }

    private string Name => System.IO.Path.GetRelativePath(Path, folder.Files[_read - 1].Path);

    private string ReadText()
    {
        using Stream file = open(folder.Files[_read - 1].Path);
        var text = new MemoryStream();
        var buffer = new byte[1 << 12];
        for (int count; (count = file.Read(buffer)) > 0; text.Write(buffer, 0, count))
            if (text.Length > MaxRecordBytes)
                throw Error($"the text is longer than {MaxRecordBytes} bytes, expected one review in each file.");
        return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)).TrimEnd('\r', '\n');
    }
}
