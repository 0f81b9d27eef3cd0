using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Onnx;
using SentimentML.Onnx.Runtime;
using SentimentML.Persistence;
using static TorchSharp.torch;

namespace SentimentML.Benchmarks;

/// <summary>Model folders on disk: one of roberta-base's size, and one of the embedded backbone's.</summary>
internal static class Models
{
    private static readonly Lazy<string> BaseFolder = new(() => Written("base", Workload.Network, Workload.Instance.Tokenizer));
    private static readonly Lazy<string> MiniFolder = new(WriteMini);

    public static string Base => BaseFolder.Value;

    public static string Mini => MiniFolder.Value;

    /// <summary>The big one's ONNX graph as our own package writes and runs it.</summary>
    public static IInferenceEngine Exported(OnnxPrecision precision, bool oneCore)
    {
        string folder = Path.Combine(Path.GetDirectoryName(Base)!, "onnx"), graph = Path.Combine(folder, ModelSource.GraphName(precision));
        if (!File.Exists(graph))
            OnnxExport.Write(Base, folder, precision);
        return new GatheringEngine(
            new OnnxEngine(graph, EncoderConfig.Read(ModelFiles.InFolder(folder)), precision, oneCore ? 1 : null), TimeSpan.Zero, together: false);
    }

    private static string WriteMini()
    {
        ModelFiles files = SpanishMini.Backbone.Open(_ => { }, default);
        Pretrained mini = Pretrained.ForLabels(files, ["negative", "positive"], 1, CPU);
        return Written("mini", () => mini.Network, mini.Tokenizer);
    }

    private static string Written(string name, Func<SequenceClassifier> network, PretrainedTokenizer tokenizer)
    {
        string folder = Path.Combine(Path.GetTempPath(), "sentimentml-benchmarks", name);
        if (!File.Exists(Path.Combine(folder, EncoderConfig.FileName)))
        {
            SequenceClassifier built = network();
            var config = built.Config;
            config.Source["model_type"] = "roberta";
            foreach ((string key, JsonNode? value) in (ReadOnlySpan<(string, JsonNode?)>)[
                ("vocab_size", config.VocabularySize), ("hidden_size", config.HiddenSize), ("num_hidden_layers", config.Layers),
                ("num_attention_heads", config.Heads),
                ("intermediate_size", config.IntermediateSize), ("max_position_embeddings", config.MaxPositions), ("type_vocab_size", config.TokenTypes),
                ("layer_norm_eps", config.LayerNormEpsilon), ("pad_token_id", config.PadTokenId)])
                config.Source[key] = value;
            using var model = new TextClassificationModel(new ModelParts(config, tokenizer, new ModelRecord()), built, CPU);
            ModelFolder.Save(model, folder);
        }
        return folder;
    }
}
