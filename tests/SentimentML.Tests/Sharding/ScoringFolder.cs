using System.Globalization;
using System.IO.Compression;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace SentimentML.Tests.Sharding;

/// <summary>Files of generated texts, and a tiny model that answers them.</summary>
internal sealed class ScoringFolder : IDisposable
{
    private static readonly string[] Words =
        ["bueno", "malo", "regular", "con ñ y 😀", "llegó \"roto\"", "dos\nlíneas, y coma", "tres\r\nlíneas\t;", "", "  ",
            "la caja era muy grande y el envío tardó tres semanas en llegar a casa"];

    private readonly TemporaryFolder _folder = new();

    public ScoringFolder()
    {
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("tiny_classifier")))
            _folder.With($"model/{Path.GetFileName(file)}", File.ReadAllBytes(file));
    }

    public SavedModel Model => SavedModel.Open(At("model"));

    public string At(string name) => _folder.At(name);

    public IEnumerable<string> Parts(string plan) => Directory.EnumerateFiles(At(plan)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Writes rows with an id and a text, in the format that the name says.</summary>
    public string Write(string name, int rows, int seed = 1, string more = "")
    {
        var random = new Random(seed);
        (string Id, string Text)[] all =
            [.. Enumerable.Range(0, rows)
                .Select(i => ($"{seed}-{i}", string.Join(' ', Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Words[random.Next(Words.Length)]))))];
        string plain = name.Replace(".gz", "", StringComparison.Ordinal);
        string content = Path.GetExtension(plain) switch
        {
            ".csv" => "id,text\n" + string.Concat(all.Select((row, i) => $"{row.Id},{Quoted(row.Text)}{(i % 3 == 0 ? "\r\n" : i % 7 == 0 ? "\n\n" : "\n")}")),
            ".tsv" => "id\ttext\n" + string.Concat(all.Select(row => $"{row.Id}\t{Quoted(row.Text)}\n")),
            _ => string.Concat(all.Select(
                (row, i) => $$"""{"id": {{(i % 2 == 0 ? i.ToString(CultureInfo.InvariantCulture) : $"\"{i}\"")}}, "text": {{System.Text.Json.JsonSerializer.Serialize(row.Text)}}}""" + (i % 5 == 0 ? "\n\n" : "\n"))),
        } + more;
        if (plain.Contains("spaces", StringComparison.Ordinal))
            content = content.Replace(",\"", ", \"", StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        if (plain.Contains("latin", StringComparison.Ordinal))
            bytes = Encoding.Latin1.GetBytes(content.Replace("😀", "ü", StringComparison.Ordinal));
        if (plain.Contains("mark", StringComparison.Ordinal))
            bytes = [.. Encoding.UTF8.Preamble, .. bytes];
        if (Path.GetExtension(plain) == ".parquet")
            bytes = Parquet(all, groupRows: 700);
        if (plain != name)
            bytes = Gzip(bytes);
        _folder.With(name, bytes);
        return At(name);
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Plans, runs all shards, the last one first, and merges.</summary>
    public byte[] Score(string plan, string[] inputs, ScoringPlanOptions options)
    {
        ScoringPlan made = ScoringPlan.Create(Model, inputs, At(plan), options);
        for (int shard = made.ShardCount - 1; shard >= 0; shard--)
            ScoringPlan.Open(made.Path).Run(shard, Model, TorchDevice.Cpu);
        string part = Directory.EnumerateFiles(At(plan), "part-00000.*").First(path => !path.EndsWith(".json", StringComparison.Ordinal));
        string output = At($"{plan}.merged{Path.GetExtension(part)}");
        made.Merge(output);
        return File.ReadAllBytes(output);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    private static byte[] Parquet((string Id, string Text)[] rows, int groupRows) => Task.Run(async () =>
    {
        var schema = new ParquetSchema(new DataField<string>("id"), new DataField<string>("text"));
        using var file = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file))
        {
            foreach ((string Id, string Text)[] group in rows.Chunk(groupRows))
            {
                using ParquetRowGroupWriter one = writer.CreateRowGroup();
                await one.WriteAsync(schema.DataFields[0], Array.ConvertAll(group, row => row.Id));
                await one.WriteAsync(schema.DataFields[1], Array.ConvertAll(group, row => row.Text));
            }
        }
        return file.ToArray();
    }).GetAwaiter().GetResult();
}
