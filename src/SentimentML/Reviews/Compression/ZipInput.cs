using System.IO.Compression;

namespace SentimentML.Reviews;

/// <summary>
/// The only file of a zip archive, or the only one of reviews. What systems and people put beside it (folders, __MACOSX, names that begin with a point, a
/// README) does not count.
/// </summary>
internal sealed class ZipInput : ReadOnlyStream
{
    private const string ExcelPart = "xl/workbook.xml";

    private static readonly (string Part, string What)[] Others =
    [
        ("word/document.xml", "a Word document"),
        ("ppt/presentation.xml", "a PowerPoint presentation"),
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("META-INF/manifest.xml", "an OpenDocument file (.ods)"),
    ];

    private readonly ZipArchive _archive;
    private readonly Stream _content;

    private ZipInput(ZipArchive archive, ZipArchiveEntry entry)
    {
        _archive = archive;
        _content = entry.Open();
        EntryName = entry.Name;
    }

    public string EntryName { get; }

    /// <summary>Whether the archive is an Excel workbook. The file is left at its start.</summary>
    public static bool IsExcel(FileStream file, string path)
    {
        using ZipArchive archive = OpenArchive(file, path, leaveOpen: true);
        bool isExcel = archive.GetEntry(ExcelPart) is not null;
        file.Position = 0;
        return isExcel;
    }

    /// <param name="file">The archive; owned.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SentimentMLException">It has no file or several, or cannot be read.</exception>
    public static ZipInput Open(FileStream file, string path)
    {
        ZipArchive archive = OpenArchive(file, path, leaveOpen: false);
        if (Others.FirstOrDefault(other => archive.GetEntry(other.Part) is not null).What is { } what)
            throw new SentimentMLException($"{path}: the content is {what}, expected a file of reviews. Save it as .xlsx or as .csv.");
        ZipArchiveEntry[] entries =
            [.. archive.Entries.Where(
                entry => entry.Name.Length > 0 && entry.Name[0] != '.' && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))];
        foreach (Func<string, bool> rule in (Func<string, bool>[])[name => !DataFiles.IsNote(name), DataFiles.IsData])
            if (entries.Length > 1 && Array.FindAll(entries, entry => rule(entry.Name)) is [var only])
                entries = [only];
        if (entries.Length != 1)
        {
            string names = string.Join(", ", entries.Take(5).Select(entry => $"'{entry.FullName}'"));
            throw new SentimentMLException($"{path}: the zip archive has "
                + $"{(entries.Length == 0 ? "no files" : $"{entries.Length} files ({names}{(entries.Length > 5 ? ", …" : "")})")}, expected one. Unpack it, "
                + "and give the file with the reviews, or the folder if they are the parts of one table.");
        }
        if (entries[0].IsEncrypted)
            throw new SentimentMLException(
                $"{path}: the zip archive is encrypted with a password, expected one that is not. Unpack it, and give the file in it.");
        try
        {
            return new ZipInput(archive, entries[0]);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            throw new SentimentMLException($"{path}: the zip archive cannot be unpacked; it is damaged or uses a compression that .NET does not know. Unpack "
                + "it by another program, and give the file in it.", e);
        }
    }

    public override int Read(Span<byte> buffer) => _content.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _archive.Dispose();
        }
        base.Dispose(disposing);
    }

    private static ZipArchive OpenArchive(FileStream file, string path, bool leaveOpen)
    {
        file.Position = 0;
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen);
            _ = archive.Entries.Count; // the directory is read at the first question
            return archive;
        }
        catch (InvalidDataException e)
        {
            throw new SentimentMLException($"{path}: the zip archive is damaged or cut off. Get the file again.", e);
        }
    }
}
