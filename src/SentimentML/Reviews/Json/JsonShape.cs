using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>What each item of a JSON file is, and how it is made the object that rows are read from.</summary>
/// <param name="First">The token that an item begins with; <see cref="JsonTokens.End"/> for any.</param>
/// <param name="What">An item, for messages.</param>
/// <param name="Expected">What an item is expected to be, for messages.</param>
internal sealed record JsonShape(byte First, string What, string Expected)
{
    /// <summary>An object with a review's properties, given as it is.</summary>
    public static readonly JsonShape Objects = new((byte)'{', "object", "a JSON object with a review's properties");

    /// <summary>An object, given with texts in place of the elements of XML in it.</summary>
    public static readonly JsonShape Elements = Objects with { HasElements = true };

    /// <summary>A text by itself, given as an object with that text.</summary>
    public static readonly JsonShape Texts = new((byte)'"', "text", "a text in quotes, as the first item is");

    /// <summary>An object whose JSON is written as a text, given as that object.</summary>
    public static readonly JsonShape EncodedObjects = new((byte)'"', "text", "a text with a JSON object in it, as the first item is");

    /// <summary>Any value, given as it is.</summary>
    public static readonly JsonShape Values = new(JsonTokens.End, "value", "a value");

    /// <summary>The names of a list's values; null where an item is no list.</summary>
    public IReadOnlyList<string>? Names { get; private init; }

    /// <summary>Whether the first item is the names, and no row.</summary>
    public bool HasHeader { get; private init; }

    /// <summary>A list of values, given as an object with these names: a table's row.</summary>
    public static JsonShape Lists(IReadOnlyList<string> names, bool hasHeader) =>
        new((byte)'[', "list", "a list of values, as the first item is") { Names = names, HasHeader = hasHeader };

    private bool HasElements { get; init; }

    /// <summary>What a chat says; null where an item is none.</summary>
    public JsonChat? Chat { get; private init; }

    /// <summary>A chat between a user and an assistant, given as an object with a text and its label.</summary>
    public static JsonShape Chats(JsonChat chat) => Objects with { Chat = chat };

    public bool Begins(byte token) => First == JsonTokens.End || First == token;

    /// <summary>Writes an item as an object. Writes nothing if the item is used as it is.</summary>
    /// <exception cref="SentimentMLException">A list has more values than there are names, a chat not one text and one label, or a text is broken.</exception>
    public void Write(ReadOnlySpan<byte> item, ArrayBufferWriter<byte> made, string path, string place)
    {
        if (Names is not null)
            WriteList(item, made, path, place);
        else if (Chat is not null)
            Chat.Write(item, made, path, place);
        else if (HasElements)
            FeedElements.Write(item, made, path, place);
        else if (this == EncodedObjects)
            WriteDecoded(item, made, path, place);
        else if (First == '"')
            Write(made, "{\"text\":"u8, item, "}"u8);
    }

    /// <summary>Adds a property to an item's object.</summary>
    /// <param name="made">The object that the item was made, or nothing.</param>
    /// <param name="item">The item as the file has it.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="value">Its JSON.</param>
    public static void Add(ArrayBufferWriter<byte> made, ReadOnlySpan<byte> item, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte[] before = (made.WrittenCount > 0 ? made.WrittenSpan : item)[..^1].ToArray();
        made.ResetWrittenCount();
        made.Write(before);
        Write(made, before.AsSpan(1).Trim(" \t\r\n"u8).IsEmpty ? "\""u8 : ",\""u8, name, "\":"u8);
        Write(made, value, "}"u8, default);
    }

    private static void WriteDecoded(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> made, string path, string place)
    {
        try
        {
            made.Write(Encoding.UTF8.GetBytes(JsonText.Decoded(text) ?? ""));
        }
        catch (InvalidOperationException e)
        {
            throw JsonRow.HalfPair(e, path, place);
        }
    }

    private void WriteList(ReadOnlySpan<byte> list, ArrayBufferWriter<byte> made, string path, string place)
    {
        int column = 0, start = 1;
        made.Write("{"u8);
        for (int position = 1, depth = 1; position < list.Length; position++)
        {
            depth += list[position] is (byte)'{' or (byte)'[' ? 1 : list[position] is (byte)'}' or (byte)']' ? -1 : 0;
            if (list[position] == '"')
                position += JsonText.StringLength(list[position..]) - 1;
            else if (depth == 0 || (depth == 1 && list[position] == ','))
            {
                ReadOnlySpan<byte> value = list[start..position].Trim(" \t\r\n"u8);
                if (value.IsEmpty)
                    break; // an empty list
                if (column == Names!.Count)
                    throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture,
                        $"{path}, {place}: the list has more than {column} values, expected {column}, as the first has."));
                Write(made, column == 0 ? "\""u8 : ",\""u8, JsonEncodedText.Encode(Names[column++]).EncodedUtf8Bytes, "\":"u8);
                made.Write(value);
                start = position + 1;
            }
        }
        made.Write("}"u8);
    }

    private static void Write(ArrayBufferWriter<byte> made, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        made.Write(first);
        made.Write(second);
        made.Write(third);
    }
}
