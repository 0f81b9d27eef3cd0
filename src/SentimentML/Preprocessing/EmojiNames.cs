using System.Collections.Frozen;
using System.Globalization;

namespace SentimentML.Preprocessing;

/// <summary>The Spanish names of emoji (EmojiNames.txt), as a tree of their code points.</summary>
internal sealed class EmojiNames
{
    private const string SkinTone = "T";
    private const char Optional = '?';

    private static readonly Lazy<EmojiNames> All = new(() => new EmojiNames(Lines()));

    private readonly FrozenDictionary<(int Node, int CodePoint), int> _children;
    private readonly string?[] _names;

    private EmojiNames(IEnumerable<string> lines)
    {
        (string[] Sequence, string Name)[] patterns = [.. lines.Select(line => line.Split('\t')).Select(line => (line[0].Split(' '), line[1]))];
        (string Code, string Name)[] tones =
            [.. patterns.Where(p => p.Sequence is [var code] && IsSkinTone(CodePoint(code))).Select(p => (p.Sequence[0], p.Name))];
        var children = new Dictionary<(int Node, int CodePoint), int>();
        var names = new List<string?> { null };
        foreach ((string[] sequence, string name) in patterns)
        {
            if (!sequence.Contains(SkinTone))
                Add(0, sequence, name);
            else
                foreach ((string code, string toneName) in tones)
                    Add(0, [.. sequence.Select(part => part == SkinTone ? code : part)], name[..^SkinTone.Length] + toneName);
        }
        _children = children.ToFrozenDictionary();
        _names = [.. names];

        void Add(int node, ReadOnlySpan<string> sequence, string name)
        {
            for (int i = 0; i < sequence.Length; i++)
            {
                if (sequence[i].EndsWith(Optional))
                    Add(node, sequence[(i + 1)..], name);
                (int, int) key = (node, CodePoint(sequence[i].TrimEnd(Optional)));
                if (!children.TryGetValue(key, out node))
                {
                    children.Add(key, node = names.Count);
                    names.Add(null);
                }
            }
            names[node] = name;
        }
    }

    /// <summary>The names, read at first use.</summary>
    public static EmojiNames Spanish => All.Value;

    /// <summary>The child of a node by a code point, or 0 if no emoji continues with it. The root is 0.</summary>
    public int Child(int node, int codePoint) => _children.GetValueOrDefault((node, codePoint));

    /// <summary>The name of the emoji that ends at a node; null if none does.</summary>
    public string? Name(int node) => _names[node];

    /// <summary>Whether a code point is a part of emoji that has a name of its own: a skin tone or a kind of hair.</summary>
    public static bool IsComponent(int codePoint) => IsSkinTone(codePoint) || codePoint is >= 0x1F9B0 and <= 0x1F9B3;

    private static int CodePoint(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

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
