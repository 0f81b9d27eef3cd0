using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace SentimentML.Tokenization;

/// <summary>
/// Reads the vocabulary and the merges: the large part of a tokenizer's files, and so read in one pass over the bytes,
/// with no text made but the tokens themselves. A program's first answer waits for this.
/// </summary>
internal ref struct ModelReader
{
    private readonly TokenizerFile _file;
    private char[] _buffer = new char[256];
    private char[] _pair = new char[256];
    private int _prefixLength;

    private ModelReader(TokenizerFile file) => _file = file;

    /// <summary>Reads the vocabulary of tokenizer.json, at whose opening brace the JSON reader stands.</summary>
    public static Dictionary<string, int> Vocabulary(TokenizerFile file, ref Utf8JsonReader json) => new ModelReader(file).ReadVocabulary(ref json);

    /// <summary>Reads the merges of tokenizer.json, at whose opening bracket the JSON reader stands.</summary>
    /// <param name="file">The file.</param>
    /// <param name="json">The JSON reader.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="prefixLength">How much the right token of a merge loses: the length of the mark of a word's later tokens.</param>
    public static MergeTable Merges(TokenizerFile file, ref Utf8JsonReader json, Dictionary<string, int> vocabulary, int prefixLength) =>
        new ModelReader(file) { _prefixLength = prefixLength }.ReadMergeList(ref json, vocabulary);

    /// <summary>Reads the pieces of a unigram model, [["a", -1.5], …], at whose opening bracket the JSON reader stands.</summary>
    public static List<(string Piece, double Score)> Pieces(TokenizerFile file, ref Utf8JsonReader json) => new ModelReader(file).ReadPieces(ref json);

    /// <summary>Reads vocab.json and merges.txt.</summary>
    public static (Dictionary<string, int> Vocabulary, MergeTable Merges) FromVocabularyAndMerges(TokenizerFile vocabulary, TokenizerFile merges)
    {
        try
        {
            var json = new Utf8JsonReader(vocabulary.Text);
            json.Read();
            Dictionary<string, int> tokens = new ModelReader(vocabulary).ReadVocabulary(ref json);
            if (json.Read())
                throw vocabulary.Damaged("something follows the vocabulary");
            return (tokens, new ModelReader(merges).ReadMergeLines(tokens));
        }
        catch (JsonException e)
        {
            throw vocabulary.Malformed(e);
        }
    }

    /// <summary>Reads vocab.txt: a token a line, its id the line's number from 0; of one that stands twice, the last.</summary>
    public static Dictionary<string, int> Lines(TokenizerFile file)
    {
        var vocabulary = new Dictionary<string, int>(Math.Min(file.Content.Length / 8, 1 << 16), StringComparer.Ordinal);
        ReadOnlySpan<byte> rest = file.Text;
        for (int id = 0; rest.Length > 0; id++)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? [] : rest[(end + 1)..];
            vocabulary[Encoding.UTF8.GetString(line)] = id;
        }
        return vocabulary.Count > 0 ? vocabulary : throw file.Damaged("it is empty");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // once a process and for long: not worth a slow first version
    private Dictionary<string, int> ReadVocabulary(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw _file.Damaged("the vocabulary is not a JSON object of tokens and ids");
        var vocabulary = new Dictionary<string, int>(Math.Min(_file.Content.Length / 32, 1 << 16), StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string token = Characters(ref json).ToString();
            if (!json.Read() || json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out int id) || id < 0)
                throw _file.Damaged($"the id of '{token}' is not a whole number from 0 to {int.MaxValue}");
            if (!vocabulary.TryAdd(token, id))
                throw _file.Damaged($"'{token}' stands twice in the vocabulary");
        }
        return vocabulary;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<(string Piece, double Score)> ReadPieces(ref Utf8JsonReader json)
    {
        var pieces = new List<(string, double)>(Math.Min(_file.Content.Length / 24, 1 << 18));
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            json.Read();
            string piece = Characters(ref json).ToString();
            if (!json.Read() || json.TokenType != JsonTokenType.Number || !json.TryGetDouble(out double score) || !double.IsFinite(score))
                throw _file.Damaged($"the score of piece {pieces.Count}, '{piece}', is not a number");
            if (!json.Read() || json.TokenType != JsonTokenType.EndArray)
                throw _file.Damaged($"piece {pieces.Count}, '{piece}', has more than a score");
            pieces.Add((piece, score));
        }
        if (json.TokenType != JsonTokenType.EndArray)
            throw _file.Damaged($"piece {pieces.Count} is not a list of a piece and its score");
        return pieces;
    }

    /// <summary>Merges as tokenizer.json has them: "a b" in older files, ["a", "b"] in newer ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MergeTable ReadMergeList(ref Utf8JsonReader json, Dictionary<string, int> vocabulary)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw _file.Damaged("\"merges\" is not a list");
        var ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new MergeTable.Builder(vocabulary.Count);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartArray)
            {
                ReadOnlySpan<char> pair = ReadPair(ref json, out int space);
                Add(merges, pair, space, ids);
            }
            else
            {
                Add(merges, Characters(ref json), ids);
            }
        }
        return merges.Build();
    }

    /// <summary>["a", "b"] as "a b". Here tokens may hold spaces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<char> ReadPair(ref Utf8JsonReader json, out int space)
    {
        json.Read();
        ReadOnlySpan<char> left = Characters(ref json);
        int length = left.Length;
        if (_pair.Length < length + 1)
            _pair = new char[length + 256];
        left.CopyTo(_pair);
        space = length;
        _pair[length++] = ' ';

        json.Read();
        ReadOnlySpan<char> right = Characters(ref json);
        if (_pair.Length < length + right.Length)
            Array.Resize(ref _pair, length + right.Length);
        right.CopyTo(_pair.AsSpan(length));
        length += right.Length;
        if (!json.Read() || json.TokenType != JsonTokenType.EndArray)
            throw _file.Damaged($"the merge that begins with '{_pair.AsSpan(0, length)}' has more than two tokens");
        return _pair.AsSpan(0, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private MergeTable ReadMergeLines(Dictionary<string, int> vocabulary)
    {
        var ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new MergeTable.Builder(vocabulary.Count);
        ReadOnlySpan<byte> rest = _file.Text;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.IsEmpty || line.StartsWith("#version"u8))
                continue;
            Grow(line.Length);
            Add(merges, _buffer.AsSpan(0, Encoding.UTF8.GetChars(line, _buffer)), ids);
        }
        return merges.Build();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Add(MergeTable.Builder merges, ReadOnlySpan<char> pair, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids)
    {
        int space = pair.IndexOf(' ');
        if (space < 0 || space != pair.LastIndexOf(' '))
            throw _file.Damaged($"merge {merges.Count + 1}, '{pair}', is not two tokens with a space between");
        Add(merges, pair, space, ids);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Add(MergeTable.Builder merges, ReadOnlySpan<char> pair, int space, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids)
    {
        ReadOnlySpan<char> left = pair[..space], right = pair[(space + 1)..];
        if (right.Length < _prefixLength)
            throw _file.Damaged($"merge {merges.Count + 1}, '{pair}', has a right token without the mark of a word's later tokens");
        int length = pair.Length - 1 - _prefixLength;
        Span<char> both = length <= 256 ? stackalloc char[length] : new char[length];
        left.CopyTo(both);
        right[_prefixLength..].CopyTo(both[space..]);
        merges.Add(IdOf(left, pair, merges.Count, ids), IdOf(right, pair, merges.Count, ids), IdOf(both, pair, merges.Count, ids));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int IdOf(ReadOnlySpan<char> token, ReadOnlySpan<char> pair, int merges, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids) =>
        ids.TryGetValue(token, out int id)
            ? id
            : throw _file.Damaged($"merge {merges + 1}, '{pair}', needs the token '{token}', which is not in the vocabulary");

    /// <summary>The JSON string at hand, valid until the next is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<char> Characters(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
            throw _file.Damaged($"at byte {json.TokenStartIndex}: found {json.TokenType}, expected a string");
        Grow(json.ValueSpan.Length);
        try
        {
            return _buffer.AsSpan(0, json.CopyString(_buffer));
        }
        catch (InvalidOperationException e) // an escape that is half of a surrogate pair
        {
            throw _file.Damaged($"at byte {json.TokenStartIndex}: the string is not valid text", e);
        }
    }

    private void Grow(int length)
    {
        if (length > _buffer.Length)
            _buffer = new char[Math.Max(length, _buffer.Length * 2)];
    }
}
