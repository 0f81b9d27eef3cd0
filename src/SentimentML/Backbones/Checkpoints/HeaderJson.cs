using System.Text.Json;
using System.Text.Unicode;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>Reads the JSON of headers and indexes token by token, without a tree, and refuses what their formats refuse.</summary>
internal static class HeaderJson
{
    /// <summary>A roberta-large has 400 tensors; larger files are rejected.</summary>
    public const int MaxProperties = 1 << 14;

    private const int MaxNameBytes = 1024;

    public delegate void ReadObject(ref Utf8JsonReader json);

    /// <summary>Reads one object that fills the text, with nothing but white space behind it.</summary>
    public static void Read(string path, ReadOnlySpan<byte> text, ReadObject read)
    {
        if (!Utf8.IsValid(text))
            throw new ModelFileException($"{path}: the JSON is not UTF-8. The file is damaged: download it again.");
        RefuseStrayWords(path, text);
        try
        {
            var json = new Utf8JsonReader(text);
            Expect(ref json, JsonTokenType.StartObject, path, "the JSON");
            read(ref json);
            json.Read();
        }
        catch (JsonException e)
        {
            throw new ModelFileException($"{path}: the JSON cannot be read: {e.Message} The file is damaged: download it again.", e);
        }
    }

    /// <summary>The next property's name, or null at the object's end; a name that came before is refused.</summary>
    public static string? NextProperty(ref Utf8JsonReader json, HashSet<string> seen, string path, MemoryBudget budget)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
            return null;
        budget.Spend(MemoryBudget.Item + MemoryBudget.Text + 2L * json.ValueSpan.Length);
        string name = Name(ref json, path);
        if (!seen.Add(name))
            throw new ModelFileException($"{path}: the key {Quoted.Name(name)} is there twice. The file is damaged or forged: download it again.");
        if (seen.Count > MaxProperties)
            throw new ModelFileException($"{path} has more than {MaxProperties} keys; an encoder has a few hundred.");
        return name;
    }

    /// <summary>The current token as a string of bounded length.</summary>
    public static string Name(ref Utf8JsonReader json, string path)
    {
        if (json.ValueSpan.Length > MaxNameBytes)
            throw new ModelFileException(
                $"{path}: a name of {json.ValueSpan.Length} bytes ({Quoted.Name(json.ValueSpan)}) is refused; {MaxNameBytes} are allowed.");
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e) // an escape that stands for half a character
        {
            throw new ModelFileException($"{path}: the name {Quoted.Name(json.ValueSpan)} is no text: {e.Message}", e);
        }
    }

    /// <summary>Reads the next token, which has to be of a kind. Its description is only put together for an error.</summary>
    public static void Expect(ref Utf8JsonReader json, JsonTokenType kind, string path, string what, string? ofName = null)
    {
        json.Read();
        if (json.TokenType != kind)
            throw new ModelFileException($"{path}: {what}{(ofName is null ? "" : $" of {Quoted.Name(ofName)}")} should be {Describe(kind)}, found "
                + $"{Describe(json.TokenType)}. The file is damaged: download it again.");
    }

    /// <summary>
    /// Utf8JsonReader quotes all the rest of the text in its error where it expected true, false or null; of a hostile
    /// header that is more memory than the file. So a word that is none of them is found before.
    /// </summary>
    private static void RefuseStrayWords(string path, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                i = EndOfString(text, i);
            else if (text[i] is (byte)'t' or (byte)'f' or (byte)'n')
                i += LiteralLength(text[i..]) is var length and > 0
                    ? length - 1
                    : throw new ModelFileException($"{path}: byte {i} of the JSON begins {Quoted.Name(text.Slice(i, Math.Min(8, text.Length - i)))}, which is "
                        + "no value. The file is damaged: download it again.");
        }
    }

    private static int EndOfString(ReadOnlySpan<byte> text, int start)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i;
        }
        return text.Length;
    }

    private static int LiteralLength(ReadOnlySpan<byte> text) =>
        text.StartsWith("true"u8) || text.StartsWith("null"u8) ? 4 : text.StartsWith("false"u8) ? 5 : 0;

    private static string Describe(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        _ => kind.ToString(),
    };
}
