namespace SentimentML.Reviews;

/// <summary>Where objects or texts stand together in a JSON object that takes the whole file, each place as the properties that lead to it.</summary>
internal sealed class JsonPlaces
{
    private const int Max = 100;

    private int _otherArrays, _otherObjects; // neither of objects nor of texts

    /// <summary>Arrays of objects.</summary>
    public List<string[]> Arrays { get; } = [];

    /// <summary>Objects with nothing but objects in them, at least two.</summary>
    public List<string[]> Maps { get; } = [];

    /// <summary>Objects with one object in them, and nothing else.</summary>
    public List<string[]> MapsOfOne { get; } = [];

    /// <summary>Objects with nothing but arrays in them, at least two.</summary>
    public List<string[]> MapsOfLists { get; } = [];

    /// <summary>Arrays of texts.</summary>
    public List<string[]> TextArrays { get; } = [];

    /// <summary>Arrays of arrays.</summary>
    public List<string[]> ListArrays { get; } = [];

    /// <summary>Objects with nothing but texts in them, at least two, whose names are numbers or hold digits, as ids do.</summary>
    public List<string[]> TextMaps { get; } = [];

    /// <summary>Arrays and objects with nothing but plain values in them, which may be a table's columns.</summary>
    public List<JsonColumn> Columns { get; } = [];

    /// <summary>Whether the whole ends on its first line.</summary>
    public bool IsOneLine { get; set; }

    /// <summary>Whether nothing follows it.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Whether another object or a comma follows it on the same line.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>
    /// The only array or object of texts by themselves, where nothing stands beside it that may belong to them, such as their labels; null if there is none.
    /// </summary>
    /// <param name="names">By which it is called, unless it is the whole.</param>
    public (string[] Place, bool IsMap)? OnlyTexts(ReviewColumnNames names)
    {
        if (Arrays.Count > 0 || Maps.Count > 0 || ListArrays.Count + _otherArrays > 0 || TextArrays.Count + TextMaps.Count != 1)
            return null;
        string[] only = TextArrays.Concat(TextMaps).Single();
        bool isMap = TextMaps.Count > 0;
        return (only.Length == 0 || names.IsText(only[^1])) && !(isMap && _otherObjects > 0) ? (only, isMap) : null;
    }

    /// <summary>
    /// The columns of a table that are written one after the other: lists side by side, of as many values as the texts have, or objects with the same
    /// properties. Null if there are none.
    /// </summary>
    /// <param name="names">By which one of them is the texts.</param>
    /// <param name="other">A list of labels or stars with another number of values; null if there is none.</param>
    public IReadOnlyList<JsonColumn>? Table(ReviewColumnNames names, out JsonColumn? other)
    {
        other = null;
        foreach (IGrouping<(string, bool), JsonColumn> beside in Columns.GroupBy(column => (string.Join('\0', column.Path[..^1]), column.IsMap)))
        {
            if (!names.AreFoundIn([.. beside.Select(column => column.Name)])
                || beside.FirstOrDefault(column => column.HasTexts && names.IsTextOf(column.Name)) is not { } texts)
                continue;
            JsonColumn[] columns = [.. beside.Where(column => (column.Values, column.Properties) == (texts.Values, texts.Properties))];
            bool HasGold(IEnumerable<JsonColumn> among) => among.Any(column => names.IsGold(column.Name));
            other = HasGold(columns) ? null : beside.FirstOrDefault(column => !column.IsMap && HasGold([column]));
            if (columns.Length > 1 || other is not null)
                return columns;
        }
        return null;
    }

    /// <summary>Arrays of texts or of objects that are called by their labels, at least two and nothing else; null if they are not.</summary>
    public IReadOnlyList<string[]>? ByLabel()
    {
        if (Maps.Count + ListArrays.Count + _otherArrays + _otherObjects > 0 || Math.Min(Arrays.Count, TextArrays.Count) > 0)
            return null;
        List<string[]> arrays = Arrays.Count > 0 ? Arrays : TextArrays;
        return arrays.Count > 1 && arrays.TrueForAll(array => array.Length == arrays[0].Length)
            && SentimentMap.FromKnownNames(arrays.Select(array => array[^1]))?.ByLabel.Count == arrays.Count ? arrays : null;
    }

    /// <param name="keys">The properties that lead to it, the last first.</param>
    /// <param name="first">Its first token.</param>
    /// <param name="values">How many values it has.</param>
    public void AddArray(IEnumerable<string> keys, byte first, int values)
    {
        if (first == ']')
            return; // nothing that could belong to a text
        if (first == JsonTokens.Word)
            _otherArrays++;
        else
            Add(first switch { (byte)'{' => Arrays, (byte)'[' => ListArrays, _ => TextArrays }, keys);
        if (first is (byte)'"' or JsonTokens.Word)
            Add(Columns, new JsonColumn([.. keys.Reverse()], values, HasTexts: first == '"'));
    }

    /// <param name="keys">The properties that lead to it, the last first.</param>
    /// <param name="properties">What it has.</param>
    public void AddObject(IReadOnlyCollection<string> keys, JsonProperties properties)
    {
        (int count, int objects, int arrays, int texts, bool areNumbered, int names) = properties;
        if (arrays == count && count > 1)
            Add(MapsOfLists, keys);
        if (objects == count && count > 0)
            Add(count > 1 ? Maps : MapsOfOne, keys);
        else if (count > 1 && areNumbered && texts == count)
            Add(TextMaps, keys);
        else if (keys.Count > 0 && objects + arrays < count)
            _otherObjects++;
        if (keys.Count > 0 && count > 0 && objects + arrays == 0)
            Add(Columns, new JsonColumn([.. keys.Reverse()], count, HasTexts: texts > 0) { IsMap = true, Properties = names });
    }

    private static void Add(List<string[]> places, IEnumerable<string> keys) => Add(places, [.. keys.Reverse()]);

    private static void Add<T>(List<T> places, T place)
    {
        if (places.Count < Max)
            places.Add(place);
    }
}

/// <summary>An array or object of plain values.</summary>
/// <param name="Path">The properties that lead to it.</param>
/// <param name="Values">How many values it has.</param>
/// <param name="HasTexts">Whether texts are among them; of an array whether the first is one.</param>
internal sealed record JsonColumn(string[] Path, int Values, bool HasTexts)
{
    public string Name => Path[^1];

    public bool IsMap { get; init; }

    /// <summary>Equal for objects with the same properties in the same order; 0 for an array.</summary>
    public int Properties { get; init; }
}

/// <summary>What an object has.</summary>
/// <param name="Count">How many properties.</param>
/// <param name="Objects">How many of them are objects.</param>
/// <param name="Arrays">How many are arrays.</param>
/// <param name="Texts">How many are texts.</param>
/// <param name="AreNumbered">Whether all are called as ids are.</param>
/// <param name="Names">Equal for the same names in the same order.</param>
internal readonly record struct JsonProperties(int Count, int Objects, int Arrays, int Texts, bool AreNumbered, int Names);
