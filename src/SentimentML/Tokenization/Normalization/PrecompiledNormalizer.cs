using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// SentencePiece's normalization rules ("nmt_nfkc" and its like), which its models hold as a table: a double-array trie of
/// what is replaced and a list of what replaces it. The reference goes by grapheme clusters: of one with fewer than six
/// bytes the shortest rule that it begins with replaces all of it; in others, rules replace single characters.
/// </summary>
/// <remarks>The table is that of github.com/s-yata/darts-clone; what is done with it follows huggingface/spm_precompiled.</remarks>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private const int MaxKeyLength = 5; // bytes; longer keys match neither a cluster nor a character
    private const int MaxReplacementBytes = 64; // for each unit of the trie, on average; Unicode's longest replacement has 33
    private const int LatinEnd = 0x300; // no character below is joined to the one before, but \n to \r

    private readonly FrozenDictionary<string, string> _rules;
    private readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _ruleOf;
    private readonly string?[] _latin = new string?[LatinEnd];
    private readonly HashSet<char> _beginsLongerRule = [];

    private PrecompiledNormalizer(Dictionary<string, string> rules)
    {
        _rules = rules.ToFrozenDictionary(StringComparer.Ordinal);
        _ruleOf = _rules.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string key, string replacement) in rules)
        {
            if (key.Length == 1 && key[0] < LatinEnd)
                _latin[key[0]] = replacement;
            else if (key.Length > (char.IsHighSurrogate(key[0]) ? 2 : 1))
                _beginsLongerRule.Add(key[0]);
        }
    }

    /// <summary>Reads the table: the trie's size in bytes, the trie, and the replacements, each ended by a zero byte.</summary>
    /// <exception cref="FormatException">The table is damaged.</exception>
    public static PrecompiledNormalizer Read(ReadOnlySpan<byte> table)
    {
        if (table.Length < 4)
            throw new FormatException($"it has {table.Length} bytes");
        uint trieSize = BinaryPrimitives.ReadUInt32LittleEndian(table);
        if (trieSize > table.Length - 4 || trieSize < 4)
            throw new FormatException($"its trie of {trieSize} bytes does not fit into the {table.Length} there are");
        var trie = new uint[trieSize / 4];
        for (int i = 0; i < trie.Length; i++)
            trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + i * 4)..]);
        return new PrecompiledNormalizer(new TrieReader(trie, table[(4 + (int)trieSize / 4 * 4)..].ToArray()).Rules());
    }

    public override void Normalize(AlignedText text)
    {
        int at = NextRule(text.Characters, 0);
        if (at < 0)
            return;
        var edit = new Edit(text);
        text.BeginEdit();
        while (at >= 0)
        {
            edit.Keep(at);
            ReadOnlySpan<char> rest = text.Characters[edit.Consumed..];
            int length = ClusterLength(rest);
            ReadOnlySpan<char> cluster = rest[..length];
            if (ReplacementOfCluster(cluster) is { } replacement)
                edit.Replace(cluster, replacement);
            else
                edit.ReplaceEach(cluster, _ruleOf);
            at = NextRule(text.Characters, edit.Consumed);
        }
        edit.End();
    }

    /// <summary>Where the next cluster begins that a rule may change; -1 where none does.</summary>
    private int NextRule(ReadOnlySpan<char> text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            char c = text[i];
            bool isAlone = c < LatinEnd && c != '\r' && (i + 1 == text.Length || text[i + 1] < LatinEnd);
            if (!isAlone || _latin[c] is not null)
            {
                return i;
            }
        }
        return -1;
    }

    private static int ClusterLength(ReadOnlySpan<char> text) =>
        text.Length == 1 || (text[0] < LatinEnd && text[1] < LatinEnd && text[0] != '\r') ? 1 : StringInfo.GetNextTextElementLength(text);

    private string? ReplacementOfCluster(ReadOnlySpan<char> cluster)
    {
        if (cluster.Length == 1)
            return cluster[0] < LatinEnd ? _latin[cluster[0]] : Find(cluster);
        if (cluster.Length > MaxKeyLength || Encoding.UTF8.GetByteCount(cluster) > MaxKeyLength)
            return null;
        // the shortest rule that the cluster begins with
        for (int length = 1; length <= cluster.Length; length++)
        {
            if (Find(cluster[..length]) is { } replacement)
                return replacement;
            if (length == 1 && !_beginsLongerRule.Contains(cluster[0]) && !char.IsHighSurrogate(cluster[0]))
                return null;
        }
        return null;
    }

    private string? Find(ReadOnlySpan<char> key) => _ruleOf.TryGetValue(key, out string? replacement) ? replacement : null;

    /// <summary>
    /// Writes the text with the rules' changes, as the reference counts them: of a replacement with more characters the last
    /// ones are additional, and of one with fewer the last one stands for the rest, which for an empty one is the character
    /// before, if any: so the last character written waits for the next.
    /// </summary>
    private ref struct Edit(AlignedText text)
    {
        private int _waiting = -1;
        private int _change;

        /// <summary>How much of the text has been read.</summary>
        public int Consumed { get; private set; }

        public void Keep(int until)
        {
            if (until == Consumed)
                return;
            Flush();
            int last = until - (until > Consumed + 1 && char.IsLowSurrogate(text.Characters[until - 1]) ? 2 : 1);
            if (text.Read == Consumed)
            {
                text.Keep(last - Consumed);
            }
            else
            {
                // characters have gone at the very beginning: where the others come from is shifted, as in the reference
                for (int i = Consumed, width; i < last; i += width)
                    text.Put(text.CodePointAt(i, out width), 0);
            }
            _waiting = text.CodePointAt(last, out _);
            _change = 0;
            Consumed = until;
        }

        public void Replace(ReadOnlySpan<char> old, string replacement)
        {
            Consumed += old.Length;
            int oldCount = Count(old), newCount = Count(replacement), index = 0;
            foreach (Rune rune in replacement.EnumerateRunes())
            {
                Flush();
                _waiting = rune.Value;
                _change = index++ < Math.Min(oldCount, newCount) ? 0 : 1;
            }
            if (newCount < oldCount && _waiting >= 0)
                _change += newCount - oldCount;
        }

        public void ReplaceEach(ReadOnlySpan<char> cluster, FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> rules)
        {
            for (int i = 0, width; i < cluster.Length; i += width)
            {
                width = char.IsHighSurrogate(cluster[i]) ? 2 : 1;
                ReadOnlySpan<char> character = cluster.Slice(i, width);
                if (rules.TryGetValue(character, out string? replacement))
                    Replace(character, replacement);
                else
                    Keep(Consumed + width);
            }
        }

        public void End()
        {
            Keep(text.Length);
            Flush();
            text.Drop(text.Length - text.Read);
            text.EndEdit();
        }

        private void Flush()
        {
            if (_waiting >= 0)
                text.Put(_waiting, _change);
            _waiting = -1;
        }

        private static int Count(ReadOnlySpan<char> characters)
        {
            int count = 0;
            foreach (char c in characters)
                count += char.IsLowSurrogate(c) ? 0 : 1;
            return count;
        }
    }

    /// <summary>Walks the trie once, to the depth that matters. A sound trie has no more ways than units.</summary>
    private sealed class TrieReader(uint[] trie, byte[] replacements)
    {
        private readonly Dictionary<string, string> _rules = new(StringComparer.Ordinal);
        private readonly byte[] _key = new byte[MaxKeyLength];
        private int _steps;
        private long _replacementBytes;

        public Dictionary<string, string> Rules()
        {
            Walk(Offset(trie[0]), 0);
            return _rules;
        }

        private void Walk(uint node, int depth)
        {
            for (uint label = 1; label < 256; label++)
            {
                uint at = node ^ label;
                if (at >= trie.Length)
                    continue;
                uint unit = trie[at];
                if ((unit & (1u << 31 | 0xFF)) != label)
                    continue;
                if (++_steps > trie.Length)
                    throw new FormatException("its trie goes round in circles");
                _key[depth] = (byte)label;
                uint next = at ^ Offset(unit);
                if ((unit >> 8 & 1) == 1)
                    AddRule(depth + 1, next);
                if (depth + 1 < MaxKeyLength)
                    Walk(next, depth + 1);
            }
        }

        private void AddRule(int length, uint leaf)
        {
            if (leaf >= trie.Length)
                throw new FormatException($"its trie points to unit {leaf} of {trie.Length}");
            int start = (int)(trie[leaf] & 0x7FFFFFFF);
            if (start > replacements.Length)
                throw new FormatException($"its trie points to byte {start} of {replacements.Length} of replacements");
            ReadOnlySpan<byte> replacement = replacements.AsSpan(start);
            if (replacement.IndexOf((byte)0) is >= 0 and int end)
                replacement = replacement[..end];
            _replacementBytes += replacement.Length;
            if (_replacementBytes > (long)MaxReplacementBytes * trie.Length)
                throw new FormatException($"its replacements have more than {MaxReplacementBytes} bytes for each of the {trie.Length} units of its trie");
            _rules[Text(_key.AsSpan(0, length))] = Text(replacement);
        }

        private static string Text(ReadOnlySpan<byte> bytes)
        {
            if (!System.Text.Unicode.Utf8.IsValid(bytes))
                throw new FormatException("it has text that is not UTF-8");
            return Encoding.UTF8.GetString(bytes);
        }

        private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);
    }
}
