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

    /// <summary>Arrays of texts.</summary>
    public List<string[]> TextArrays { get; } = [];

    /// <summary>Objects with nothing but texts in them, at least two, whose names are numbers or hold digits, as ids do.</summary>
    public List<string[]> TextMaps { get; } = [];

    /// <summary>Whether the whole ends on its first line.</summary>
    public bool IsOneLine { get; set; }

    /// <summary>Whether nothing follows it.</summary>
    public bool IsAlone { get; set; }

    /// <summary>
    /// The only array or object of texts by themselves, where nothing stands beside it that may belong to them, such as their labels; null if there is none.
    /// </summary>
    /// <param name="names">By which it is called, unless it is the whole.</param>
    public (string[] Place, bool IsMap)? OnlyTexts(ReviewColumnNames names)
    {
        if (Arrays.Count > 0 || Maps.Count > 0 || _otherArrays > 0 || TextArrays.Count + TextMaps.Count != 1)
            return null;
        string[] only = TextArrays.Concat(TextMaps).Single();
        bool isMap = TextMaps.Count > 0;
        return (only.Length == 0 || names.IsText(only[^1])) && !(isMap && _otherObjects > 0) ? (only, isMap) : null;
    }

    /// <param name="keys">The properties that lead to it, the last first.</param>
    /// <param name="first">Its first token.</param>
    public void AddArray(IEnumerable<string> keys, byte first)
    {
        if (first == ']')
            return; // nothing that could belong to a text
        if (first is not ((byte)'{' or (byte)'"'))
            _otherArrays++;
        else
            Add(first == '{' ? Arrays : TextArrays, keys);
    }

    /// <param name="keys">The properties that lead to it, the last first.</param>
    /// <param name="properties">How many it has.</param>
    /// <param name="objects">How many of them are objects.</param>
    /// <param name="arrays">How many are arrays.</param>
    /// <param name="numberedTexts">How many are texts, if all properties are called as ids are.</param>
    public void AddObject(IReadOnlyCollection<string> keys, int properties, int objects, int arrays, int numberedTexts)
    {
        if (properties > 1 && objects == properties)
            Add(Maps, keys);
        else if (properties > 1 && numberedTexts == properties)
            Add(TextMaps, keys);
        else if (keys.Count > 0 && objects + arrays < properties)
            _otherObjects++;
    }

    private static void Add(List<string[]> places, IEnumerable<string> keys)
    {
        if (places.Count < Max)
            places.Add([.. keys.Reverse()]);
    }
}
