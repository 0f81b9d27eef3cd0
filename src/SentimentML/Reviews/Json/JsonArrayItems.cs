using System.Globalization;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>
/// The objects of one array in a JSON file, or those that are the properties of one object; or objects one after the other that take
/// several lines each.
/// </summary>
internal sealed class JsonArrayItems : JsonItems
{
    private readonly JsonTokens _tokens;
    private readonly string _path;
    private readonly bool _isArray;
    private readonly int _arrayDepth;
    private bool _isMap;
    private long _number;
    private long _line;
    private int _length;

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="array">
    /// The properties that lead to the array or object, none for the file itself; null for objects without anything around them.
    /// </param>
    /// <param name="path">For messages.</param>
    public JsonArrayItems(Stream text, IReadOnlyList<string>? array, string path)
    {
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

    public override ReadOnlySpan<byte> Item => _length == 0 ? default : _tokens.Kept[.._length];

    public override string Place => string.Create(CultureInfo.InvariantCulture, $"item {_number} (line {_line})");

    public override bool Read()
    {
        _tokens.Release();
        _length = 0;
        byte token = _tokens.Next();
        if (_number > 0 && _isArray)
        {
            if (token == ',')
                token = _tokens.Next();
            else if (token != End && token != JsonTokens.End)
                throw Broken($"expected a comma and the next object, or the {Around}'s end");
        }
        if (!_isArray && token == JsonTokens.End)
            return false;
        if (_isArray && token == End)
        {
            CheckEnd();
            return false;
        }
        if (token == JsonTokens.End)
            throw new SentimentMLException($"{_path}: the JSON is cut off after item {_number}, expected the {Around}'s end. Get the file again.");
        if (_isMap)
            token = Named(token);
        _number++;
        _line = _tokens.Line;
        if (token != '{')
            throw new SentimentMLException($"{_path}, {Place}: {Quoted.Value(_tokens.Token)} was found, expected a JSON object with a review's properties.");
        _tokens.Keep();
        SkipValue();
        _length = _tokens.Kept.Length;
        return true;
    }

    public override void Dispose() => _tokens.Dispose();

    /// <summary>Where objects stand together in a JSON object that takes the whole file, each place as the properties that lead to it.</summary>
    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="path">For messages.</param>
    /// <returns>
    /// Arrays of objects; objects with nothing but objects in them, at least two; whether the whole ends on its first line; whether nothing
    /// follows it.
    /// </returns>
    public static (List<string[]> Arrays, List<string[]> Maps, bool IsOneLine, bool IsAlone) FindArrays(Stream text, string path)
    {
        using var tokens = new JsonTokens(text, path);
        List<string[]> arrays = [], maps = [];
        tokens.Next();
        long first = tokens.Line;
        bool ended = FindArrays(tokens, new Stack<string>(), arrays, maps);
        bool isOneLine = ended && tokens.Line == first;
        return (arrays, maps, isOneLine, ended && tokens.Next() == JsonTokens.End);
    }

    // Stands on '{'; false if the text ends before it is closed.
    private static bool FindArrays(JsonTokens tokens, Stack<string> keys, List<string[]> arrays, List<string[]> maps)
    {
        const int MaxDepth = 16, MaxPlaces = 100;
        int properties = 0, objects = 0;
        while (true)
        {
            byte token = tokens.Next();
            if (token == '}' && objects > 1 && objects == properties && maps.Count < MaxPlaces)
                maps.Add([.. keys.Reverse()]);
            if (token is (byte)'}' or JsonTokens.End)
                return token == '}';
            if (token != '"')
                continue; // a comma
            properties++;
            string key = Encoding.UTF8.GetString(tokens.Token[1..^1]);
            if (tokens.Next() != ':')
                return false;
            token = tokens.Next();
            keys.Push(key);
            objects += token == '{' ? 1 : 0;
            if (token == '{' && keys.Count < MaxDepth)
            {
                if (!FindArrays(tokens, keys, arrays, maps))
                    return false;
            }
            else if (token is (byte)'[' or (byte)'{')
            {
                bool isArray = token == '[';
                token = tokens.Next();
                if (isArray && token == '{' && arrays.Count < MaxPlaces)
                    arrays.Add([.. keys.Reverse()]);
                if (!Skip(tokens, token))
                    return false;
            }
            keys.Pop();
        }
    }

    /// <summary>Goes to the end of an array or object whose first token within is this one.</summary>
    private static bool Skip(JsonTokens tokens, byte token)
    {
        for (int depth = 1; ; token = tokens.Next())
        {
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

    private string Around => _isMap ? "object" : "array";

    /// <summary>Goes from a property's name to its value.</summary>
    private byte Named(byte token)
    {
        if (token != '"' || _tokens.Next() != ':')
            throw Broken("expected a name in quotes and a colon");
        return _tokens.Next();
    }

    /// <summary>After the array, what is around it is closed and nothing follows.</summary>
    private void CheckEnd()
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
        if (token != JsonTokens.End)
            throw new SentimentMLException($"{_path}, line {_tokens.Line}: {Quoted.Value(_tokens.Token)} follows the JSON {Around}, expected the file's end.");
    }

    private void SkipValue()
    {
        if (!Skip(_tokens, _tokens.Next()))
            throw new SentimentMLException(
                $"{_path}, {Place}: the JSON is cut off, or a bracket or a quote is not closed, expected the object's end. Get the file again.");
    }

    private SentimentMLException Broken(string expected) =>
        new($"{_path}, line {_tokens.Line}: broken JSON after item {_number}: {Quoted.Value(_tokens.Token)} was found, {expected}.");

    private SentimentMLException Changed() =>
        new($"{_path}: the file has changed since it was loaded, or is broken JSON, expected an array of reviews. Load it again.");
}
