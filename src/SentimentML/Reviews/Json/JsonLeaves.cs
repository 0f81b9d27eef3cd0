using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>A value inside a file's objects.</summary>
/// <param name="Path">The properties that lead to it.</param>
/// <param name="ListDepth">How many of them lead to the last list of objects on the way; 0 without one.</param>
/// <param name="HasValue">Whether it is more than null and an empty text in some object.</param>
internal readonly record struct JsonLeaf(string[] Path, int ListDepth, bool HasValue)
{
    /// <summary>The path with dots.</summary>
    public string Name => string.Join('.', Path);

    /// <summary>The path to the last list, with dots.</summary>
    public string List => string.Join('.', Path[..ListDepth]);
}

/// <summary>The values inside a file's objects, and inside those of their lists, in the order in which they appear.</summary>
internal sealed class JsonLeaves(int max)
{
    /// <summary>How many properties deep a value is looked for: exports of annotation tools nest their text and label.</summary>
    private const int MaxDepth = 8;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public List<JsonLeaf> Found { get; } = [];

    public bool HasRoom => Found.Count < max;

    public void Add(JsonElement item) => Add(item, [], listDepth: 0);

    private void Add(JsonElement element, string[] path, int listDepth)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string[] inner = [.. path, property.Name];
            bool isList = property.Value.ValueKind == JsonValueKind.Array;
            JsonElement[] objects = inner.Length < MaxDepth ? [.. ObjectsIn(property.Value)] : [];
            foreach (JsonElement inside in objects)
                Add(inside, inner, isList ? inner.Length : listDepth);
            if (objects.Length == 0)
                Add(new JsonLeaf(inner, listDepth, !IsEmpty(property.Value)));
        }
    }

    private void Add(JsonLeaf leaf)
    {
        if (_places.TryGetValue(leaf.Name, out int place))
        {
            JsonLeaf known = Found[place]; // a list of one is written as an object by some
            Found[place] = (known.ListDepth < leaf.ListDepth ? leaf : known) with { HasValue = known.HasValue || leaf.HasValue };
        }
        else if (HasRoom)
        {
            _places.Add(leaf.Name, Found.Count);
            Found.Add(leaf);
        }
    }

    /// <summary>
    /// The text of a value; null if the row does not have it. Of a value in each of several objects in a list, a JSON list of the different ones; where
    /// some of them are about an entity in the text, of those about the whole of it.
    /// </summary>
    /// <param name="row">The objects from the item to the row.</param>
    /// <param name="rows">The path between them; null where the item is the row.</param>
    /// <param name="path">The value's path.</param>
    public static string? Value(JsonElement[] row, string[]? rows, string[] path)
    {
        int shared = rows is null ? 0 : rows.AsSpan().CommonPrefixLength(path);
        IEnumerable<JsonElement> objects = ObjectsIn(row[shared]);
        foreach (string name in path[shared..^1])
            objects = objects.SelectMany(inside => Property(inside, name)).SelectMany(ObjectsIn);
        string[] texts = TextsOf(objects);
        if (texts.Length > 1 && objects.Where(inside => !inside.TryGetProperty("entity", out _)) is var ofWhole && ofWhole.Any())
            (objects, texts) = (ofWhole, TextsOf(ofWhole));
        return texts.Length < 2 ? texts.FirstOrDefault() : Listed(Values(objects));

        IEnumerable<JsonElement> Values(IEnumerable<JsonElement> of) => of.SelectMany(inside => Property(inside, path[^1]));
        string[] TextsOf(IEnumerable<JsonElement> of) => [.. Values(of).Select(Text).OfType<string>().Distinct()];
    }

    /// <summary>The rows in an item: for each the objects that lead to it, from the item to the row.</summary>
    public static IEnumerable<JsonElement[]> Rows(JsonElement item, string[] path)
    {
        IEnumerable<JsonElement[]> chains = [[item]];
        foreach (string name in path)
            chains = chains.SelectMany(chain => Property(chain[^1], name).SelectMany(ObjectsIn), (chain, inside) => (JsonElement[])[.. chain, inside]);
        return chains;
    }

    /// <summary>The object that a value is, or those in the list that it is. An annotation that its author cancelled is none.</summary>
    private static IEnumerable<JsonElement> ObjectsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [value],
        JsonValueKind.Array => value.EnumerateArray().Where(inside => inside.ValueKind == JsonValueKind.Object
            && !(inside.TryGetProperty("was_cancelled", out JsonElement cancelled) && cancelled.ValueKind == JsonValueKind.True)),
        _ => [],
    };

    private static IEnumerable<JsonElement> Property(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? [value] : [];

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    private static string Listed(IEnumerable<JsonElement> values) =>
        $"[{string.Join(", ", values.SelectMany(Items).Where(value => value.ValueKind != JsonValueKind.Null).Select(value => value.GetRawText()).Distinct())}]";

    private static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
