using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// How a file on which chat models are fine-tuned holds a text and its label: what the user says and what the assistant answers, in lists of messages
/// (OpenAI's "messages", ShareGPT's "conversations", Gemini's "contents"), its own or those of an object in it (a batch's requests), or in two properties
/// ("prompt" and "completion", Alpaca's "input" and "output"). Each row becomes an object with "text" and "label" in their place.
/// </summary>
internal sealed partial class JsonChat
{
    private const int SampleRows = 1000;

    private static readonly (string User, string Assistant)[] Pairs = [("prompt", "completion"), ("input", "output")];

    private static readonly HashSet<string> Users = new(StringComparer.OrdinalIgnoreCase) { "user", "human" };

    private static readonly HashSet<string> Assistants = new(StringComparer.OrdinalIgnoreCase) { "assistant", "gpt", "model", "bot" };

    private readonly (string User, string Assistant)? _pair; // null for messages
    private readonly string[] _parts; // the properties with the text and the label
    private readonly string? _ownLabel; // a property beside the messages
    private readonly string? _mark; // at the end of all texts
    private readonly bool _hasAnswers;

    private JsonChat((string User, string Assistant)? pair, string[] parts, string? ownLabel, string? mark = null, bool hasAnswers = false) =>
        (_pair, _parts, _ownLabel, _mark, _hasAnswers) = (pair, parts, ownLabel, mark, hasAnswers);

    /// <summary>What is read, for a warning.</summary>
    public string Told => (_pair is var (user, assistant)
        ? Localized.Say(
            $"'{user}' se lee como el texto y '{assistant}' como la etiqueta, como en los archivos para afinar modelos de chat.",
            $"'{user}' is read as the text and '{assistant}' as the label, as in files for the fine-tuning of chat models.")
        : _ownLabel is null && _hasAnswers
        ? Localized.Say(
            "las filas son chats; el mensaje del usuario se lee como el texto, y la respuesta del asistente, como la etiqueta.",
            "the rows are chats; the user's message is read as the text, the assistant's answer as the label.")
        : Localized.Say("las filas son chats; el mensaje del usuario se lee como el texto.", "the rows are chats; the user's message is read as the text."))
        + (_mark is null ? "" : Localized.Say(
            $" El {Quoted.Value(_mark)} al final de cada texto se quita.", $" The {Quoted.Value(_mark)} at the end of each text is taken off."));

    /// <summary>What the first rows say; null if they have texts of their own, or are no chats.</summary>
    /// <param name="items">The file's objects as they are; owned.</param>
    /// <param name="options">The columns that are named.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SentimentMLException">The answers are no labels, there are other labels beside them, or there are answers alone.</exception>
    public static JsonChat? Find(JsonItems items, ReviewFileOptions options, string path)
    {
        JsonChat? chat = null;
        string? mark = null;
        int texts = 0;
        var answers = new Answers();
        using (items)
        {
            for (int row = 0; row < SampleRows && Next(items) is { } document; row++)
            {
                using (document)
                {
                    try
                    {
                        chat ??= Of(document.RootElement, options);
                        if (chat is null)
                        {
                            RequireTexts(document.RootElement, options, path);
                            return null;
                        }
                        (string? text, string? label) = chat.Read(document.RootElement, out _);
                        answers.Add(label);
                        if (text is not null)
                            mark = texts++ == 0 ? Mark().Match(text.TrimEnd()).Value : EndsIn(text, mark!) ? mark : "";
                    }
                    catch (InvalidOperationException)
                    {
                        continue; // half of a surrogate pair; the reader of the row reports it
                    }
                }
            }
        }
        if (chat is null)
            return null;
        if (chat._ownLabel is { } own && answers.Count > 0 && (options.LabelColumn ?? options.StarsColumn) is null)
            throw new SentimentMLException($"{path}: the rows are chats with the assistant's answers, and have a column {Quoted.Name(own)} beside them, "
                + $"expected labels in one of the two. To take the column, {options.Names.Set(nameof(options.LabelColumn), own)}.");
        if (chat._ownLabel is null && answers.WhyNoLabels is { } why)
            throw new SentimentMLException($"{path}: {(chat._pair is var (_, completion) ? $"'{completion}' holds" : "the assistant's answers are")} {why}, "
                + "expected a few labels that come again and again. " + (chat._pair is var (prompt, _)
                    ? $"To read the texts alone, {options.Names.Set(nameof(options.TextColumn), prompt)}."
                    : "Write the texts as rows of their own, such as {\"text\": \"…\", \"label\": \"…\"}."));
        return new JsonChat(chat._pair, chat._parts, chat._ownLabel, string.IsNullOrEmpty(mark) ? null : mark, answers.Count > 0);
    }

    /// <summary>Writes a row as an object with "text" and "label". Broken JSON writes nothing: the reader of the row reports it.</summary>
    /// <exception cref="SentimentMLException">The chat has several messages of the user, or several answers, or one that is no text.</exception>
    public void Write(ReadOnlySpan<byte> item, ArrayBufferWriter<byte> made, string path, string place)
    {
        if (Parse(item) is not { } document)
            return;
        using (document)
        {
            try
            {
                Write(document.RootElement, made, path, place);
            }
            catch (InvalidOperationException e)
            {
                throw JsonRow.HalfPair(e, path, place);
            }
        }
    }

    private void Write(JsonElement row, ArrayBufferWriter<byte> made, string path, string place)
    {
        (string? text, string? label) = Read(row, out string? fault);
        if (fault is not null)
            throw new SentimentMLException($"{path}, {place}: {fault}");
        using var json = new Utf8JsonWriter(made);
        json.WriteStartObject();
        foreach (JsonProperty property in row.EnumerateObject().Where(property => !_parts.Contains(property.Name) && !IsMessages(property.Value)))
            property.WriteTo(json);
        if (text is not null)
            json.WriteString("text", _mark is not null && EndsIn(text, _mark) ? text.TrimEnd()[..^_mark.Length].TrimEnd() : text);
        if (label is not null && _ownLabel is null)
            json.WriteString("label", label);
        json.WriteEndObject();
    }

    private static JsonChat? Of(JsonElement row, ReviewFileOptions options)
    {
        var names = new ReviewColumnNames(options);
        JsonProperty[] properties = [.. row.EnumerateObject()];
        bool HasText(string name) => Array.Exists(properties, property => property.Name == name && property.Value.ValueKind == JsonValueKind.String);
        if (Array.Exists(properties, property => names.IsText(property.Name) && HasText(property.Name)))
            return null;
        string[] messages = [.. properties.Where(property => IsMessages(property.Value)).Select(property => property.Name)];
        string? ownLabel = properties.Select(property => property.Name).Except(messages).FirstOrDefault(names.IsGold);
        if (Array.Exists(properties, property => Said(property.Value, Users).Any()))
            return new JsonChat(pair: null, messages, ownLabel);
        int pair = Array.FindIndex(Pairs, pair => HasText(pair.User) && HasText(pair.Assistant));
        return pair >= 0 && ownLabel is null ? new JsonChat(Pairs[pair], [Pairs[pair].User, Pairs[pair].Assistant], ownLabel: null) : null;
    }

    /// <summary>A batch's results are answers alone; the texts are in the file of its requests.</summary>
    private static void RequireTexts(JsonElement row, ReviewFileOptions options, string path)
    {
        var names = new ReviewColumnNames(options);
        if (Inside(row).Any(value => IsOf(value, Assistants)) && !HoldsText(row))
            throw new SentimentMLException($"{path}: the rows hold answers of a chat model and not the texts that it answered, as the results of a batch do, "
                + "expected both. Put each answer beside its text, by the rows' ids, and write rows such as {\"text\": \"…\", \"label\": \"…\"}.");

        static IEnumerable<JsonElement> Inside(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Select(property => property.Value).SelectMany(inner => Inside(inner).Prepend(inner)),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(inner => Inside(inner).Prepend(inner)),
            _ => [],
        };

        bool HoldsText(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => !IsOf(value, Assistants) && value.EnumerateObject().Any(property =>
                property.Value.ValueKind == JsonValueKind.String ? names.IsText(property.Name) : HoldsText(property.Value)),
            JsonValueKind.Array => value.EnumerateArray().Any(HoldsText),
            _ => false,
        };
    }

    /// <summary>What the user said and what the assistant answered, each null if it is missing.</summary>
    private (string? Text, string? Label) Read(JsonElement row, out string? fault)
    {
        fault = null;
        if (_pair is var (user, assistant))
            return (Only([.. Property(row, user)], user, ref fault), Only([.. Property(row, assistant)], assistant, ref fault));
        JsonElement[] values = [.. row.EnumerateObject().Select(property => property.Value)];
        return (Only([.. values.SelectMany(value => Said(value, Users))], "message of the user", ref fault),
            Only([.. values.SelectMany(value => Said(value, Assistants))], "answer of the assistant", ref fault));
    }

    private static string? Only(JsonElement[] said, string what, ref string? fault)
    {
        if (said.Length > 1)
            fault ??= string.Create(CultureInfo.InvariantCulture, $"the chat has more than one {what} ({said.Length}), expected one: a row is one text with ")
                + "one label. Take the chat out, or keep one message and its answer.";
        if (said.Length != 1 || said[0].ValueKind == JsonValueKind.Null)
            return null;
        string? text = TextOf(said[0]);
        if (text is null)
            fault ??= $"the {what} is {Quoted.Value(said[0].GetRawText())}, expected a text, or a list of parts with a text each. Write it as a text.";
        return text;
    }

    private static bool IsMessages(JsonElement value) => Said(value, Users).Concat(Said(value, Assistants)).Any();

    private static string? TextOf(JsonElement said)
    {
        if (said.ValueKind == JsonValueKind.String)
            return said.GetString();
        JsonElement[] parts = said.ValueKind == JsonValueKind.Array ? [.. said.EnumerateArray().SelectMany(part => Property(part, "text"))] : [];
        return parts.Length > 0 && parts.Length == said.GetArrayLength() && Array.TrueForAll(parts, part => part.ValueKind == JsonValueKind.String)
            ? string.Concat(parts.Select(part => part.GetString())) : JsonText.Joined(said);
    }

    /// <summary>What those of a role say in a list of messages, or in those inside an object; nothing in any other value.</summary>
    private static IEnumerable<JsonElement> Said(JsonElement value, HashSet<string> roles) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Where(message => IsOf(message, roles)).SelectMany(Content),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Said(property.Value, roles)),
        _ => [],
    };

    private static bool IsOf(JsonElement message, HashSet<string> roles) => Property(message, "role").Concat(Property(message, "from"))
        .Any(role => role.ValueKind == JsonValueKind.String && roles.Contains(role.GetString()!)) && Content(message).Any();

    private static IEnumerable<JsonElement> Content(JsonElement message) =>
        Property(message, "content").Concat(Property(message, "value")).Concat(Property(message, "parts")).Take(1);

    private static IEnumerable<JsonElement> Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? [value] : [];

    private static bool EndsIn(string text, string mark) => text.AsSpan().TrimEnd().EndsWith(mark, StringComparison.Ordinal);

    /// <summary>The next object; null at the end, and for what is none.</summary>
    private static JsonDocument? Next(JsonItems items)
    {
        try
        {
            return items.Read() ? Parse(items.Item) : null;
        }
        catch (SentimentMLException)
        {
            return null; // the reader of the row reports it
        }
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> item)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(JsonText.WithoutNaN(item) ?? item.ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What files for completions put between the text and what is asked for: " ->", "\n\n###\n\n".</summary>
    [GeneratedRegex(@"(?:#{2,}|[-=]+>|→)\z", RegexOptions.RightToLeft | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    /// <summary>The answers in a file's first rows.</summary>
    private sealed class Answers
    {
        private const int MaxLength = 50;
        private const int FewRows = 10;

        private readonly HashSet<string> _different = new(StringComparer.Ordinal);
        private string? _long;

        public int Count { get; private set; }

        /// <summary>What they are instead of labels, in words; null if they may be labels.</summary>
        public string? WhyNoLabels => _long is not null ? $"texts such as {Quoted.Value(_long)}"
            : Count <= FewRows || _different.Count <= Count / 2 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{_different.Count} different texts in {Count} rows");

        public void Add(string? answer)
        {
            string trimmed = answer?.Trim() ?? "";
            if (trimmed.Length == 0)
                return;
            Count++;
            if (trimmed.Length > MaxLength)
                _long ??= trimmed;
            else
                _different.Add(trimmed);
        }
    }
}
