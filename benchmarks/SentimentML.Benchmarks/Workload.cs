using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tests.Infrastructure;

namespace SentimentML.Benchmarks;

/// <summary>
/// What is classified, by what: 128 reviews of real lengths (42 tokens on average, 11 to 180) and a network of
/// roberta-base's size. The reviews and the vocabulary come from ../shared beside the checkout; where that is missing,
/// texts of about the same lengths are put together from the samples, with the small backbone's vocabulary.
/// </summary>
internal sealed class Workload
{
    public const int Reviews = 128;

    /// <summary>Multiplications and additions of the linear layers for one token, all layers: what the matmul bound is counted in.</summary>
    public const double OperationsPerToken = 2.0 * 12 * (4 * 768 * 768 + 2 * 768 * 3072);

    private static readonly Lazy<Workload> Default = new(() => new Workload());

    private Workload()
    {
        string? vocabulary = Shared("tokenizers", "bne"), reviews = Shared("data", "amazon_reviews_multi_es", "dataset_es_dev.json.gz");
        Tokenizer = vocabulary is not null
            ? PretrainedTokenizer.FromFolder(vocabulary)
            : PretrainedTokenizer.Load(SpanishMini.Backbone.Open(_ => { }, default));
        Texts = reviews is not null ? Take(reviews) : [.. Made(Tokenizer)];
        Ids = [.. Texts.Select(text => Tokenizer.EncodeToIds(text))];
        Description = $"{Reviews} {(reviews is not null ? "Amazon reviews" : "texts made from the samples")}, {Tokens / (double)Reviews:0.0} tokens on average";
    }

    public static Workload Instance => Default.Value;

    public string Description { get; }

    public PretrainedTokenizer Tokenizer { get; }

    public IReadOnlyList<string> Texts { get; }

    public IReadOnlyList<int[]> Ids { get; }

    public int Tokens => Ids.Sum(row => row.Length);

    public double Operations => Tokens * OperationsPerToken;

    /// <summary>The network with weights by the formula of golden/base_forward.json.</summary>
    public static SequenceClassifier Network() => FormulaWeights.Base();

    /// <summary>Our engine beside a network, with the threads that a classifier has.</summary>
    public static GatheringEngine Engine(SequenceClassifier network, InferencePrecision precision) =>
        new(EncoderEngine.Of(network, precision, TorchSharp.torch.CPU, () => CalibrationTexts.Ids(Instance.Tokenizer, network.Config.MaxTokens)),
            TimeSpan.Zero);

    /// <summary>A text of so many tokens, special ones included.</summary>
    public int[] OfLength(int tokens)
    {
        int[] all = [.. Ids.SelectMany(row => row[1..^1])];
        return [Ids[0][0], .. all[..(tokens - 2)], Ids[0][^1]];
    }

    /// <summary>A path in the materials beside the checkout; null where they are missing.</summary>
    public static string? Shared(params string[] parts)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine([at.FullName, "..", "shared", .. parts]);
            if (File.Exists(Path.Combine(at.FullName, "SentimentML.sln")))
                return Path.Exists(path) ? Path.GetFullPath(path) : null;
        }
        return null;
    }

    private static string[] Take(string reviews)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(reviews), CompressionMode.Decompress));
        return [.. Enumerable.Range(0, Reviews).Select(_ =>
        {
            JsonElement review = JsonDocument.Parse(lines.ReadLine()!).RootElement;
            return $"{review.GetProperty("review_title")}\n{review.GetProperty("review_body")}";
        })];
    }

    /// <summary>Lengths by a log-normal law's quantiles, as the reviews' are.</summary>
    private static IEnumerable<string> Made(PretrainedTokenizer tokenizer)
    {
        IDataView samples = new MLContext().Data.LoadReviews(Path.Combine(AppContext.BaseDirectory, "samples", "train.jsonl"));
        string[] words = [.. samples.GetColumn<string>("Text").SelectMany(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];
        var random = new Random(42);
        for (int i = 0; i < Reviews; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            int length = (int)Math.Clamp(Math.Exp(3.55 + 0.6 * normal), 8, 300);
            string text = "";
            for (int at = random.Next(words.Length); tokenizer.EncodeToIds(text).Length < length; at++)
                text += words[at % words.Length] + " ";
            yield return text.TrimEnd();
        }
    }
}
