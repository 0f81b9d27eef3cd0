using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SentimentML.Files;

namespace SentimentML.Tokenization;

/// <summary>One of a tokenizer's files as it came: its bytes, and the messages that name it.</summary>
internal sealed class TokenizerFile
{
    /// <summary>The largest published vocabularies have files of some ten megabytes.</summary>
    private const int LargestFile = 256 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private TokenizerFile(string path, byte[] content) => (Path, Content) = (path, content);

    public string Path { get; }

    public byte[] Content { get; }

    /// <summary>The content without a byte order mark.</summary>
    public ReadOnlySpan<byte> Text => Content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Content.AsSpan(3) : Content;

    /// <summary>Reads a file whole; null where it is not there.</summary>
    public static TokenizerFile? Find(ModelFiles files, string name, bool isBinary = false)
    {
        if (!files.Contains(name))
            return null;
        using MappedFile mapped = files.Map(name);
        if (mapped.Length > LargestFile)
            throw new ModelFileException($"{mapped.Path} has {mapped.Length:N0} bytes; a tokenizer's file has at most {LargestFile:N0}. It is another file "
                + "under this name: get it again from where the model came from.");
        var file = new TokenizerFile(mapped.Path, mapped.Span(0, mapped.Length).ToArray());
        if (!isBinary && !Utf8.IsValid(file.Content))
            throw file.Damaged("it is not UTF-8 text");
        return file;
    }

    /// <summary>What to throw when the file is not what it should be.</summary>
    public ModelFileException Damaged(string what, Exception? cause = null)
    {
        string message = $"{Path}: {what}. The file is damaged or not a tokenizer's: get it again from where the model came from.";
        return cause is null ? new ModelFileException(message) : new ModelFileException(message, cause);
    }

    /// <summary>What to throw when the file is sound and has a part that is not supported.</summary>
    public ModelFileException NotSupported(string found, string supported) =>
        new($"{Path}: found {found}, expected {supported}. Tokenizers with other parts are not supported: use a model whose tokenizer has these.");

    public ModelFileException Malformed(JsonException e) =>
        Damaged($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not valid JSON ({e.Message.Split(". ")[0]})", e);

    /// <summary>Reads a small file whole as a JSON object.</summary>
    public JsonElement ParseObject() => ParseObject(Content.AsMemory(Content.Length - Text.Length));

    /// <summary>Reads a part of the file, or what is left of it, as a JSON object. A key that stands twice is a fault.</summary>
    public JsonElement ParseObject(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(PythonJson.ToPlain(text), Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Damaged($"found a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}, expected an object");
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
        catch (InvalidOperationException e) // half of a surrogate pair, found when keys are compared
        {
            throw Damaged("a key is not valid text", e);
        }
    }

    /// <summary>A string of the file; a bad escape in it is the file's fault.</summary>
    public string StringOf(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Damaged($"{what} is {Describe(element)}, expected a string");
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException e) // half of a surrogate pair
        {
            throw Damaged($"{what} is not valid text", e);
        }
    }

    /// <summary>A key of an object of the file; a bad escape in it is the file's fault.</summary>
    public string NameOf(JsonProperty property, string owner)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e) // half of a surrogate pair
        {
            throw Damaged($"a key of {owner} is not valid text", e);
        }
    }

    /// <summary>A flag of the file, or null where it is not there.</summary>
    public bool? FlagOf(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out JsonElement flag) || flag.ValueKind == JsonValueKind.Null)
            return null;
        return flag.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Damaged($"{name} is {Describe(flag)}, expected true or false"),
        };
    }

    /// <summary>Whether a side of the file is the left one: tokenizers writes "Left", transformers "left".</summary>
    public bool IsLeft(JsonElement element, string what) => StringOf(element, what) switch
    {
        "left" or "Left" => true,
        "right" or "Right" => false,
        _ => throw Damaged($"{what} is {Describe(element)}, expected left or right"),
    };

    /// <summary>What a file has in some place, for a message; "missing" where it has nothing there.</summary>
    public static string Describe(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
            return "missing";
        string text = element.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
