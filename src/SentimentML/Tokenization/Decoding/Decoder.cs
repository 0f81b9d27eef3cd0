using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// Makes text of tokens, by changing the list of them; the text is what is left, put together. Each follows the decoder of its name in
/// huggingface/tokenizers.
/// </summary>
internal abstract class Decoder
{
    public abstract void Decode(List<string> tokens);
}

internal sealed class SequenceDecoder(IReadOnlyList<Decoder> decoders) : Decoder
{
    public override void Decode(List<string> tokens)
    {
        foreach (Decoder decoder in decoders)
            decoder.Decode(tokens);
    }
}

/// <summary>Tokens of the byte-level alphabet stand for bytes, any other for its text. Bytes that are no characters become U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    public override void Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (string token in tokens)
        {
            bool isOfAlphabet = true;
            foreach (char c in token)
                isOfAlphabet &= ByteLevelAlphabet.ByteOf(c) >= 0;
            if (!isOfAlphabet)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                continue;
            }
            foreach (char c in token)
                bytes.Add((byte)ByteLevelAlphabet.ByteOf(c));
        }
        tokens.Clear();
        tokens.Add(Encoding.UTF8.GetString([.. bytes]));
    }
}

/// <summary>
/// A space in front of each token but those with the mark, and of the first; "cleanup" takes spaces off before punctuation and English
/// contractions.
/// </summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : Decoder
{
    private static readonly (string Old, string New)[] Cleanups =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public override void Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0)
                tokens[i] = tokens[i].StartsWith(prefix, StringComparison.Ordinal) ? tokens[i][prefix.Length..] : " " + tokens[i];
            if (!cleanup)
                continue;
            foreach ((string old, string clean) in Cleanups)
                tokens[i] = tokens[i].Replace(old, clean, StringComparison.Ordinal);
        }
    }
}

/// <summary>Marks become spaces; those of the first token go, where words have one put in front.</summary>
internal sealed class MetaspaceDecoder(string mark, PrependScheme scheme) : Decoder
{
    public override void Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
            tokens[i] = tokens[i].Replace(mark, i == 0 && scheme != PrependScheme.Never ? "" : " ", StringComparison.Ordinal);
    }
}

/// <summary>The suffix that ends words becomes a space, and nothing in the last token.</summary>
internal sealed class BpeDecoder(string suffix) : Decoder
{
    public override void Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count && suffix.Length > 0; i++)
            tokens[i] = tokens[i].Replace(suffix, i + 1 == tokens.Count ? "" : " ", StringComparison.Ordinal);
    }
}

/// <summary>Tokens &lt;0x00&gt; to &lt;0xFF&gt; in a row are the bytes of characters; each becomes U+FFFD if together they are not valid UTF-8.</summary>
internal sealed class ByteFallbackDecoder : Decoder
{
    public override void Decode(List<string> tokens)
    {
        var decoded = new List<string>();
        var bytes = new List<byte>();
        foreach (string token in tokens)
        {
            if (ByteOf(token) is { } value)
            {
                bytes.Add(value);
                continue;
            }
            AddBytes(bytes, decoded);
            decoded.Add(token);
        }
        AddBytes(bytes, decoded);
        tokens.Clear();
        tokens.AddRange(decoded);
    }

    private static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : null;

    private static void AddBytes(List<byte> bytes, List<string> decoded)
    {
        if (bytes.Count == 0)
            return;
        byte[] all = [.. bytes];
        bytes.Clear();
        if (System.Text.Unicode.Utf8.IsValid(all))
            decoded.Add(Encoding.UTF8.GetString(all));
        else
            decoded.AddRange(Enumerable.Repeat("\uFFFD", all.Length));
    }
}

/// <summary>Puts all tokens together into one.</summary>
internal sealed class FuseDecoder : Decoder
{
    public override void Decode(List<string> tokens)
    {
        string fused = string.Concat(tokens);
        tokens.Clear();
        tokens.Add(fused);
    }
}

/// <summary>Replaces what a pattern finds.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : Decoder
{
    public override void Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (!pattern.MayMatch(tokens[i]))
                continue;
            var text = new StringBuilder();
            int at = 0;
            foreach (PatternMatch match in pattern.Matches(tokens[i]))
            {
                text.Append(tokens[i], at, match.Start - at).Append(content);
                at = match.End;
            }
            tokens[i] = text.Append(tokens[i], at, tokens[i].Length - at).ToString();
        }
    }
}

/// <summary>Takes a character off the ends of tokens, at most so many times.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : Decoder
{
    public override void Decode(List<string> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            ReadOnlySpan<char> token = tokens[i];
            for (int n = 0; n < start && token.StartsWith(content); n++)
                token = token[content.Length..];
            for (int n = 0; n < stop && token.EndsWith(content); n++)
                token = token[..^content.Length];
            tokens[i] = token.ToString();
        }
    }
}
