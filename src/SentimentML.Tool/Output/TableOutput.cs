using System.IO.Compression;
using SentimentML.Files;

namespace SentimentML.Tool.Output;

/// <summary>Where rows are written to, and how: a file, in the format that its extension says, or standard output.</summary>
/// <param name="Path">The file; null for standard output.</param>
/// <param name="Format">The format.</param>
/// <param name="IsGzip">Whether it is compressed.</param>
internal sealed record TableOutput(string? Path, PredictionFormat Format, bool IsGzip)
{
    public const string StandardOutput = "-";

    /// <summary>The extensions that say a format.</summary>
    public static string Formats => Language.Say(
        ".jsonl, .csv, .tsv, .parquet o .xlsx (comprimido, .jsonl.gz, .csv.gz y .tsv.gz)",
        ".jsonl, .csv, .tsv, .parquet or .xlsx (.jsonl.gz, .csv.gz and .tsv.gz compressed)");

    /// <summary>The output that an option names.</summary>
    /// <param name="path">The file, "-" or null for standard output.</param>
    /// <param name="format">The format, if it was given.</param>
    /// <param name="fault">What is wrong; null if nothing is.</param>
    public static TableOutput? Of(string? path, PredictionFormat? format, out string? fault)
    {
        fault = null;
        if (path is null or StandardOutput || path.StartsWith("/dev/", StringComparison.Ordinal))
            return new TableOutput(path is StandardOutput ? null : path, format ?? PredictionFormat.JsonLines, IsGzip: false);
        bool isGzip = System.IO.Path.GetExtension(path).Equals(".gz", StringComparison.OrdinalIgnoreCase);
        string name = isGzip ? System.IO.Path.GetFileNameWithoutExtension(path) : path;
        PredictionFormat? known = format ?? System.IO.Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".JSONL" or ".NDJSON" => PredictionFormat.JsonLines,
            ".CSV" => PredictionFormat.Csv,
            ".TSV" or ".TAB" => PredictionFormat.Tsv,
            ".PARQUET" or ".PQ" => PredictionFormat.Parquet,
            ".XLSX" => PredictionFormat.Excel,
            _ => null,
        };
        if (known is null)
            fault = Language.Say(
                $"--output es «{path}», cuya extensión no dice el formato; se esperaba {Formats}. Elige otro nombre o da --output-format.",
                $"--output is '{path}', whose extension does not say the format, expected {Formats}. Choose another name, or give --output-format.");
        else if (isGzip && known is PredictionFormat.Parquet or PredictionFormat.Excel)
            fault = Language.Say(
                $"--output es «{path}»: los archivos Parquet y Excel ya van comprimidos por dentro. Quita .gz.",
                $"--output is '{path}': Parquet and Excel files are compressed inside. Leave .gz out.");
        return fault is null ? new TableOutput(path, known!.Value, isGzip) : null;
    }

    /// <summary>Writes; a file appears when all is written.</summary>
    public void Write(Action<Stream> write)
    {
        if (Path is null)
        {
            using Stream output = Console.OpenStandardOutput();
            if (Format is PredictionFormat.Parquet or PredictionFormat.Excel)
                WriteBySeeking(output, write);
            else
                write(output);
            return;
        }
        using WholeFile file = OutputFile.Create(Path);
        if (IsGzip)
        {
            using var gzip = new GZipStream(file.Stream, CompressionLevel.Optimal, leaveOpen: true);
            write(gzip);
        }
        else
        {
            write(file.Stream);
        }
        file.Complete();
    }

    /// <summary>These formats are written back and forth, which a pipe cannot be.</summary>
    private static void WriteBySeeking(Stream output, Action<Stream> write)
    {
        using var file = new FileStream(
            System.IO.Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        write(file);
        file.Position = 0;
        file.CopyTo(output);
    }
}
