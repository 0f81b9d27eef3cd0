using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Tokenization;

/// <summary>
/// The class of transformers that a tokenizer's files are for. It says what older files mean, which one name may have for several
/// classes, and what is set where the files beside tokenizer.json do not say it.
/// </summary>
internal sealed class TokenizerClass
{
    private const string ModelConfig = "config.json";

    /// <summary>The classes that read vocab.txt as BERT does, by their names without "Fast".</summary>
    public static readonly IReadOnlyList<string> Bert =
        ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "ConvBertTokenizer", "MobileBertTokenizer", "SqueezeBertTokenizer", "RetriBertTokenizer"];

    public static readonly IReadOnlyList<string> XlmRoberta = ["XLMRobertaTokenizer"];

    public static readonly IReadOnlyList<string> Camembert = ["CamembertTokenizer"];

    public static readonly IReadOnlyList<string> Albert = ["AlbertTokenizer"];

    /// <summary>The classes that read vocab.json and merges.txt as RoBERTa does.</summary>
    public static readonly IReadOnlyList<string> Roberta = ["RobertaTokenizer", "LongformerTokenizer", "BartTokenizer"];

    /// <summary>The classes that put no space in front of a text unless tokenizer_config.json says so, whatever tokenizer.json says.</summary>
    public static readonly IReadOnlyList<string> WithoutPrefixSpace = [.. Roberta, "GPT2Tokenizer"];

    private readonly string? _name;

    private TokenizerClass(string? name) => _name = name;

    /// <summary>Whether nothing says the class.</summary>
    public bool IsUnknown => _name is null;

    /// <summary>As AutoTokenizer finds it: in tokenizer_config.json, else in config.json, else by the kind of model.</summary>
    public static TokenizerClass Of(TokenizerFile? configFile, JsonElement config, ModelFiles files)
    {
        if (configFile is not null && Text(configFile, config, "tokenizer_class") is { } name)
            return new TokenizerClass(WithoutFast(name));
        if (TokenizerFile.Find(files, ModelConfig) is not { } modelFile)
            return new TokenizerClass(null);
        JsonElement model = modelFile.ParseObject();
        return new TokenizerClass(Text(modelFile, model, "tokenizer_class") is { } stated ? WithoutFast(stated) : Text(modelFile, model, "model_type") switch
        {
            "bert" => "BertTokenizer",
            "distilbert" => "DistilBertTokenizer",
            "roberta" => "RobertaTokenizer",
            "xlm-roberta" => "XLMRobertaTokenizer",
            "camembert" => "CamembertTokenizer",
            _ => null,
        });
    }

    public bool IsOneOf(IReadOnlyList<string> names) => _name is not null && names.Contains(_name);

    /// <summary>The file, of which only some classes mean what is read here.</summary>
    /// <exception cref="ModelFileException">It is another class's.</exception>
    public TokenizerFile Is(IReadOnlyList<string> names, TokenizerFile file) => IsUnknown || IsGeneric || IsOneOf(names)
        ? file
        : throw new ModelFileException($"{file.Path} is of the class {_name}, which is read from {TokenizerReader.TokenizerJson} alone; without that file, "
            + $"expected the class {string.Join(" or ", names)}. Where a class has a fast form, transformers writes {TokenizerReader.TokenizerJson}: "
            + "AutoTokenizer.from_pretrained(folder).save_pretrained(folder).");

    /// <summary>Whether it is the class for any tokenizer.json, which says nothing of other files.</summary>
    private bool IsGeneric => _name is "PreTrainedTokenizer" or "TokenizersBackend";

    private static string WithoutFast(string name) => name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;

    private static string? Text(TokenizerFile file, JsonElement element, string key) =>
        TokenizerJson.Part(element, key) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } text ? file.StringOf(text, key) : null;
}
