using System.Collections.Frozen;
using System.Globalization;

namespace SentimentML.Preprocessing;

/// <summary>The Spanish names of emoji (EmojiNames.txt), as a tree of their code points.</summary>
internal sealed class EmojiNames
{
    private static readonly Lazy<EmojiNames> All = new(() => new EmojiNames(Lines()));

    private readonly FrozenDictionary<(int Node, int CodePoint), int> _children;
    private readonly string?[] _names;

    private EmojiNames(IEnumerable<string> lines)
    {
        var children = new Dictionary<(int Node, int CodePoint), int>();
        var names = new List<string?> { null };
        Dictionary<int, string> tones = [];
        List<(string[] Sequence, string Name)> patterns = [];
        foreach (string[] line in lines.Select(line => line.Split('\t')))
        {
            patterns.Add((line[0].Split(' '), line[1]));
            if (int.TryParse(line[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int codePoint) && IsSkinTone(codePoint))
                tones.Add(codePoint, line[1]);
        }
        foreach ((string[] sequence, string name) in patterns)
        {
            if (!sequence.Contains(SkinTone))
                Add(0, sequence, 0, name);
            else
                foreach ((int tone, string toneName) in tones)
                    Add(0, [.. sequence.Select(part => part == SkinTone ? tone.ToString("X", CultureInfo.InvariantCulture) : part)], 0, name[..^SkinTone.Length] + toneName);
        }
        _children = children.ToFrozenDictionary();
        _names = [.. names];

        void Add(int node, ReadOnlySpan<string> sequence, int at, string name)
        {
            for (; at < sequence.Length; at++)
            {
                string part = sequence[at];
                if (part.EndsWith('?'))
                    Add(node, sequence, at + 1, name);
                (int, int) key = (node, int.Parse(part.TrimEnd('?'), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                if (!children.TryGetValue(key, out node))
                {
                    children.Add(key, node = names.Count);
                    names.Add(null);
                }
            }
            names[node] = name;
        }
    }

    private const string SkinTone = "T";

    /// <summary>The names, read at first use.</summary>
    public static EmojiNames Spanish => All.Value;

    /// <summary>The node behind another one, or 0 if no emoji goes on so. The root is 0.</summary>
    public int Child(int node, int codePoint) => _children.GetValueOrDefault((node, codePoint));

    /// <summary>The name of the emoji that ends at a node; null if none does.</summary>
    public string? Name(int node) => _names[node];

    /// <summary>Whether a code point is a part of emoji that has a name of its own: a skin tone or a kind of hair.</summary>
    public static bool IsComponent(int codePoint) => IsSkinTone(codePoint) || codePoint is >= 0x1F9B0 and <= 0x1F9B3;

    private static bool IsSkinTone(int codePoint) => codePoint is >= 0x1F3FB and <= 0x1F3FF;

    private static IEnumerable<string> Lines()
    {
        using Stream stream = typeof(EmojiNames).Assembly.GetManifestResourceStream("SentimentML.EmojiNames.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#'))
                yield return line;
    }
}
