namespace SentimentML.Reviews;

/// <summary>The files of reviews in a folder or an archive, by their names: without what programs and people put beside them.</summary>
internal static class DataFiles
{
    private static readonly string[] Notes = ["README", "LEEME", "LÉEME", "LICENSE", "LICENCE", "LICENCIA", "COPYING", "CHANGELOG"];

    /// <summary>What Hugging Face, Kaggle and Frictionless Data write of a data set.</summary>
    private static readonly HashSet<string> Descriptions = new(StringComparer.OrdinalIgnoreCase)
    {
        "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", "dataset-metadata.json", "metadata.json", "datapackage.json",
    };

    /// <summary>The format that an extension says; null if it says none.</summary>
    public static ReviewFileFormat? FormatOf(string extension) => extension.ToUpperInvariant() switch
    {
        ".CSV" or ".TXT" => ReviewFileFormat.Csv,
        ".TSV" or ".TAB" => ReviewFileFormat.Tsv,
        ".JSONL" or ".NDJSON" => ReviewFileFormat.JsonLines,
        ".JSON" or ".JS" or ".XML" => ReviewFileFormat.Json,
        ".XLSX" or ".XLSM" or ".XLS" => ReviewFileFormat.Excel,
        ".PARQUET" or ".PQ" => ReviewFileFormat.Parquet,
        ".ARROW" or ".ARROWS" or ".FEATHER" => ReviewFileFormat.Arrow,
        _ => null,
    };

    /// <summary>Whether a file may have reviews.</summary>
    public static bool IsData(string path)
    {
        string name = Path.GetFileName(path);
        return !IsHidden(name) && FormatOf(ExtensionOf(name)) is not null && !IsNote(name) && !Descriptions.Contains(name);
    }

    /// <summary>What people put beside data to tell of it.</summary>
    public static bool IsNote(string name) => Notes.Any(note => name.StartsWith(note, StringComparison.OrdinalIgnoreCase))
        && Path.GetExtension(name).ToUpperInvariant() is "" or ".TXT" or ".MD" or ".PDF" or ".RST" or ".HTML";

    /// <summary>The files of reviews in a folder and in those right inside it, in the order of their names; texts (.txt) are not among them.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        [.. ((IEnumerable<string>)[folder, .. Directory.EnumerateDirectories(folder).Where(inner => !IsHidden(Path.GetFileName(inner)))])
            .SelectMany(Directory.EnumerateFiles).Where(file => IsData(file) && !ExtensionOf(file).Equals(".txt", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];

    /// <summary>As systems and Hadoop's programs mark what is not data: .crc, _SUCCESS, _temporary.</summary>
    private static bool IsHidden(string name) => name.StartsWith('.') || name.StartsWith('_');

    /// <summary>The extension before that of a compression.</summary>
    private static string ExtensionOf(string name) => Path.GetExtension(FileContent.NameInside(name));
}
