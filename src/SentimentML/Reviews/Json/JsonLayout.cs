using System.Text;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>How a JSON file is laid out, and its columns: those of all its rows, in the order in which they appear.</summary>
/// <param name="Array">The properties that lead to the array of rows, or the object of rows by name, none if it is the file; null without one.</param>
/// <param name="IsLines">Whether each line is a row.</param>
/// <param name="Columns">The properties; where the reviews are inside objects, paths with dots.</param>
/// <param name="Paths">The path of each column in nested objects; null where columns are the rows' own properties.</param>
internal sealed record JsonLayout(IReadOnlyList<string>? Array, bool IsLines, List<string> Columns, List<string[]>? Paths)
{
    private const int MaxColumns = 1000;

    // A fault beyond these rows is left to whoever reads the rows, so that those before it are not lost.
    private const int FirstRows = 100;

    /// <summary>What a row may say its text and label in when it is an export of an annotation tool or of a data server.</summary>
    private const int MaxDepth = 8;

    /// <summary>What to do with a file that has a list or an object for each column.</summary>
    public const string ByColumns =
        "If the file holds a table by columns, as pandas' to_json writes by default, write its rows: df.to_json(path, orient='records', lines=True).";

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="options">The columns that are looked for, and the most rows that are read.</param>
    /// <param name="path">For messages.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">The file has no rows, or is no JSON.</exception>
    public static JsonLayout Find(Func<Stream> open, ReviewFileOptions options, string path, Action<string> warn)
    {
        var names = new ReviewColumnNames(options);
        (IReadOnlyList<string>? array, bool isMap, bool isLines) = FindArray(open, names, path);
        var layout = new JsonLayout(array, isLines, [], null);
        long maxRows = options.MaxRows ?? long.MaxValue;
        if (isMap || array is { Count: > 0 })
            warn($"{path}: the reviews are read from its "
                + $"{(array!.Count == 0 ? "properties" : $"{(isMap ? "object" : "array")} '{string.Join('.', array)}'")}{(isMap ? ", one from each" : "")}.");
        var keys = new JsonKeys(layout.Open(open(), path), path);
        JsonLayout flat = layout with { Columns = keys.Find(maxRows, FirstRows, MaxColumns) };
        bool IsNoText(string column) => keys.Objects.Contains(column) || (keys.Lists.Contains(column) && names.IsText(column));
        if (names.AreFoundIn([.. flat.Columns.Where(column => !IsNoText(column))]))
            return flat;
        List<string[]> paths = FindPaths(flat.Open(open(), path), maxRows);
        JsonLayout nested = flat with { Columns = [.. paths.Select(one => string.Join('.', one))], Paths = paths };
        if (names.AreFoundIn([.. nested.Columns.Where(column => !IsNoText(column))]))
            return nested;
        if (flat.Columns.Find(column => names.IsText(column) && IsNoText(column)) is not { } column)
            return flat;
        string? inside = nested.Columns.Find(name => name.StartsWith($"{column}.", StringComparison.Ordinal));
        throw new SentimentMLException($"{path}: column '{column}' holds JSON {(keys.Objects.Contains(column) ? "objects" : "lists")}, expected texts. "
            + (inside is null ? "" : $"Name the one inside by {options.Names.Name(nameof(options.TextColumn))}, such as '{inside}'. ") + ByColumns);
    }

    public JsonItems Open(Stream text, string path, long linesBefore = 0) =>
        IsLines ? new JsonLineItems(text, path, linesBefore) : new JsonArrayItems(text, Array, path);

    private static (IReadOnlyList<string>? Array, bool IsMap, bool IsLines) FindArray(Func<Stream> open, ReviewColumnNames names, string path)
    {
        byte first;
        using (var tokens = new JsonTokens(open(), path))
            first = tokens.Next();
        if (first == '[')
            return ([], false, false);
        if (first != '{')
            return (null, false, true);
        (List<string[]> arrays, List<string[]> maps, bool isOneLine, bool isAlone) = JsonArrayItems.FindArrays(open(), path);
        if ((isOneLine && !isAlone) || StartsAnotherOnLine2(open, path))
            return (null, false, true);
        if (names.AreFoundIn([.. FirstKeys(open, path).Except(arrays.Select(array => array[0]))]))
            return (null, false, isOneLine);
        if (maps.Find(map => arrays.TrueForAll(array => array.AsSpan().StartsWith(map)) && HoldsReviews(open, map, names, path)) is { } reviews)
            return (reviews, true, false);
        if (arrays.Count == 0)
            return (null, false, isOneLine);
        if (arrays.Count > 1 && arrays.FindAll(array => HoldsReviews(open, array, names, path)) is [var only])
            return (only, false, false);
        if (arrays.Count == 1 || arrays.Count(array => array.Length == 1) == 1)
            return (arrays.Count == 1 ? arrays[0] : arrays.First(array => array.Length == 1), false, false);
        throw new SentimentMLException($"{path}: the JSON has several arrays of objects "
            + $"({string.Join(", ", arrays.Take(5).Select(array => $"'{string.Join('.', array)}'"))}), expected one. Save the one with the reviews as a file "
            + "of its own.");
    }

    /// <summary>Whether each of the first objects in an array, or among an object's properties, has a text.</summary>
    private static bool HoldsReviews(Func<Stream> open, string[] array, ReviewColumnNames names, string path)
    {
        const int Sample = 10;
        using var items = new JsonArrayItems(open(), array, path);
        int row = 0;
        try
        {
            for (; row < Sample && items.Read(); row++)
            {
                var paths = new List<string[]>();
                using JsonDocument document = JsonDocument.Parse(JsonText.WithoutNaN(items.Item) ?? items.Item.ToArray());
                AddLeaves(document.RootElement, [], new HashSet<string>(StringComparer.Ordinal), paths);
                if (!names.AreFoundIn([.. paths.Select(one => string.Join('.', one))]))
                    return false;
            }
        }
        catch (Exception e) when (e is SentimentMLException or JsonException or InvalidOperationException)
        {
            return false; // told by whoever reads the row
        }
        return row > 0;
    }

    /// <summary>Whether the second line begins an object as the first does, and the first does not end within a list: a file with an object a line.</summary>
    private static bool StartsAnotherOnLine2(Func<Stream> open, string path)
    {
        using var lines = new JsonLineItems(open(), path);
        try
        {
            return lines.Read() && lines.Item.TrimEnd(" \t\r"u8)[^1] is not ((byte)'[' or (byte)',' or (byte)'{' or (byte)':') && lines.Read()
                && lines.Item[0] == '{';
        }
        catch (SentimentMLException)
        {
            return false; // a line too long for one row: an array inside an object
        }
    }

    /// <summary>The first object's own properties.</summary>
    private static List<string> FirstKeys(Func<Stream> open, string path)
    {
        using var tokens = new JsonTokens(open(), path);
        tokens.Next();
        var keys = new List<string>();
        int depth = 1;
        for (byte token = tokens.Next(), before = (byte)'{'; depth > 0 && token != JsonTokens.End
            && keys.Count < MaxColumns; before = token, token = tokens.Next())
        {
            depth += token is (byte)'{' or (byte)'[' ? 1 : token is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth == 1 && token == '"' && before is (byte)'{' or (byte)',')
                keys.Add(Encoding.UTF8.GetString(tokens.Token[1..^1]));
        }
        return keys;
    }

    private static List<string[]> FindPaths(JsonItems items, long maxRows)
    {
        using (items)
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            var paths = new List<string[]>();
            for (long row = 0; row < maxRows && paths.Count < MaxColumns && TryRead(items, row); row++)
            {
                byte[] item = JsonText.WithoutNaN(items.Item) ?? items.Item.ToArray();
                try
                {
                    using JsonDocument document = JsonDocument.Parse(item);
                    AddLeaves(document.RootElement, [], known, paths);
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException)
                {
                    continue; // told by whoever reads the row
                }
            }
            return paths;
        }
    }

    private static bool TryRead(JsonItems items, long row)
    {
        try
        {
            return items.Read();
        }
        catch (SentimentMLException) when (row >= FirstRows)
        {
            return false;
        }
    }

    private static void AddLeaves(JsonElement element, string[] path, HashSet<string> known, List<string[]> paths)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string[] leaf = [.. path, property.Name];
            if (leaf.Length < MaxDepth && Inside(property.Value) is { } inside)
                AddLeaves(inside, leaf, known, paths);
            else if (paths.Count < MaxColumns && known.Add(string.Join('.', leaf)))
                paths.Add(leaf);
        }
    }

    /// <summary>The object that a value is, or the first one of a list of objects; null for other values.</summary>
    private static JsonElement? Inside(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value,
        JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object => value[0],
        _ => null,
    };

    /// <summary>The text of a nested value; null if the row does not have it.</summary>
    public static string? Value(JsonElement row, string[] path)
    {
        JsonElement value = row;
        foreach (string name in path)
        {
            if (Inside(value) is not { } inside || !inside.TryGetProperty(name, out value))
                return null;
        }
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
    }
}
