using System.Buffers;
using System.Text;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// The items of one array in a JSON file, or those that are the properties of one object; or objects one after the other, with or without a comma
/// between them. The name of a property comes along as "key". Items may be in pages: lists in the array, or a list for each property. Where an array of
/// objects takes the whole file, others may follow it, as in files that were put together.
/// </summary>
internal sealed class JsonArrayItems : JsonItems
{
    private readonly JsonTokens _tokens;
    private readonly string _path;
    private readonly bool _isArray;
    private readonly bool _isPaged;
    private readonly JsonShape _shape;
    private readonly int _arrayDepth;
    private readonly ArrayBufferWriter<byte> _made = new(); // an item that the file does not have so
    private byte[] _name = []; // of a property, with its quotes
    private bool _isMap;
    private bool _isFirst = true; // nothing stands before the next item in its array
    private int _pages; // that are open around it
    private long _number;
    private long _line;
    private int _length;

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="array">
    /// The properties that lead to the array or object, none for the file itself; null for objects without anything around them.
    /// </param>
    /// <param name="path">For messages.</param>
    /// <param name="shape">What its items are.</param>
    /// <param name="isPaged">Whether they are in lists inside it. The default value is false.</param>
    public JsonArrayItems(Stream text, IReadOnlyList<string>? array, string path, JsonShape shape, bool isPaged = false)
    {
        _shape = shape;
        _isPaged = isPaged;
        _tokens = new JsonTokens(text, path);
        _path = path;
        _isArray = array is not null;
        _arrayDepth = array?.Count ?? 0;
        try
        {
            Enter(array ?? []);
        }
        catch
        {
            _tokens.Dispose();
            throw;
        }
    }

    public override ReadOnlySpan<byte> Item => _length == 0 ? default : _made.WrittenCount > 0 ? _made.WrittenSpan : _tokens.Kept[.._length];

    /// <summary>The name of the property whose value the current item is, with its quotes; empty in an array.</summary>
    public ReadOnlySpan<byte> Name => _name;

    public override string PlaceIn(ReportText text) =>
        $"{text.Say("elemento", "item")} {_number} ({text.Say("línea", "line")} {_line})";

    public override bool Read() => ReadItem() && (!_shape.HasHeader || _number > 1 || ReadItem());

    private bool ReadItem()
    {
        _tokens.Release();
        _length = 0;
        if (!MoveToItem(out byte token))
            return false;
        _number++;
        _line = _tokens.Line;
        if (!_shape.Begins(token))
            throw new SentimentMLException($"{_path}, {Place}: {Quoted.Value(_tokens.Token)} was found, expected {_shape.Expected}.");
        _tokens.Keep();
        if (token is (byte)'{' or (byte)'[')
            SkipValue();
        else if (token == '"' && (_tokens.Token.Length < 2 || _tokens.Token[^1] != '"'))
            throw CutOff();
        _length = _tokens.Kept.Length;
        _made.ResetWrittenCount();
        _shape.Write(_tokens.Kept, _made, _path, Place);
        if (_isMap && _shape != JsonShape.Values)
            JsonShape.Add(_made, _tokens.Kept, "key"u8, _name);
        return true;
    }

    /// <summary>Goes to the next item's first token, over what divides items: commas, names, the brackets of pages. False at the end.</summary>
    private bool MoveToItem(out byte token)
    {
        while (true)
        {
            byte end = _pages > 0 ? (byte)']' : _isArray ? End : JsonTokens.End;
            token = _tokens.Next();
            if (!_isFirst && token == ',')
                token = _tokens.Next();
            else if (!_isFirst && end != JsonTokens.End && token != end && token != JsonTokens.End)
                throw Broken($"expected a comma and the next {_shape.What}, or the {Around}'s end");
            if (token == JsonTokens.End && token != end)
                throw new SentimentMLException($"{_path}: the JSON is cut off after item {_number}, expected the {Around}'s end. Get the file again.");
            if (token == end && _pages == 0 && !(_isArray && AnotherFollows()))
                return false;
            bool isEnd = token == end;
            if (!isEnd && _isMap && _pages == 0)
                token = Named(token);
            bool isPage = !isEnd && _isPaged && token == '[';
            _isFirst = isPage || (isEnd && _pages == 0);
            if (!isEnd && !isPage)
                return true;
            _pages = isPage ? _pages + 1 : Math.Max(0, _pages - 1);
        }
    }

    public override void Dispose() => _tokens.Dispose();

    /// <summary>Where objects or texts stand together in a JSON object that takes the whole file.</summary>
    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="path">For messages.</param>
    public static JsonPlaces FindPlaces(Stream text, string path)
    {
        using var tokens = new JsonTokens(text, path);
        var places = new JsonPlaces();
        tokens.Next();
        long first = tokens.Line;
        bool ended = FindPlaces(tokens, new Stack<string>(), places);
        long last = tokens.Line;
        places.IsOneLine = ended && last == first;
        byte next = ended ? tokens.Next() : JsonTokens.End;
        places.IsAlone = ended && next == JsonTokens.End;
        places.IsFollowed = next is (byte)'{' or (byte)',' && tokens.Line == last;
        return places;
    }

    // Stands on '{'; false if the text ends before it is closed.
    private static bool FindPlaces(JsonTokens tokens, Stack<string> keys, JsonPlaces places)
    {
        const int MaxDepth = 16;
        int properties = 0, objects = 0, arrays = 0, texts = 0;
        bool areNumbered = true;
        var names = new HashCode();
        while (true)
        {
            byte token = tokens.Next();
            if (token == '}')
                places.AddObject(keys, new JsonProperties(properties, objects, arrays, texts, areNumbered, names.ToHashCode()));
            if (token is (byte)'}' or JsonTokens.End)
                return token == '}';
            if (token != '"')
                continue; // a comma
            properties++;
            string key = Encoding.UTF8.GetString(tokens.Token[1..^1]);
            areNumbered &= key.Any(char.IsAsciiDigit);
            names.Add(key);
            if (tokens.Next() != ':')
                return false;
            token = tokens.Next();
            keys.Push(key);
            objects += token == '{' ? 1 : 0;
            arrays += token == '[' ? 1 : 0;
            texts += token == '"' ? 1 : 0;
            if (token == '{' && keys.Count < MaxDepth)
            {
                if (!FindPlaces(tokens, keys, places))
                    return false;
            }
            else if (token is (byte)'[' or (byte)'{')
            {
                bool isArray = token == '[';
                byte within = tokens.Next();
                if (!Skip(tokens, within, out int items))
                    return false;
                if (isArray)
                    places.AddArray(keys, within, items);
            }
            keys.Pop();
        }
    }

    /// <summary>Goes to the end of an array or object whose first token within is this one.</summary>
    private static bool Skip(JsonTokens tokens, byte token) => Skip(tokens, token, out _);

    private static bool Skip(JsonTokens tokens, byte token, out int items)
    {
        items = token is (byte)'}' or (byte)']' ? 0 : 1;
        for (int depth = 1; ; token = tokens.Next())
        {
            items += depth == 1 && token == ',' ? 1 : 0;
            depth += token is (byte)'{' or (byte)'[' ? 1 : token is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth == 0)
                return true;
            if (token == JsonTokens.End)
                return false;
        }
    }

    private void Enter(IReadOnlyList<string> array)
    {
        if (!_isArray)
            return;
        foreach (string key in array)
        {
            if (_tokens.Next() != '{')
                throw Changed();
            while (true)
            {
                byte token = _tokens.Next();
                if (token == ',')
                    continue;
                if (token != '"')
                    throw Changed();
                bool isIt = Encoding.UTF8.GetString(_tokens.Token[1..^1]) == key;
                if (_tokens.Next() != ':')
                    throw Changed();
                if (isIt)
                    break;
                token = _tokens.Next();
                if (token is (byte)'{' or (byte)'[' && !Skip(_tokens, _tokens.Next()))
                    throw Changed();
            }
        }
        byte container = _tokens.Next();
        _isMap = container == '{';
        if (!_isMap && container != '[')
            throw Changed();
    }

    private byte End => _isMap ? (byte)'}' : (byte)']';

    private string Around => _isMap && _pages == 0 ? "object" : "array";

    /// <summary>Goes from a property's name to its value.</summary>
    private byte Named(byte token)
    {
        if (token == '"')
            _name = _tokens.Token.ToArray();
        if (token != '"' || _tokens.Next() != ':')
            throw Broken("expected a name in quotes and a colon");
        return _tokens.Next();
    }

    /// <summary>After the array, what is around it is closed and nothing follows but another array, where nothing is around it.</summary>
    private bool AnotherFollows()
    {
        int depth = _arrayDepth;
        byte token = _tokens.Next();
        while (token != JsonTokens.End && depth > 0)
        {
            depth += token is (byte)'{' or (byte)'[' ? 1 : token is (byte)'}' or (byte)']' ? -1 : 0;
            token = _tokens.Next();
        }
        if (depth > 0)
            throw new SentimentMLException($"{_path}: the JSON is cut off after its {Around}, expected '}}'. Get the file again.");
        bool isAnother = token == '[' && _arrayDepth == 0 && !_isMap && _shape.First == '{';
        if (token != JsonTokens.End && !isAnother)
            throw new SentimentMLException($"{_path}, line {_tokens.Line}: {Quoted.Value(_tokens.Token)} follows the JSON {Around}, expected the file's end.");
        return isAnother;
    }

    private void SkipValue()
    {
        if (!Skip(_tokens, _tokens.Next()))
            throw CutOff();
    }

    private SentimentMLException CutOff() => new($"{_path}, {Place}: the JSON is cut off, or a bracket or a quote is not closed, expected the "
        + $"{_shape.What}'s end. Get the file again.");

    private SentimentMLException Broken(string expected) =>
        new($"{_path}, line {_tokens.Line}: broken JSON after item {_number}: {Quoted.Value(_tokens.Token)} was found, {expected}.");

    private SentimentMLException Changed() =>
        new($"{_path}: the file has changed since it was loaded, or is broken JSON, expected an array of reviews. Load it again.");
}
