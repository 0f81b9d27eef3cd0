using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Onnx.Runtime;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Onnx.Tests;

/// <summary>A tiny classifier on libtorch, whose answers the ONNX graphs must give too; its files are a copy of its own.</summary>
internal sealed class TinyModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="name">The golden folder.</param>
    /// <param name="settings">What config.json says otherwise than the golden's.</param>
    public TinyModel(string name, params (string Key, object Value)[] settings)
    {
        foreach (string file in System.IO.Directory.EnumerateFiles(Shared.Golden(name)))
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        string config = Path.Combine(_folder.Path, "config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(config))!;
        foreach ((string key, object value) in settings)
            json[key] = JsonValue.Create(value);
        File.WriteAllText(config, json.ToJsonString());
        Model = SavedModel.Open(_folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        Network = Model.LoadNetwork(CPU);
        Torch = EncoderEngine.Of(Network, InferencePrecision.Float32, CPU);
    }

    public string Folder => _folder.Path;

    public SavedModel Model { get; }

    public SequenceClassifier Network { get; }

    /// <summary>The network on libtorch.</summary>
    public IInferenceEngine Torch { get; }

    /// <summary>The model's graph, written and opened.</summary>
    public OnnxEngine Engine(OnnxPrecision precision, int? cores = null)
    {
        string path = Path.Combine(_folder.Path, precision + ".onnx");
        OnnxExport.WriteGraph(Network, path, precision);
        return new OnnxEngine(path, Model.Config, precision, cores);
    }

    /// <summary>Rows of very different lengths: the shortest there is, the longest there is, one with padding ids inside.</summary>
    public IReadOnlyList<TokenRow> Rows()
    {
        var random = new Random(7);
        int longest = Math.Min(512, Model.Config.MaxTokens);
        int[] lengths = [2, 3, longest, 40, 41, 17, 64, 5];
        int pad = Model.Config.PadTokenId;
        return [.. lengths.Select(length => (TokenRow)Row(random, length)), new[] { 0, 300, pad, 301, pad, pad, 302, 2 }];
    }

    /// <summary>The token ids of the reference's texts.</summary>
    public static IReadOnlyList<TokenRow> ReferenceRows(JsonElement golden) =>
        [.. golden.GetProperty("ids").EnumerateArray().Select(row => (TokenRow)row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

    public void Dispose()
    {
        Torch.Dispose();
        Network.Dispose();
        _folder.Dispose();
    }

    private int[] Row(Random random, int length) => [0, .. Enumerable.Range(0, length - 2).Select(_ => random.Next(6, Model.Config.VocabularySize)), 2];
}
