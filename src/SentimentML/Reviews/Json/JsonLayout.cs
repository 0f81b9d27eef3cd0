using System.Text;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>How a JSON file is laid out, and its columns: those of all its rows, in the order in which they appear.</summary>
/// <param name="Array">The properties that lead to the array of rows, or the object of rows by name, none if it is the file; null without one.</param>
/// <param name="IsLines">Whether each line is a row.</param>
/// <param name="Columns">The properties; where the reviews are inside objects, paths with dots.</param>
/// <param name="Paths">The path of each column in nested objects; null where columns are the rows' own properties.</param>
internal sealed record JsonLayout(IReadOnlyList<string>? Array, bool IsLines, List<string> Columns, IReadOnlyList<string[]>? Paths)
{
    /// <summary>The path to the lists inside the objects whose own objects are the rows; null where an object is a row.</summary>
    public string[]? Rows { get; init; }

    /// <summary>What each item in the array or object, or on each line, is.</summary>
    public JsonShape Shape { get; init; } = JsonShape.Objects;

    /// <summary>The properties that lead to each column of a table by columns; null for others.</summary>
    public IReadOnlyList<string[]>? ByColumns { get; init; }

    /// <summary>The properties that lead to each array that is called by a label; null for others.</summary>
    public IReadOnlyList<string[]>? ByLabel { get; init; }

    /// <summary>How many names of each path lead to the last list of objects on it, 0 without one; null where there are no paths.</summary>
    public IReadOnlyList<int>? ListDepths { get; init; }

    private const int MaxColumns = 1000;

    // A fault beyond these rows is left to whoever reads the rows, so that those before it are not lost.
    private const int FirstRows = 100;

    /// <summary>What to do with a file that has a list or an object for each column.</summary>
    private const string WriteRows =
        "If the file holds a table by columns, as pandas' to_json writes by default, write its rows: df.to_json(path, orient='records', lines=True).";

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="options">The columns that are looked for, and the most rows that are read.</param>
    /// <param name="path">For messages.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">The file has no rows, or is no JSON.</exception>
    public static JsonLayout Find(Func<Stream> open, ReviewFileOptions options, string path, Action<string> warn)
    {
        var names = new ReviewColumnNames(options);
        Place place = FindPlace(open, names, path);
        var layout = new JsonLayout(place.Array, place.IsLines, [], null) { Shape = place.Shape, ByColumns = place.ByColumns, ByLabel = place.ByLabel };
        long maxRows = options.MaxRows ?? long.MaxValue;
        if (place.Name is { } name)
            warn($"{path}: the reviews are read from its {name}.");
        var keys = new JsonKeys(layout.Open(open, path), path);
        JsonLayout flat = layout with { Columns = keys.Find(maxRows, FirstRows, MaxColumns) };
        bool IsNoText(string column) => keys.Objects.Contains(column) || (keys.Lists.Contains(column) && names.IsText(column));
        if (names.AreFoundIn([.. flat.Columns.Where(column => !IsNoText(column))]))
        {
            if (!options.NamesText && keys.Lists.Any(names.IsText))
                RequireOneText(FindLeaves(flat.Open(open, path), Math.Min(maxRows, FirstRows)), keys.Lists, options, path);
            const string extended = "extended_tweet";
            if (!options.NamesText && keys.Objects.Contains(extended))
                warn($"{path}: the whole texts of long tweets are in '{extended}.full_text', 'text' is cut off at 140 characters; what is read is 'text'.");
            return flat;
        }
        List<JsonLeaf> leaves = FindLeaves(flat.Open(open, path), maxRows);
        string[]? rows = FindRows(leaves, options, path);
        if (rows is not null)
        {
            leaves.RemoveAll(leaf => rows.AsSpan().StartsWith(leaf.Path)); // an empty list, or null in its place
            warn($"{path}: the reviews are read from the lists '{string.Join('.', rows)}' inside its objects, each object in them is a row.");
        }
        JsonLayout nested = flat with
        {
            Columns = [.. leaves.Select(leaf => leaf.Name)],
            Paths = [.. leaves.Select(leaf => leaf.Path)],
            ListDepths = [.. leaves.Select(leaf => leaf.ListDepth)],
            Rows = rows,
        };
        if (names.AreFoundIn([.. nested.Columns.Where(column => !IsNoText(column))]))
            return nested;
        if (flat.Columns.Find(column => names.IsText(column) && IsNoText(column)) is not { } column)
            return flat;
        string? inside = nested.Columns.Find(name => name.StartsWith($"{column}.", StringComparison.Ordinal));
        throw new SentimentMLException($"{path}: column '{column}' holds JSON {(keys.Objects.Contains(column) ? "objects" : "lists")}, expected texts. "
            + (inside is null ? "" : $"Name the one inside by {options.Names.Name(nameof(options.TextColumn))}, such as '{inside}'. ") + WriteRows);
    }

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="path">For messages.</param>
    /// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
    public JsonItems Open(Func<Stream> open, string path, long linesBefore = 0) => this switch
    {
        { ByColumns: { } columns } => new JsonColumnItems(open, columns, path),
        { ByLabel: { } arrays } => new JsonLabelItems(open, arrays, Shape, path),
        { IsLines: true } => new JsonLineItems(open(), path, Shape, linesBefore),
        _ => new JsonArrayItems(open(), Array, path, Shape),
    };

    /// <summary>How far a column is from the row.</summary>
    public ColumnDistance DistanceOf(int column)
    {
        if (Paths is null || ListDepths is null)
            return ColumnDistance.Own;
        int depth = ListDepths[column], shared = Rows is null ? 0 : Rows.AsSpan().CommonPrefixLength(Paths[column]);
        return depth > shared ? ColumnDistance.InList : shared < (Rows?.Length ?? 0) ? ColumnDistance.Around : ColumnDistance.Own;
    }

    private static Place FindPlace(Func<Stream> open, ReviewColumnNames names, string path)
    {
        byte first, second;
        using (var tokens = new JsonTokens(open(), path))
            (first, second) = (tokens.Next(), tokens.Next());
        if (first == '[' && second != '{' && StartsAnotherOnLine2(open, path, '['))
            return Place.OfLines with { Shape = ListsOf(() => new JsonLineItems(open(), path, JsonShape.Values), names, null) };
        if (first == '[')
            return new Place([]) { Shape = ShapeOf(second, open, [], names, path) };
        if (first != '{')
            return Place.OfLines with { Shape = first == '"' ? JsonShape.Texts : JsonShape.Objects };
        JsonPlaces places = JsonArrayItems.FindPlaces(open(), path);
        List<string[]> arrays = places.Arrays;
        if (places.IsFollowed)
            return new Place(Array: null);
        if ((places.IsOneLine && !places.IsAlone) || StartsAnotherOnLine2(open, path, '{'))
            return Place.OfLines;
        var whole = new Place(null) { IsLines = places.IsOneLine };
        if (names.AreFoundIn([.. FirstKeys(open, path).Except(arrays.Select(array => array[0]))]))
            return whole;
        if (places.IsAlone && !names.NamesText && places.OnlyTexts(names) is var (texts, isMap))
            return new Place(texts) { IsMap = isMap, Shape = JsonShape.Texts };
        if (places.IsAlone && places.Table(names, out JsonColumn? other) is { } table)
            return other is null ? new Place(Array: null) { ByColumns = [.. table.Select(column => column.Path)] } : throw new SentimentMLException(
                $"{path}: '{other.Name}' has {other.Values} values, '{table[0].Name}' {table[0].Values}, expected as many: a label for each text.");
        if (places.IsAlone && !names.NamesText && places.ByLabel() is { } groups)
            return new Place(Array: null) { ByLabel = groups, Shape = arrays.Count > 0 ? JsonShape.Objects : JsonShape.Texts };
        if (places.Maps.Find(map => arrays.TrueForAll(array => array.AsSpan().StartsWith(map)) && HoldsReviews(open, map, names, path)) is { } reviews)
        {
            RequireOnlyOne(places, reviews, map => HoldsReviews(open, map, names, path), path);
            return new Place(reviews) { IsMap = true };
        }
        if (arrays.Count == 0 && places is { IsAlone: true, ListArrays: [var lists] })
            return new Place(lists) { Shape = ShapeOf((byte)'[', open, lists, names, path, places) };
        if (arrays.Count == 0)
            return whole;
        if (arrays.Count > 1 && arrays.FindAll(array => HoldsReviews(open, array, names, path)) is [var only])
            return new Place(only);
        if (arrays.Count == 1 || arrays.Count(array => array.Length == 1) == 1)
            return new Place(arrays.Count == 1 ? arrays[0] : arrays.First(array => array.Length == 1));
        throw new SentimentMLException($"{path}: the JSON has several arrays of objects "
            + $"({string.Join(", ", arrays.Take(5).Select(array => $"'{string.Join('.', array)}'"))}), expected one. Save the one with the reviews as a file "
            + "of its own.");
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
            (byte)'"' => JsonShape.Texts,
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

    private static string[] ValuesOf(JsonArrayItems items)
    {
        using (items)
        {
            var values = new List<string>();
            while (values.Count <= MaxColumns && items.Read())
                values.AddRange(JsonText.Values([(byte)'[', .. items.Item, (byte)']']) ?? []);
            return [.. values];
        }
    }

    /// <summary>
    /// The lists whose objects are the rows: those that hold the texts, if nothing outside a list does. Lists in them are replies or details.
    /// </summary>
    private static string[]? FindRows(List<JsonLeaf> leaves, ReviewFileOptions options, string path)
    {
        var names = new ReviewColumnNames(options);
        bool IsEmptyList(JsonLeaf leaf) => leaves.Exists(inner => inner.ListDepth == leaf.Path.Length && inner.Path.AsSpan().StartsWith(leaf.Path));
        if (names.HaveText([.. leaves.Where(leaf => leaf.ListDepth == 0 && !IsEmptyList(leaf)).Select(leaf => leaf.Name)]))
            return null;
        string[][] lists = [.. leaves.Where(leaf => leaf.ListDepth > 0).GroupBy(leaf => leaf.List)
            .Where(list => names.HaveText([.. list.Select(leaf => leaf.Name)])).Select(list => list.First().Path[..list.First().ListDepth])];
        lists = [.. lists.Where(list => !lists.Any(outer => outer.Length < list.Length && list.AsSpan().StartsWith(outer)))];
        if (lists.Length < 2)
            return lists.FirstOrDefault();
        throw new SentimentMLException($"{path}: texts are in several lists ("
            + $"{string.Join(", ", lists.Take(5).Select(list => $"'{string.Join('.', list)}'"))}), expected one. "
            + $"Name the column with the reviews: {options.Names.Set(nameof(options.TextColumn),
                leaves.Find(leaf => leaf.ListDepth > 0 && names.IsText(leaf.Name)).Name)}.");
    }

    /// <summary>An object with a text of its own and a list of reviews is a product or a post: which of the two texts is meant cannot be known.</summary>
    private static void RequireOneText(List<JsonLeaf> leaves, IReadOnlyCollection<string> lists, ReviewFileOptions options, string path)
    {
        var names = new ReviewColumnNames(options);
        JsonLeaf inside = leaves.Find(leaf => leaf.ListDepth == 1 && leaf.Path.Length > 1 && lists.Contains(leaf.Path[0]) && names.IsText(leaf.Path[0])
            && names.IsText(leaf.Name));
        JsonLeaf own = leaves.Find(leaf => leaf.ListDepth == 0 && names.IsText(leaf.Name));
        if (inside.Path is not null && own.Path is not null)
            throw new SentimentMLException($"{path}: the objects have a text of their own, '{own.Name}', and lists with texts, '{inside.List}', expected one "
                + $"of the two. Name the column with the reviews: {options.Names.Set(nameof(options.TextColumn), inside.Name)}, or "
                + $"{options.Names.Set(nameof(options.TextColumn), own.Name)}.");
    }

    /// <summary>Whether each of the first objects in an array, or among an object's properties, has a text.</summary>
    private static bool HoldsReviews(Func<Stream> open, string[] array, ReviewColumnNames names, string path)
    {
        const int Sample = 10;
        using var items = new JsonArrayItems(open(), array, path, JsonShape.Objects);
        int row = 0;
        try
        {
            for (; row < Sample && items.Read(); row++)
            {
                var leaves = new JsonLeaves(MaxColumns);
                using JsonDocument document = JsonDocument.Parse(JsonText.WithoutNaN(items.Item) ?? items.Item.ToArray());
                leaves.Add(document.RootElement);
                if (!names.AreFoundIn([.. leaves.Found.Select(leaf => leaf.Name)]))
                    return false;
            }
        }
        catch (Exception e) when (e is SentimentMLException or JsonException or InvalidOperationException)
        {
            return false; // told by whoever reads the row
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
            && keys.Count < MaxColumns; before = token, token = tokens.Next())
        {
            depth += token is (byte)'{' or (byte)'[' ? 1 : token is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth == 1 && token == '"' && before is (byte)'{' or (byte)',')
                key = Encoding.UTF8.GetString(tokens.Token[1..^1]);
            else if (depth == 1 && before == ':' && token == '"')
                keys.Add(key);
        }
        return keys;
    }

    private static List<JsonLeaf> FindLeaves(JsonItems items, long maxRows)
    {
        using (items)
        {
            var leaves = new JsonLeaves(MaxColumns);
            for (long row = 0; row < maxRows && leaves.HasRoom && TryRead(items, row); row++)
            {
                byte[] item = JsonText.WithoutNaN(items.Item) ?? items.Item.ToArray();
                try
                {
                    using JsonDocument document = JsonDocument.Parse(item);
                    leaves.Add(document.RootElement);
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException)
                {
                    continue; // told by whoever reads the row
                }
            }
            return leaves.Found;
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

    /// <summary>Where the rows stand.</summary>
    /// <param name="Array">The properties that lead to their array or object, none for the file itself; null for objects without anything around them.</param>
    private sealed record Place(IReadOnlyList<string>? Array)
    {
        public static readonly Place OfLines = new(Array: null) { IsLines = true };

        /// <summary>Whether they are an object's properties, and not an array's items.</summary>
        public bool IsMap { get; init; }

        /// <summary>Whether each line is an object.</summary>
        public bool IsLines { get; init; }

        /// <summary>What they are.</summary>
        public JsonShape Shape { get; init; } = JsonShape.Objects;

        /// <summary>The columns that they are made of, a value of each; null where they stand as they are.</summary>
        public IReadOnlyList<string[]>? ByColumns { get; init; }

        /// <summary>The arrays that they are in, each called by their label; null for others.</summary>
        public IReadOnlyList<string[]>? ByLabel { get; init; }

        /// <summary>For a message; null for the file itself.</summary>
        public string? Name => this switch
        {
            { ByColumns: { } columns } => $"columns {Names(columns)}, a value of each for a row",
            { ByLabel: { } arrays } => $"arrays {Names(arrays)}, whose names are the labels",
            { IsMap: true, Array.Count: 0 } => "properties, one from each",
            { IsMap: true } => $"object '{string.Join('.', Array!)}', one from each",
            { Array.Count: > 0 } => $"array '{string.Join('.', Array)}'",
            _ => null,
        };

        private static string Names(IReadOnlyList<string[]> places) => string.Join(", ", places.Select(place => $"'{string.Join('.', place)}'"));
    }
}
