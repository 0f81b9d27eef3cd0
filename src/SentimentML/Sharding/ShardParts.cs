using System.Globalization;
using System.Text.Json;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Sharding;

/// <summary>The parts of a plan in its folder: a file each, and beside one that is whole a record with its digest.</summary>
/// <param name="folder">The plan's folder.</param>
/// <param name="manifest">The plan.</param>
/// <param name="plan">The digest of the plan's file.</param>
internal sealed class ShardParts(string folder, Manifest manifest, string plan)
{
    private const string Prefix = "part-", Done = ".done.json", Partial = ".tmp";
    private const int MaxRecordBytes = 1 << 16;

    private readonly string _extension = Extension(manifest.Format);

    public static string Extension(PredictionFormat format) => format switch
    {
        PredictionFormat.JsonLines => ".jsonl",
        PredictionFormat.Csv => ".csv",
        PredictionFormat.Tsv => ".tsv",
        _ => ".parquet",
    };

    /// <summary>Whether a folder has parts.</summary>
    public static bool AreIn(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, Prefix + "*").Any();

    public string PathOf(int shard) => Path.Combine(folder, NameOf(shard) + _extension);

    /// <summary>What is wrong with a shard's part; null if it is whole.</summary>
    public string? Fault(int shard, ReportText text, CancellationToken cancellation)
    {
        try
        {
            return FaultOf(shard, text, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{PathOf(shard)} {text.Say("no se puede leer", "cannot be read")} ({e.Message.TrimEnd('.')})";
        }
    }

    /// <summary>Whether the part was written for something else: it is not replaced.</summary>
    /// <exception cref="SentimentMLException">Its record cannot be read, so that nothing says whose it is.</exception>
    public bool IsForeign(int shard)
    {
        try
        {
            return File.Exists(RecordOf(shard)) && Read(shard) is { } record && (record.Plan != plan || record.Shard != shard);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{RecordOf(shard)} cannot be read, so that its part is left as it is: {e.Message} Check its permissions.", e);
        }
    }

    /// <summary>Files that look like parts and belong to no shard.</summary>
    public IEnumerable<string> Strays()
    {
        HashSet<string> own = [.. Enumerable.Range(0, manifest.Shards.Count).SelectMany(shard => (string[])[PathOf(shard), RecordOf(shard)])];
        return Directory.EnumerateFiles(folder, Prefix + "*").Where(path => !own.Contains(path) && !path.EndsWith(Partial, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Writes a part, and then its record.</summary>
    /// <param name="shard">The index.</param>
    /// <param name="write">Writes the part and gives its rows.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="SentimentMLException">It cannot be written there.</exception>
    public void Write(int shard, Func<Stream, long> write, CancellationToken cancellation)
    {
        string path = PathOf(shard);
        try
        {
            File.Delete(RecordOf(shard)); // of a part that is not whole
            long rows = 0;
            WholeFile.Write(path, stream => rows = write(stream));
            var record = new PartRecord(plan, shard, rows, new FileInfo(path).Length, FileDigest.Of(path, cancellation));
            WholeFile.Write(RecordOf(shard), JsonSerializer.SerializeToUtf8Bytes(record, ManifestJson.Default.PartRecord));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be written: {e.Message} Check the folder, write permission and free space.", e);
        }
    }

    /// <summary>Deletes what killed tasks left half-written.</summary>
    public void DeletePartials()
    {
        foreach (string path in Directory.EnumerateFiles(folder, $"{Prefix}*{Partial}"))
            File.Delete(path);
    }

    private string? FaultOf(int shard, ReportText text, CancellationToken cancellation)
    {
        string path = PathOf(shard);
        if (!File.Exists(RecordOf(shard)))
            return $"{path} {(File.Exists(path)
                ? text.Say("no tiene el registro que dice que está completa", "has no record that says that it is whole")
                : text.Say("no existe", "does not exist"))}";
        PartRecord? record = Read(shard);
        if (record is null)
            return $"{RecordOf(shard)} {text.Say("no es el registro de una parte", "is not the record of a part")}";
        if (record.Plan != plan || record.Shard != shard)
            return $"{path} {text.Say("es de otro plan o de otra parte", "is a part of another plan or shard")}";
        if (!File.Exists(path))
            return $"{path} {text.Say("no existe, aunque su registro dice que se escribió", "does not exist, although its record says that it was written")}";
        if (new FileInfo(path).Length != record.Bytes || FileDigest.Of(path, cancellation) != record.Sha256)
            return $"{path} {text.Say("no está como se escribió", "is not as it was written")}";
        return record.Rows == manifest.Shards[shard].Rows
            ? null
            : text.Format(
                $"{path} tiene {record.Rows} filas; se esperaban {manifest.Shards[shard].Rows}",
                $"{path} has {record.Rows} rows, expected {manifest.Shards[shard].Rows}");
    }

    private static string NameOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{shard:00000}");

    private string RecordOf(int shard) => Path.Combine(folder, NameOf(shard) + Done);

    private PartRecord? Read(int shard)
    {
        try
        {
            using FileStream file = File.OpenRead(RecordOf(shard));
            return file.Length > MaxRecordBytes ? null : JsonSerializer.Deserialize(file, ManifestJson.Default.PartRecord);
        }
        catch (JsonException)
        {
            return null; // it says nothing of the part, which is then done again or named as a fault
        }
    }
}
