using System.Text.Json;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;

namespace SentimentML.Benchmarks;

/// <summary>128 reviews to ids.</summary>
public partial class TokenizationBenchmarks
{
    private BpeTokenizer? _peer;

    /// <summary>GPT-2's words, which RoBERTa has too.</summary>
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();

    /// <summary>The same algorithm on the same vocabulary.</summary>
    [GlobalSetup]
    public void Load()
    {
        if (Workload.Shared("tokenizers", "bne") is not { } folder)
            return;
        var vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(folder, "vocab.json")))!;
        _peer = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = [.. File.ReadLines(Path.Combine(folder, "merges.txt")).Skip(1)],
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Words(), null),
        });
    }

    [Benchmark(Baseline = true), WholeWorkload]
    public int SentimentML() => Workload.Instance.Texts.Sum(text => Workload.Instance.Tokenizer.EncodeToIds(text).Length);

    [Benchmark, WholeWorkload]
    public int MicrosoftMLTokenizers() =>
        Workload.Instance.Texts.Sum(text => (_peer ?? throw new InvalidOperationException("The vocabulary is not there.")).EncodeToIds(text).Count);
}

/// <summary>From a model on disk to the first answer, in a process that has libtorch loaded.</summary>
public class LoadingBenchmarks
{
    [Params(InferencePrecision.Float32, InferencePrecision.BFloat16, InferencePrecision.Int8)]
    public InferencePrecision Precision { get; set; }

    [Benchmark]
    public string Base() => FirstAnswer(Models.Base);

    [Benchmark]
    public string Mini() => FirstAnswer(Models.Mini);

    private string FirstAnswer(string folder)
    {
        using SentimentClassifier classifier =
            SentimentClassifier.Load(folder, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = Precision });
        return classifier.Classify("la mesa tiene las patas bonitas").Label;
    }
}

/// <summary>From a file of reviews to a file of labels.</summary>
public class EndToEndBenchmarks
{
    private readonly string _input = Path.GetTempFileName(), _output = Path.GetTempFileName();
    private SentimentClassifier _classifier = null!;

    [Params(InferencePrecision.Float32, InferencePrecision.BFloat16, InferencePrecision.Int8)]
    public InferencePrecision Precision { get; set; }

    [GlobalSetup]
    public void Load()
    {
        File.WriteAllLines(_input, Workload.Instance.Texts.Select(text => JsonSerializer.Serialize(text)));
        _classifier = SentimentClassifier.Load(Models.Base, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = Precision });
    }

    [GlobalCleanup]
    public void Unload()
    {
        _classifier.Dispose();
        File.Delete(_input);
        File.Delete(_output);
    }

    [Benchmark]
    public void FileToFile() => File.WriteAllLines(_output,
        _classifier.Classify(File.ReadLines(_input).Select(line => JsonSerializer.Deserialize<string>(line)!))
            .Select(answer => $"{answer.Label}\t{answer.Score}"));
}
