using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones;
using SentimentML.Files;

namespace SentimentML.Encoders;

/// <summary>What a network looks like: what config.json says, in this library's words, with the architecture's own defaults.</summary>
internal sealed record EncoderConfig
{
    /// <summary>How transformers' class names for other tasks end.</summary>
    private static readonly string[] OtherTasks = ["ForTokenClassification", "ForQuestionAnswering", "ForMultipleChoice", "ForNextSentencePrediction"];

    /// <summary>64 times what 8,192 positions of ModernBERT large take.</summary>
    private const long MaxRotaryAngles = 1 << 25;

    public const string FileName = "config.json";

    public required Architecture Architecture { get; init; }

    public required int VocabularySize { get; init; }
    public required int HiddenSize { get; init; }
    public required int Layers { get; init; }
    public required int Heads { get; init; }
    public required int IntermediateSize { get; init; }

    /// <summary>Rows of the table of positions; null if positions are in the attention (rotary).</summary>
    public required int? MaxPositions { get; init; }

    /// <summary>The longest row of tokens, special ones included, that the network takes.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>
    /// Whether positions count from the padding id + 1, where padding itself has the padding id's position (RoBERTa); otherwise
    /// they count from 0.
    /// </summary>
    public bool CountsFromPadding { get; init; }

    /// <summary>Rows of the table of token types; 0 without one.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Whether the types of tokens are an input of the network in transformers: RoBERTa has a table of types and never asks.</summary>
    public bool TellsTextsOfPairsApart { get; init; }

    /// <summary>What is special in each layer's attention; empty if nothing is.</summary>
    public IReadOnlyList<LayerAttention> Attentions { get; init; } = [];

    public double LayerNormEpsilon { get; init; } = 1e-12;
    public bool HasNormBias { get; init; } = true;
    public bool HasAttentionBias { get; init; } = true;
    public bool HasFeedForwardBias { get; init; } = true;
    public double HiddenDropout { get; init; }
    public double AttentionDropout { get; init; }
    public double FeedForwardDropout { get; init; }
    public double ClassifierDropout { get; init; }
    public double InitializerRange { get; init; } = 0.02;
    public int PadTokenId { get; init; }

    /// <summary>Between a layer's two outer matrices.</summary>
    public Activation Activation { get; init; }

    /// <summary>How the tokens' vectors become one for the classification head.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.First;

    /// <summary>Between the classification head's two matrices.</summary>
    public Activation HeadActivation { get; init; } = Activation.Tanh;

    /// <summary>Whether the head's first matrix has a bias.</summary>
    public bool HasHeadBias { get; init; } = true;

    /// <summary>Whether dropout comes before the head's first matrix too.</summary>
    public bool DropsHeadInput { get; init; }

    /// <summary>Between the language model head's two matrices.</summary>
    public Activation PredictionActivation { get; init; }

    /// <summary>The labels' names in the order of the logits.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["LABEL_0", "LABEL_1"];

    /// <summary>What the logits say.</summary>
    public ProblemType Problem { get; init; }

    /// <summary>All of config.json, so that what is not understood here is kept when it is written again.</summary>
    public JsonObject Source { get; init; } = [];

    public int HeadSize => HiddenSize / Heads;

    /// <summary>At least so many numbers are in the encoder and its embeddings, without a head.</summary>
    public long EncoderParameters
    {
        get
        {
            long hidden = HiddenSize, inner = IntermediateSize;
            long embeddings = ((long)VocabularySize + (MaxPositions ?? 0) + TokenTypes) * hidden;
            return embeddings + Layers * (4 * hidden * hidden + 2 * hidden * inner);
        }
    }

    /// <summary>The longest text in tokens, special ones included: the network's positions, or the tokenizer's limit if it states a lower one.</summary>
    public int MaxTokensOf(PretrainedTokenizer tokenizer) => Math.Min(MaxTokens, tokenizer.StatedMaxTokens ?? MaxTokens);

    /// <summary>
    /// The class name in config.json's architectures if it belongs to another task, such as ModernBertForTokenClassification; otherwise null.
    /// The weights alone do not tell: some of these heads have the same tensors as a text classifier's.
    /// </summary>
    public string? OtherTask
    {
        get
        {
            string[] named = [.. (Source["architectures"] as JsonArray ?? []).Select(name => name?.ToString() ?? "")];
            return named.Any(name => name.EndsWith("ForSequenceClassification", StringComparison.Ordinal)) ? null
                : named.FirstOrDefault(name => OtherTasks.Any(task => name.EndsWith(task, StringComparison.Ordinal)));
        }
    }

    /// <summary>Reads config.json, by whichever architecture its model_type names.</summary>
    /// <exception cref="ModelFileException">The file is missing or damaged, or the network is of no architecture that is supported.</exception>
    public static EncoderConfig Read(ModelFiles files)
    {
        if (!files.Contains(FileName) && PeftAdapter.IsIn(files))
            throw new ModelFileException($"{files.Location} is an adapter{(AdapterFiles.BaseOf(files) is { } name ? $" of {Quoted.Name(name)}" : "")}, without "
                + "the model that it changes. Copy its files into that model's folder, and open the folder; or merge it in Python with peft's "
                + "merge_and_unload, and save that. A folder is looked for from the working directory and from the adapter's own.");
        if (!files.Contains(FileName))
            throw new ModelFileException($"{files.Location} has no {FileName}, expected a model folder: {FileName}, weights (model.safetensors or "
                + "pytorch_model.bin) and a tokenizer (tokenizer.json, or the files that it is made from)."
                + (SubfolderWithModel(files.Location) is { } inner
                    ? $" Name its folder {inner}, which has {(File.Exists(Path.Combine(inner, FileName)) ? "one" : "an adapter")}." : ""));
        try
        {
            JsonNode? node = JsonNode.Parse(files.ReadJson(FileName), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            var json = new ConfigReader(node as JsonObject ?? throw new JsonException("the outermost value is not an object"));
            json.ExpectPlainWeights();
            json.ExpectAllHeads();
            json.ExpectNoCode();
            EncoderConfig config = Architectures.For(Architectures.TypeOf(json)).Read(json).Checked();
            if (!json.NamesLabels && PeftAdapter.IsIn(files) && PeftAdapter.LabelsOf(files, config.Architecture.Names) is { } labels)
                config = config with { Labels = ConfigReader.UnnamedLabels(labels) }; // as from_pretrained has them with num_labels
            return config with { Problem = json.Problem(config.Labels.Count) };
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new ModelFileException($"{files.Location}/{FileName} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Where the network of older sentence transformers lies, what an archive was unpacked into, or a snapshot in the hub's cache.</summary>
    private static string? SubfolderWithModel(string folder) => Directory.Exists(folder)
        ? new[] { folder, Path.Combine(folder, "snapshots") }.Where(Directory.Exists)
            .SelectMany(each => Directory.EnumerateDirectories(each).Order(StringComparer.Ordinal))
            .FirstOrDefault(inner => File.Exists(Path.Combine(inner, FileName)) || File.Exists(Path.Combine(inner, AdapterFiles.Config)))
        : null;

    /// <summary>config.json of the network as a classifier, keys in order, as transformers writes it.</summary>
    /// <param name="dtype">The numbers that the weights are saved in, as PyTorch calls them.</param>
    public JsonObject ToJson(string dtype = "float32")
    {
        var json = (JsonObject)Source.DeepClone();
        json["architectures"] = new JsonArray(Architecture.ClassifierName);
        json["id2label"] = new JsonObject(Labels.Select((name, id) => KeyValuePair.Create(id.ToString(CultureInfo.InvariantCulture), (JsonNode?)name)));
        var ids = new JsonObject();
        foreach ((string name, int id) in Labels.Select((name, id) => (name, id)).OrderBy(label => label.name, StringComparer.Ordinal))
            ids[name] = id; // of two labels with one name the last, as transformers does
        json["label2id"] = ids;
        json["problem_type"] = Problem switch
        {
            ProblemType.MultiLabel => "multi_label_classification",
            ProblemType.Regression => "regression",
            _ => "single_label_classification",
        };
        json.Remove("num_labels");
        json.Remove("torch_dtype"); // the older name of dtype
        json["dtype"] = dtype;
        return new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
    }

    /// <summary>What must hold for any network.</summary>
    private EncoderConfig Checked()
    {
        if (HiddenSize % Heads != 0)
            throw new FormatException($"the hidden size {HiddenSize} is not a multiple of the {Heads} attention heads.");
        if (Attentions.Count > 0 && HeadSize % 2 != 0)
            throw new FormatException(
                $"the hidden size {HiddenSize} over {Heads} attention heads gives the head size {HeadSize}, expected an even number for rotary positions.");
        if (Attentions.Count > 0 && (long)MaxTokens * HeadSize > MaxRotaryAngles)
            throw new FormatException($"max_position_embeddings {MaxTokens} with the head size {HeadSize} makes a table of {(long)MaxTokens * HeadSize} "
                + $"rotary angles, expected at most {MaxRotaryAngles}.");
        if (PadTokenId >= VocabularySize)
            throw new FormatException($"pad_token_id {PadTokenId} is not below vocab_size {VocabularySize}.");
        if (MaxTokens < 3)
            throw new FormatException($"max_position_embeddings {MaxPositions} leaves no room for a "
                + $"text{(CountsFromPadding ? $" (positions start at pad_token_id + 1 = {PadTokenId + 1})" : "")}.");
        return this;
    }
}

/// <summary>A layer's attention with rotary positions.</summary>
/// <param name="Theta">The base of the positions' angles.</param>
/// <param name="Window">How many tokens to each side a token sees; null for all.</param>
internal sealed record LayerAttention(double Theta, int? Window);
