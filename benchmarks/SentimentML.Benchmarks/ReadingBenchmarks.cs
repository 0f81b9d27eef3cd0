using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using CsvHelper;
using Microsoft.ML;

namespace SentimentML.Benchmarks;

/// <summary>Text and stars out of a file of some 50 MB, made of the samples again and again. The mean is the time for one MB.</summary>
public class ReadingBenchmarks
{
    private const int Megabytes = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("sentimentml-reading-").FullName;
    private readonly MLContext _ml = new();

    [GlobalSetup]
    public void Write()
    {
        (string Text, int Stars)[] rows =
            [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "samples", "train.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (row.GetProperty("body").GetString()!, row.GetProperty("stars").GetInt32()))];
        using StreamWriter csv = File.CreateText(At("csv")), jsonl = File.CreateText(At("jsonl"));
        csv.Write("id,text,stars\n");
        for (int row = 0; csv.BaseStream.Length < Megabytes * 1_000_000L || jsonl.BaseStream.Length < Megabytes * 1_000_000L; row++)
        {
            (string text, int stars) = rows[row % rows.Length];
            if (csv.BaseStream.Length < Megabytes * 1_000_000L)
                csv.Write(string.Create(CultureInfo.InvariantCulture, $"{row},\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{stars}\n"));
            if (jsonl.BaseStream.Length < Megabytes * 1_000_000L)
                jsonl.Write(JsonSerializer.Serialize(new { id = row, text, stars }) + "\n");
        }
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Megabytes)]
    public long Csv() => Read("csv");

    [Benchmark(OperationsPerInvoke = Megabytes)]
    public long JsonLines() => Read("jsonl");

    /// <summary>What the parser alone takes, with each text made a string.</summary>
    [Benchmark(OperationsPerInvoke = Megabytes)]
    public long CsvHelperAlone()
    {
        using FileStream file = File.OpenRead(At("csv"));
        using var csv = CsvReader.Create(file, new CsvReaderOptions { HasHeader = true }, leaveOpen: false);
        long characters = 0;
        while (csv.Read())
            characters += csv.GetString(1).Length + csv.GetString(2).Length;
        return characters;
    }

    private long Read(string format)
    {
        long characters = 0;
        IDataView reviews = _ml.Data.LoadReviews(At(format));
        using DataViewRowCursor cursor = reviews.GetRowCursor([reviews.Schema["Text"], reviews.Schema["Stars"]]);
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(reviews.Schema["Text"]);
        ValueGetter<float> stars = cursor.GetGetter<float>(reviews.Schema["Stars"]);
        ReadOnlyMemory<char> read = default;
        float number = 0;
        while (cursor.MoveNext())
        {
            text(ref read);
            stars(ref number);
            characters += read.Length;
        }
        return characters;
    }

    private string At(string format) => Path.Combine(_folder, $"reviews.{format}");
}
