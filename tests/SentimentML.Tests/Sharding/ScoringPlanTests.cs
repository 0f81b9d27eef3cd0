using System.Text.Json.Nodes;

namespace SentimentML.Tests.Sharding;

/// <summary>A large scoring in shards: the parts together are what one process writes, and nothing but the plan's own parts gets in.</summary>
public sealed class ScoringPlanTests : IDisposable
{
    private const int Rows = 3500; // four blocks, the last one short

    private readonly ScoringFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.csv", PredictionFormat.Csv, InferencePrecision.Float32)]
    [InlineData("mark.csv", PredictionFormat.JsonLines, InferencePrecision.BFloat16)]
    [InlineData("a.tsv", PredictionFormat.Tsv, InferencePrecision.Float32)]
    [InlineData("a.jsonl", PredictionFormat.JsonLines, InferencePrecision.Int8)]
    [InlineData("mark.jsonl", PredictionFormat.Csv, InferencePrecision.Float32)]
    [InlineData("a.parquet", PredictionFormat.Parquet, InferencePrecision.Float32)]
    [InlineData("a.parquet", PredictionFormat.Csv, InferencePrecision.BFloat16)]
    public void Shards_together_equal_one_shard_byte_for_byte(string name, PredictionFormat format, InferencePrecision precision)
    {
        Assert.SkipWhen(precision != InferencePrecision.Float32 && !SentimentML.Torch.Processor.HasAvx512, "bf16 and int8 need AVX-512");
        string input = _folder.Write(name, Rows);
        ScoringPlanOptions Options(int shards) => new() { Shards = shards, OutputFormat = format, Precision = precision, Logits = true, UnsureBelow = 0.5 };
        byte[] whole = _folder.Score("one", [input], Options(1));
        Assert.Equal(1, ScoringPlan.Open(_folder.At("one")).ShardCount);
        byte[] merged = _folder.Score("four", [input], Options(4));
        Assert.Equal(4, ScoringPlan.Open(_folder.At("four")).ShardCount);
        Assert.True(merged.AsSpan().SequenceEqual(whole),
            $"{merged.Length} bytes, expected the {whole.Length} of one shard; they differ from byte {merged.AsSpan().CommonPrefixLength(whole)} on");
    }

    [Theory]
    [InlineData("a.csv.gz", "compressed with gzip")]
    [InlineData("latin.csv", "not UTF-8")]
    [InlineData("spaces.csv", "quotes in it are not written as usual")]
    public void A_file_that_cannot_be_read_in_parts_is_one_shard(string name, string why)
    {
        var reported = new List<string>();
        ScoringPlan plan = ScoringPlan.Create(
            _folder.Model, [_folder.Write(name, Rows)], _folder.At("plan"), new ScoringPlanOptions { Shards = 4 }, reported.Add);
        Assert.Equal((1, (long)Rows), (plan.ShardCount, plan.Rows));
        Assert.Contains(reported, message => message.Contains(why, StringComparison.Ordinal) && message.Contains("is not divided", StringComparison.Ordinal));
        plan.Run(0, _folder.Model, TorchDevice.Cpu);
        Assert.Empty(plan.Verify());
    }

    [Fact]
    public void Several_files_follow_one_another_and_a_shard_may_have_rows_of_more_than_one()
    {
        string[] inputs = [_folder.Write("a.jsonl", 1500), _folder.Write("b.csv", 1100, seed: 2), _folder.Write("c.csv.gz", 300, seed: 3),
            _folder.Write("d.jsonl", 10, seed: 4)];
        byte[] merged = _folder.Score("all", inputs, new ScoringPlanOptions { Shards = 3 });
        Assert.Equal(3, ScoringPlan.Open(_folder.At("all")).ShardCount);
        byte[] apart = [.. inputs.SelectMany((input, i) => _folder.Score($"only{i}", [input], new ScoringPlanOptions()))];
        Assert.True(merged.AsSpan().SequenceEqual(apart),
            $"{merged.Length} bytes, expected the {apart.Length} of the files one by one; they differ from byte {merged.AsSpan().CommonPrefixLength(apart)}");
    }

    /// <summary>Its two texts a row keep it whole.</summary>
    [Fact]
    public void A_folder_with_the_parts_of_a_table_is_refused_with_what_to_do()
    {
        _folder.Write("parts/a-1.csv", 3);
        _folder.Write("parts/a-2.csv", 3);
        string said = Assert.Throws<SentimentMLException>(() =>
            ScoringPlan.Create(_folder.Model, [_folder.At("parts")], _folder.At("plan"), new ScoringPlanOptions())).Message;
        Assert.EndsWith("shards are parts of files. Give its files instead, which are planned together.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_rows_takes_part_in_no_shard()
    {
        string empty = _folder.Write("empty.csv", 0), input = _folder.Write("a.jsonl", 10);
        File.WriteAllText(empty, "Positive_Review,Negative_Review\nNo Positive,No Negative\n");
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [input, empty], _folder.At("plan"));
        Assert.Equal((1, 10L), (ScoringPlan.Open(plan.Path).ShardCount, plan.Rows));
        SentimentMLException refused = Assert.Throws<SentimentMLException>(() => ScoringPlan.Create(_folder.Model, [empty], _folder.At("alone")));
        Assert.Contains("no texts", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_files_with_different_columns_is_refused()
    {
        string[] inputs = [_folder.Write("a.csv", 10), _folder.Write("b.csv", 10)];
        File.WriteAllText(inputs[1], File.ReadAllText(inputs[1]).Replace("id,text", "key,text", StringComparison.Ordinal));
        string message = Assert.Throws<SentimentMLException>(
            () => ScoringPlan.Create(_folder.Model, inputs, _folder.At("plan"), new ScoringPlanOptions { OutputFormat = PredictionFormat.Csv })).Message;
        Assert.Contains("has other columns (key) than", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("plan")));
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.jsonl")]
    [InlineData("a.parquet")]
    public void A_shard_reads_its_own_bytes_and_refuses_changed_ones(string name)
    {
        string input = _folder.Write(name, Rows);
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [input], _folder.At("plan"), new ScoringPlanOptions { Shards = 4 });
        JsonNode first = JsonNode.Parse(File.ReadAllText(plan.Path))!["shards"]![0]!["ranges"]![0]!;
        using (FileStream file = File.Open(input, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = (long)first["start"]! + 20; // within the first shard's bytes
            int old = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(old ^ 1));
        }
        Assert.Equal(RowsOf(plan, 3), plan.Run(3, _folder.Model, TorchDevice.Cpu).Rows);
        string message = Assert.Throws<SentimentMLException>(() => plan.Run(0, _folder.Model, TorchDevice.Cpu)).Message;
        Assert.Contains("The input has changed: plan again.", message, StringComparison.Ordinal);
        File.AppendAllText(input, "\n");
        Assert.Contains("expected", Assert.Throws<SentimentMLException>(() => plan.Run(1, _folder.Model, TorchDevice.Cpu)).Message, StringComparison.Ordinal);
        File.Delete(input);
        Assert.Contains("does not exist", Assert.Throws<SentimentMLException>(() => plan.Run(1, _folder.Model, TorchDevice.Cpu)).Message,
            StringComparison.Ordinal);
        Assert.Equal([0, 1, 2], plan.Verify().Select(fault => fault.Index ?? -1));
    }

    [Fact]
    public void Another_model_is_refused_and_another_card_is_not()
    {
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [_folder.Write("a.csv", 10)], _folder.At("plan"));
        string weights = _folder.At("model/model.safetensors");
        byte[] content = File.ReadAllBytes(weights);
        content[^1] ^= 1;
        File.WriteAllBytes(weights, content);
        Assert.Contains("its files have changed", Assert.Throws<ModelFileException>(() => plan.Run(0, _folder.Model, TorchDevice.Cpu)).Message,
            StringComparison.Ordinal);
        content[^1] ^= 1;
        File.WriteAllBytes(weights, content);
        File.WriteAllText(_folder.At("model/README.md"), "A card.");
        Assert.Equal(10, plan.Run(0, _folder.Model, TorchDevice.Cpu).Rows);
    }

    [Fact]
    public void A_part_that_is_not_whole_is_done_again_and_a_whole_one_is_left()
    {
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [_folder.Write("a.csv", 2100)], _folder.At("plan"), new ScoringPlanOptions { Shards = 2 });
        ScoredShard shard = plan.Run(1, _folder.Model, TorchDevice.Cpu);
        Assert.False(shard.WasWhole);
        byte[] content = File.ReadAllBytes(shard.Path);
        DateTime written = File.GetLastWriteTimeUtc(shard.Path);
        Assert.True(plan.Run(1, _folder.Model, TorchDevice.Cpu).WasWhole);
        Assert.Equal(written, File.GetLastWriteTimeUtc(shard.Path));

        string record = _folder.At("plan/part-00001.done.json"), kept = File.ReadAllText(record);
        File.Delete(record); // killed after the part and before its record
        Assert.Contains("has no record", plan.Verify().Single(fault => fault.Index == 1).Problem, StringComparison.Ordinal);
        Assert.False(plan.Run(1, _folder.Model, TorchDevice.Cpu).WasWhole);
        Assert.Equal((kept, Convert.ToHexString(content)), (File.ReadAllText(record), Convert.ToHexString(File.ReadAllBytes(shard.Path))));

        File.WriteAllBytes(shard.Path, content[..^10]);
        Assert.Contains("is not as it was written", plan.Verify().Single(fault => fault.Index == 1).Problem, StringComparison.Ordinal);
        Assert.False(plan.Run(1, _folder.Model, TorchDevice.Cpu).WasWhole);
        Assert.Equal(content, File.ReadAllBytes(shard.Path));

        File.WriteAllText($"{shard.Path}.0.tmp", "what a killed task left");
        string incomplete = Assert.Throws<SentimentMLException>(() => plan.Merge(_folder.At("out.jsonl"))).Message;
        Assert.Contains("part-00000.jsonl does not exist", incomplete, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("out.jsonl")));
        plan.Run(0, _folder.Model, TorchDevice.Cpu);
        plan.Merge(_folder.At("out.jsonl"));
        Assert.Equal(["manifest.json", "part-00000.done.json", "part-00000.jsonl", "part-00001.done.json", "part-00001.jsonl"], _folder.Parts("plan"));
        Assert.Equal(2100, File.ReadLines(_folder.At("out.jsonl")).Count());
    }

    [Fact]
    public void A_part_of_another_plan_is_refused()
    {
        string input = _folder.Write("a.csv", 2100);
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [input], _folder.At("plan"), new ScoringPlanOptions { Shards = 2 });
        ScoringPlan other = ScoringPlan.Create(_folder.Model, [input], _folder.At("other"), new ScoringPlanOptions { Shards = 2, Logits = true });
        foreach (ScoringPlan made in (ScoringPlan[])[plan, other])
            for (int shard = 0; shard < 2; shard++)
                made.Run(shard, _folder.Model, TorchDevice.Cpu);
        foreach (string extension in (string[])["jsonl", "done.json"])
            File.Copy(_folder.At($"other/part-00001.{extension}"), _folder.At($"plan/part-00001.{extension}"), overwrite: true);
        Assert.Contains("another plan", Assert.Throws<SentimentMLException>(() => plan.Run(1, _folder.Model, TorchDevice.Cpu)).Message,
            StringComparison.Ordinal);
        Assert.Contains("another plan", Assert.Throws<SentimentMLException>(() => plan.Merge(_folder.At("out.jsonl"))).Message, StringComparison.Ordinal);

        foreach (string extension in (string[])["jsonl", "done.json"])
            File.Copy(_folder.At($"plan/part-00000.{extension}"), _folder.At($"plan/part-00001.{extension}"), overwrite: true); // double, and so one is missing
        Assert.Equal(1, Assert.Single(plan.Verify()).Index);
        File.Copy(_folder.At("other/part-00001.jsonl"), _folder.At("plan/part-00007.jsonl"));
        Assert.Contains(plan.Verify(), fault =>
            fault.Index is null && fault.Problem.Contains("part-00007.jsonl belongs to no shard", StringComparison.Ordinal));
        File.Delete(_folder.At("plan/part-00001.done.json"));
        plan.Run(1, _folder.Model, TorchDevice.Cpu);
        string stray = Assert.Throws<SentimentMLException>(() => plan.Merge(_folder.At("out.jsonl"))).Message;
        Assert.EndsWith("part-00007.jsonl belongs to no shard of the plan. Move the file away, and then merge.", stray, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_that_cannot_be_read_are_faults_and_a_folder_that_is_gone_is_an_error()
    {
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [_folder.Write("a.csv", 2100)], _folder.At("plan"), new ScoringPlanOptions { Shards = 2 });
        string part = plan.Run(0, _folder.Model, TorchDevice.Cpu).Path;
        using (new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains("part-00000.jsonl cannot be read (", plan.Verify()[0].Problem, StringComparison.Ordinal);
        Directory.Delete(_folder.At("plan"), recursive: true);
        Assert.Contains("cannot be read", Assert.Throws<SentimentMLException>(() => plan.Verify()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_kept_if_it_is_the_same_and_not_replaced_by_another()
    {
        string input = _folder.Write("a.csv", 2100);
        var options = new ScoringPlanOptions { Shards = 2 };
        ScoringPlan plan = ScoringPlan.Create(_folder.Model, [input], _folder.At("plan"), options);
        ScoringPlan.Create(_folder.Model, [input], _folder.At("plan"), options);
        options.Logits = true;
        Assert.Contains("is another plan",
            Assert.Throws<SentimentMLException>(() => ScoringPlan.Create(_folder.Model, [input], _folder.At("plan"), options)).Message,
            StringComparison.Ordinal);
        plan.Run(0, _folder.Model, TorchDevice.Cpu);
        File.Delete(plan.Path);
        Assert.Contains("has parts of a plan",
            Assert.Throws<SentimentMLException>(() => ScoringPlan.Create(_folder.Model, [input], _folder.At("plan"), options)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "its version is 2")]
    [InlineData("\"first_row\": 1024", "\"first_row\": 1000", "do not follow one another")]
    [InlineData("\"rows\": 2100,\n  \"inputs\"", "\"rows\": 2101,\n  \"inputs\"", "do not have each row once")]
    [InlineData("\"inputs\"", "\"input\"", "not a plan")]
    [InlineData("\"rows\": 1076", "\"rows\": 9223372036854775807", "is damaged")]
    [InlineData("\"start\": ", "\"start\": -", "do not follow one another")]
    [InlineData("\"inputs\": [", "\"inputs\": [null,", "a list has an element that is null")]
    [InlineData("\"shards\": [", "\"shards\": [null,", "a list has an element that is null")]
    [InlineData("\"ranges\": [", "\"ranges\": [null,", "a list has an element that is null")]
    [InlineData("\"labels\": [", "\"labels\": [null,", "a list has an element that is null")]
    [InlineData("\"carried_names\": [", "\"carried_names\": [null,", "a list has an element that is null")]
    [InlineData("\"format\": \"JsonLines\"", "\"format\": \"Excel\"", "is not one that shards have")]
    [InlineData("\"precision\": \"float32\"", "\"precision\": 77", "is not one that shards have")]
    public void A_damaged_plan_is_refused(string old, string replaced, string said)
    {
        ScoringPlan plan = ScoringPlan.Create(
            _folder.Model, [_folder.Write("a.csv", 2100)], _folder.At("plan"), new ScoringPlanOptions { Shards = 2, Precision = InferencePrecision.Float32 });
        string json = File.ReadAllText(plan.Path);
        Assert.Contains(old, json, StringComparison.Ordinal);
        File.WriteAllText(plan.Path, json.Replace(old, replaced, StringComparison.Ordinal));
        Assert.Contains(said, Assert.Throws<SentimentMLException>(() => ScoringPlan.Open(plan.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_names_the_line_of_the_whole_file()
    {
        string input = _folder.At("a.csv");
        File.WriteAllText(input,
            "id,text\n" + string.Concat(Enumerable.Range(0, 2100).Select(i => $"{i},\"dos\nlíneas\"\n"))
            .Replace("2000,\"dos\nlíneas\"", "2000,\"\"", StringComparison.Ordinal));
        ScoringPlan plan = ScoringPlan.Create(
            _folder.Model, [input], _folder.At("plan"), new ScoringPlanOptions { Shards = 2, Reading = new ReviewFileOptions { Strict = true } });
        string message = Assert.Throws<SentimentMLException>(() => plan.Run(1, _folder.Model, TorchDevice.Cpu)).Message;
        Assert.Contains("a.csv, line 4002, column 'text'", message, StringComparison.Ordinal);
        Assert.Equal(["manifest.json"], _folder.Parts("plan"));
    }

    [Fact]
    public void Wrong_options_are_named_together()
    {
        string message = Assert.Throws<ArgumentException>(() => ScoringPlan.Create(_folder.Model, [_folder.Write("a.csv", 10)], _folder.At("plan"),
            new ScoringPlanOptions { Shards = 0, UnsureBelow = 2, OutputFormat = PredictionFormat.Excel })).Message;
        Assert.Equal("Shards is 0, expected 1 to 1,000,000. UnsureBelow is 2, expected a score above 0 to 1. OutputFormat is Excel, expected JsonLines, Csv, "
            + "Tsv or Parquet.", message);
    }

    private static long RowsOf(ScoringPlan plan, int shard) => (long)JsonNode.Parse(File.ReadAllText(plan.Path))!["shards"]![shard]!["rows"]!;
}
