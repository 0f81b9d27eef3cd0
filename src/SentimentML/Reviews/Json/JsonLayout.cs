using System.Buffers;
using System.Text;
using System.Text.Json;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>How a JSON file is laid out, and its columns: those of all its rows, in the order in which they appear.</summary>
/// <param name="Place">Where the rows are.</param>
/// <param name="Columns">The properties; where the reviews are inside objects, paths with dots.</param>
/// <param name="Paths">The path of each column in nested objects; null where columns are the rows' own properties.</param>
internal sealed record JsonLayout(JsonPlace Place, List<string> Columns, IReadOnlyList<string[]>? Paths)
{
    /// <summary>The path to the lists inside the objects whose own objects are the rows; null where an object is a row.</summary>
    public string[]? Rows { get; init; }

    /// <summary>The names of labels that columns have as numbers, by their places; null for none.</summary>
    public IReadOnlyDictionary<int, ClassLabels>? Labels { get; init; }

    /// <summary>How many names of each path lead to the last list of objects on it, 0 without one; null where there are no paths.</summary>
    public IReadOnlyList<int>? ListDepths { get; init; }

    public const int MaxColumns = 1000;

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
        JsonLayout layout = FindColumns(open, options, path, warn);
        return layout.Place.Array is ["rows"] && layout.Columns.Exists(IsOfDatasetsServer) ? layout with { Labels = layout.FindLabels(open, path) } : layout;
    }

    /// <summary>Whether a column is one of those that Hugging Face's dataset viewer answers with.</summary>
    private static bool IsOfDatasetsServer(string column) => column.StartsWith("row.", StringComparison.Ordinal);

    /// <summary>The names of labels that its answer says beside the rows: "features", each with a name and a type.</summary>
    private Dictionary<int, ClassLabels> FindLabels(Func<Stream> open, string path)
    {
        string[] features = ["features"];
        var labels = new Dictionary<int, ClassLabels>();
        if (!JsonArrayItems.FindPlaces(open(), path).Arrays.Exists(array => array.SequenceEqual(features)))
            return labels;
        using var items = new JsonArrayItems(open(), features, path, JsonShape.Objects);
        while (items.Read())
        {
            using JsonDocument feature = JsonDocument.Parse(items.Item.ToArray());
            if (feature.RootElement.TryGetProperty("name", out JsonElement name) && feature.RootElement.TryGetProperty("type", out JsonElement type)
                && Columns.IndexOf($"row.{name}") is >= 0 and int column && ClassLabels.Of(type) is { } found)
                labels[column] = found;
        }
        return labels;
    }

    private static JsonLayout FindColumns(Func<Stream> open, ReviewFileOptions options, string path, Action<string> warn)
    {
        var names = new ReviewColumnNames(options);
        JsonPlace place = JsonPlace.Find(open, names, path);
        if (place.IsLines)
            RequireNoTable(open, options, path);
        place = Chats(place) ?? (place.Array is [_, ..] ? Chats(new JsonPlace(Array: null)) : null) // a file of one chat is an object with an array
            ?? Elements(place) ?? place;
        long maxRows = options.MaxRows ?? long.MaxValue;
        if (place.Name is { } name)
            warn(Localized.Say($"{path}: las reseñas se leen de {name}.", $"{path}: the reviews are read from {name}."));
        if (place.Shape.Chat is { } read)
            warn($"{path}: {read.Told}");
        var keys = new JsonKeys(place.Open(open, path), path);
        var flat = new JsonLayout(place, keys.Find(maxRows, FirstRows, MaxColumns), null);
        bool IsNoText(string column) => keys.Objects.Contains(column) || (keys.Lists.Contains(column) && names.IsText(column));
        bool hasText = names.AreFoundIn([.. flat.Columns.Where(column => !IsNoText(column) && (options.NamesText || !keys.Nulls.Contains(column)))]);
        if (hasText)
        {
            if (!options.NamesText && keys.Lists.Any(names.IsText))
                RequireOneText(FindLeaves(place.Open(open, path), Math.Min(maxRows, FirstRows)), keys.Lists, options, path);
            const string extended = "extended_tweet";
            if (!options.NamesText && keys.Objects.Contains(extended))
                warn(Localized.Say(
                    $"{path}: los textos completos de los tuits largos están en '{extended}.full_text', 'text' se corta a los 140 caracteres; se lee 'text'.",
                    $"{path}: the whole texts of long tweets are in '{extended}.full_text', 'text' is cut off at 140 characters; what is read is 'text'."));
            if (!keys.Objects.Any(names.IsGold) || flat.Columns.Exists(column => names.IsGold(column) && !keys.Objects.Contains(column)))
                return flat;
        }
        List<JsonLeaf> leaves = FindLeaves(place.Open(open, path), maxRows);
        if (!options.NamesText && leaves.Exists(leaf => leaf is { HasValue: true, ListDepth: 0 } && names.IsText(leaf.Name)))
            leaves.RemoveAll(leaf => !leaf.HasValue && names.IsText(leaf.Name)); // "text": null, "inputs": {"text": …}, as older versions of Argilla write it
        if (hasText && !leaves.Exists(leaf => leaf.Path.Length > 1 && names.IsGold(leaf.Path[0]) && names.IsGold(leaf.Name)))
            return flat; // unlike schema.org's "reviewRating": {"ratingValue": 5}
        string[]? rows = FindRows(leaves, options, path);
        if (rows is not null)
        {
            leaves.RemoveAll(leaf => rows.AsSpan().StartsWith(leaf.Path)); // an empty list, or null in its place
            warn(Localized.Say(
                $"{path}: las reseñas se leen de las listas '{string.Join('.', rows)}' dentro de sus objetos, cada objeto de ellas es una fila.",
                $"{path}: the reviews are read from the lists '{string.Join('.', rows)}' inside its objects, each object in them is a row."));
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
        string? inside = nested.Columns.Find(name => name.StartsWith($"{column}.", StringComparison.Ordinal) && !flat.Columns.Contains(name)
            && !name[(column.Length + 1)..].All(char.IsAsciiDigit)); // a row's number, in a table by columns
        throw new SentimentMLException($"{path}: column '{column}' holds JSON {(keys.Objects.Contains(column) ? "objects" : "lists")}, expected texts. "
            + (inside is null ? "" : $"Name the one inside by {options.Names.Name(nameof(options.TextColumn))}, such as '{inside}'. ") + WriteRows);

        JsonPlace? Elements(JsonPlace at) =>
            at.Shape == JsonShape.Objects && HasElements(at.Open(open, path), path) ? at with { Shape = JsonShape.Elements } : null;

        JsonPlace? Chats(JsonPlace at) => at.Shape == JsonShape.Objects && options is { TextColumn: null or "text", BodyColumn: null }
            && JsonChat.Find(at.Open(open, path), options, path) is { } chat ? at with { Shape = JsonShape.Chats(chat) } : null;
    }

    /// <summary>Reports a csv file that is named as JSON as what it is, and not as broken JSON.</summary>
    private static void RequireNoTable(Func<Stream> open, ReviewFileOptions options, string path)
    {
        using var lines = new JsonLineItems(open(), path, JsonShape.Values);
        ReadOnlySpan<byte> line = TryRead(lines, FirstRows) ? lines.Item.Trim(" \t\r"u8) : default;
        if (line.IsEmpty || line[0] is (byte)'{' or (byte)'[' or < (byte)' ')
            return;
        string behind = Encoding.UTF8.GetString(line[0] == '"' ? line[JsonText.StringLength(line)..] : line).Trim();
        if (behind.IndexOfAny(CsvLayout.Delimiters) is >= 0 and int place && (line[0] != '"' || place == 0) && place < behind.Length - 1)
            throw new SentimentMLException($"{path}: the first line, {Quoted.Value(line)}, is no JSON, but looks like csv. Rename the file by what it holds, "
                + $"or {options.Names.Set(nameof(options.Format), "csv")}.");
    }

    /// <summary>How far a column is from the row.</summary>
    public ColumnDistance DistanceOf(int column)
    {
        if (Paths is null || ListDepths is null)
            return ColumnDistance.Own;
        int depth = ListDepths[column], shared = Rows is null ? 0 : Rows.AsSpan().CommonPrefixLength(Paths[column]);
        return depth > shared ? ColumnDistance.InList : shared < (Rows?.Length ?? 0) ? ColumnDistance.Around : ColumnDistance.Own;
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
                    continue; // the reader of the row reports it
                }
            }
            return leaves.Found;
        }
    }

    /// <summary>Whether the first object has elements of XML in it.</summary>
    private static bool HasElements(JsonItems items, string path)
    {
        using (items)
        {
            if (!TryRead(items, FirstRows))
                return false;
            var made = new ArrayBufferWriter<byte>();
            FeedElements.Write(items.Item, made, path, items.Place);
            return made.WrittenCount > 0;
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
}
