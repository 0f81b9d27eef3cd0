using System.Text;
using System.Text.Json;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>Where the rows of a JSON file are, and how they are read from there.</summary>
/// <param name="Array">The properties that lead to their array or object, none for the file itself; null for objects without anything around them.</param>
internal sealed record JsonPlace(IReadOnlyList<string>? Array)
{
    /// <summary>What the parts of a data set are called.</summary>
    private static readonly HashSet<string> Splits = new(StringComparer.OrdinalIgnoreCase)
    {
        "train", "training", "validation", "valid", "val", "dev", "eval", "test", "testing",
    };

    public static readonly JsonPlace OfLines = new(Array: null) { IsLines = true };

    /// <summary>Whether they are an object's properties, and not an array's items.</summary>
    public bool IsMap { get; init; }

    /// <summary>Whether they are in lists inside it, one after the other.</summary>
    public bool IsPaged { get; init; }

    /// <summary>Whether each line is an object.</summary>
    public bool IsLines { get; init; }

    /// <summary>What they are.</summary>
    public JsonShape Shape { get; init; } = JsonShape.Objects;

    /// <summary>The columns that they are made of, a value of each; null where they stand as they are.</summary>
    public IReadOnlyList<string[]>? ByColumns { get; init; }

    /// <summary>The arrays that they are in, each called by their label; null for others.</summary>
    public IReadOnlyList<string[]>? ByLabel { get; init; }

    /// <summary>For a warning; null for the file itself.</summary>
    public string? Name => this switch
    {
        { ByColumns: { } columns } => Localized.Say(
            $"sus columnas {Names(columns)}, un valor de cada una por fila", $"its columns {Names(columns)}, a value of each for a row"),
        { ByLabel: { } arrays } => Localized.Say(
            $"sus listas {Names(arrays)}, cuyos nombres son las etiquetas", $"its arrays {Names(arrays)}, whose names are the labels"),
        { IsMap: true, IsPaged: true } => Localized.Say(
            "sus listas, una tras otra; el nombre de cada una queda en 'key'", "its arrays, one after the other; the name of each comes along as 'key'"),
        { IsMap: true, Array.Count: 0 } => Localized.Say("sus propiedades, una de cada una", "its properties, one from each"),
        { IsMap: true } => Localized.Say(
            $"su objeto '{string.Join('.', Array!)}', una de cada propiedad", $"its object '{string.Join('.', Array!)}', one from each"),
        { Array.Count: > 0 } => Localized.Say($"su lista '{string.Join('.', Array)}'", $"its array '{string.Join('.', Array)}'"),
        _ => null,
    };

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="path">For messages.</param>
    /// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
    public JsonItems Open(Func<Stream> open, string path, long linesBefore = 0) => this switch
    {
        { ByColumns: { } columns } => new JsonColumnItems(open, columns, path),
        { ByLabel: { } arrays } => new JsonLabelItems(open, arrays, Shape, path),
        { IsLines: true } => new JsonLineItems(open(), path, Shape, linesBefore),
        _ => new JsonArrayItems(open(), Array, path, Shape, IsPaged),
    };

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="names">The columns that are looked for.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SentimentMLException">The rows may be in several places, or the lists of a table have not the same length.</exception>
    public static JsonPlace Find(Func<Stream> open, ReviewColumnNames names, string path)
    {
        byte first, second;
        using (var tokens = new JsonTokens(open(), path))
            (first, second) = (tokens.Next(), tokens.Next());
        if (first == '[' && second == '[' && HoldsPages(open, [], path))
            return new JsonPlace([]) { IsPaged = true };
        if (first == '[' && second != '{' && StartsAnotherOnLine2(open, path, '['))
            return OfLines with { Shape = ListsOf(() => new JsonLineItems(open(), path, JsonShape.Values), names, null) };
        if (first == '[')
            return new JsonPlace([]) { Shape = ShapeOf(second, open, [], names, path) };
        if (first != '{')
            return OfLines with { Shape = first == '"' ? TextsOf(new JsonLineItems(open(), path, JsonShape.Values), path) : JsonShape.Objects };
        JsonPlaces places = JsonArrayItems.FindPlaces(open(), path);
        List<string[]> arrays = places.Arrays;
        if (places.IsFollowed)
            return new JsonPlace(Array: null);
        if ((places.IsOneLine && !places.IsAlone) || StartsAnotherOnLine2(open, path, '{'))
            return OfLines;
        var whole = new JsonPlace(Array: null) { IsLines = places.IsOneLine };
        if (names.AreFoundIn([.. FirstKeys(open, path).Except(arrays.Select(array => array[0]))]))
            return whole;
        if (places.IsAlone && !names.NamesText && places.OnlyTexts(names) is var (texts, isMap))
            return new JsonPlace(texts) { IsMap = isMap, Shape = TextsOf(new JsonArrayItems(open(), texts, path, JsonShape.Values), path) };
        if (places.IsAlone && places.Table(names, out JsonColumn? other) is { } table)
            return other is null ? new JsonPlace(Array: null) { ByColumns = [.. table.Select(column => column.Path)] } : throw new SentimentMLException(
                $"{path}: '{other.Name}' has {other.Values} values, '{table[0].Name}' {table[0].Values}, expected as many: a label for each text.");
        if (places.IsAlone && !names.NamesText && places.ByLabel() is { } groups)
            return new JsonPlace(Array: null) { ByLabel = groups, Shape = arrays.Count > 0 ? JsonShape.Objects : JsonShape.Texts };
        if (places.Maps.Find(map => arrays.TrueForAll(array => array.AsSpan().StartsWith(map)) && HoldsReviews(open, map, names, path)) is { } reviews)
        {
            RequireOnlyOne(places, reviews, map => HoldsReviews(open, map, names, path), path);
            return new JsonPlace(reviews) { IsMap = true };
        }
        if (arrays.Count == 0 && places is { IsAlone: true, ListArrays: [var lists] })
            return HoldsPages(open, lists, path) ? new JsonPlace(lists) { IsPaged = true }
                : new JsonPlace(lists) { Shape = ShapeOf((byte)'[', open, lists, names, path, places) };
        if (arrays.Count == 0)
            return whole;
        List<string[]> holding = arrays.Count > 1 ? arrays.FindAll(array => HoldsReviews(open, array, names, path)) : arrays;
        if (holding is [var only])
            return new JsonPlace(only);
        if (arrays.FindAll(array => array.Length == 1) is [var outer])
            return new JsonPlace(outer);
        if (places.IsAlone && holding.Count == arrays.Count && arrays.TrueForAll(IsPart)
            && places.MapsOfLists.Find(map => arrays.TrueForAll(array => array.AsSpan()[..^1].SequenceEqual(map))) is { } parts)
            return new JsonPlace(parts) { IsMap = true, IsPaged = true };
        throw new SentimentMLException($"{path}: the JSON has several arrays of objects "
            + $"({string.Join(", ", arrays.Take(5).Select(array => $"'{string.Join('.', array)}'"))}), expected one. Save the one with the reviews as a file "
            + "of its own, or all of them as one array.");

        static bool IsPart(string[] array) => array[^1].Any(char.IsAsciiDigit) || Splits.Contains(array[^1]); // of all reviews: a product's, a split
    }

    /// <summary>Reviews under each of several users or shops are not read from the first of them alone.</summary>
    private static void RequireOnlyOne(JsonPlaces places, string[] reviews, Predicate<string[]> holdsReviews, string path)
    {
        string[]? other = places.Maps.Concat(places.MapsOfOne).FirstOrDefault(map => map.Length == reviews.Length && map.Length > 1 && map[^1] == reviews[^1]
            && !map.SequenceEqual(reviews) && holdsReviews(map));
        if (other is not null)
            throw new SentimentMLException($"{path}: the reviews are in several objects ('{string.Join('.', reviews)}', '{string.Join('.', other)}'), expected "
                + "one. Save all of them as one array, or each as a file of its own.");
    }

    /// <summary>What the items of an array are, by the first one's first token.</summary>
    private static JsonShape ShapeOf(byte first, Func<Stream> open, string[] array, ReviewColumnNames names, string path, JsonPlaces? places = null)
    {
        JsonArrayItems Items(string[] of) => new(open(), of, path, JsonShape.Values);
        IEnumerable<string[]> headers = places?.TextArrays.Where(texts => texts.AsSpan()[..^1].SequenceEqual(array.AsSpan()[..^1])) ?? [];
        return first switch
        {
            (byte)'"' => TextsOf(Items(array), path),
            (byte)'[' => ListsOf(() => Items(array), names, headers.Select(header => ValuesOf(Items(header)))),
            _ => JsonShape.Objects,
        };
    }

    /// <summary>
    /// Lists of values as a table's rows: called by a list beside them (pandas' "columns"), else by the first of them where that is a header; else 1, 2
    /// and so on, as in other tables without one.
    /// </summary>
    private static JsonShape ListsOf(Func<JsonItems> open, ReviewColumnNames names, IEnumerable<string[]>? headers)
    {
        using JsonItems items = open();
        string[] first = items.Read() && JsonText.Values(items.Item) is { } values ? values : [];
        if (headers?.FirstOrDefault(header => header.Length == first.Length && names.AreFoundIn(header)) is { } beside)
            return JsonShape.Lists(beside, hasHeader: false);
        return names.AreFoundIn(first) ? JsonShape.Lists(first, hasHeader: true) : JsonShape.Lists(ReviewFile.Numbered(first.Length), hasHeader: false);
    }

    /// <summary>What texts are, by the first of them: one that holds a JSON object was encoded twice, and the object is the row.</summary>
    private static JsonShape TextsOf(JsonItems items, string path)
    {
        using (items)
        {
            try
            {
                if (!items.Read() || JsonText.Decoded(items.Item.Trim(" \t\r"u8)) is not { } text)
                    return JsonShape.Texts;
                using JsonDocument held = JsonDocument.Parse(text);
                JsonElement value = held.RootElement;
                if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object))
                    throw new SentimentMLException($"{path}, {items.Place}: a JSON string holds an array of objects as JSON, which was encoded twice, expected "
                        + "the array itself. Decode the string once, and save what it says.");
                return value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any() ? JsonShape.EncodedObjects : JsonShape.Texts;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return JsonShape.Texts; // as most are; the reader of the row reports what is wrong
            }
        }
    }

    private static string[] ValuesOf(JsonArrayItems items)
    {
        using (items)
        {
            var values = new List<string>();
            while (values.Count <= JsonLayout.MaxColumns && items.Read())
                values.AddRange(JsonText.Values([(byte)'[', .. items.Item, (byte)']']) ?? []);
            return [.. values];
        }
    }

    /// <summary>Whether an array holds lists of objects, and no lists of values.</summary>
    private static bool HoldsPages(Func<Stream> open, string[] array, string path)
    {
        const int Sample = 2;
        using var items = new JsonArrayItems(open(), array, path, JsonShape.Values, isPaged: true);
        try
        {
            for (int item = 0; item < Sample && items.Read(); item++)
                if (items.Item[0] != '{')
                    return false;
        }
        catch (SentimentMLException)
        {
            return false; // the reader of the row reports it
        }
        return true;
    }

    /// <summary>Whether each of the first objects in an array, or among an object's properties, has a text.</summary>
    private static bool HoldsReviews(Func<Stream> open, string[] array, ReviewColumnNames names, string path)
    {
        const int Sample = 10;
        using var items = new JsonArrayItems(open(), array, path, JsonShape.Elements);
        int row = 0;
        try
        {
            for (; row < Sample && items.Read(); row++)
            {
                var leaves = new JsonLeaves(JsonLayout.MaxColumns);
                using JsonDocument document = JsonDocument.Parse(JsonText.WithoutNaN(items.Item) ?? items.Item.ToArray());
                leaves.Add(document.RootElement);
                if (!names.AreFoundIn([.. leaves.Found.Select(leaf => leaf.Name)]))
                    return false;
            }
        }
        catch (Exception e) when (e is SentimentMLException or JsonException or InvalidOperationException)
        {
            return false; // the reader of the row reports it
        }
        return row > 0;
    }

    /// <summary>Whether the second line begins a value as the first does, and the first does not end within a list: a file with a value a line.</summary>
    private static bool StartsAnotherOnLine2(Func<Stream> open, string path, char opening)
    {
        using var lines = new JsonLineItems(open(), path, JsonShape.Values);
        try
        {
            return lines.Read() && lines.Item.TrimEnd(" \t\r"u8)[^1] is not ((byte)'[' or (byte)',' or (byte)'{' or (byte)':') && lines.Read()
                && lines.Item[0] == opening;
        }
        catch (SentimentMLException)
        {
            return false; // a line too long for one row: an array inside an object
        }
    }

    /// <summary>The first object's own properties that are strings.</summary>
    private static List<string> FirstKeys(Func<Stream> open, string path)
    {
        using var tokens = new JsonTokens(open(), path);
        tokens.Next();
        var keys = new List<string>();
        string key = "";
        int depth = 1;
        for (byte token = tokens.Next(), before = (byte)'{'; depth > 0 && token != JsonTokens.End
            && keys.Count < JsonLayout.MaxColumns; before = token, token = tokens.Next())
        {
            depth += token is (byte)'{' or (byte)'[' ? 1 : token is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth == 1 && token == '"' && before is (byte)'{' or (byte)',')
                key = Encoding.UTF8.GetString(tokens.Token[1..^1]);
            else if (depth == 1 && before == ':' && token == '"')
                keys.Add(key);
        }
        return keys;
    }

    private static string Names(IReadOnlyList<string[]> places) => string.Join(", ", places.Select(place => $"'{string.Join('.', place)}'"));
}
