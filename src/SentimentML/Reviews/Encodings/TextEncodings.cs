using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using UtfUnknown;

namespace SentimentML.Reviews;

/// <summary>Finds out which encoding a text is in.</summary>
internal static class TextEncodings
{
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // How sure the detector must be of a text that is not Spanish in one of the candidates' encodings.
    private const double SureConfidence = 0.95;

    // A letter in fifty may be one that Spanish texts do not have.
    private const int MostFitting = 50;

    // Without a letter of Spanish, fewer letters may be the rest of a damaged text.
    private const int MinWestern = 3;

    private const string SpanishLetters = "áéíóúüñÁÉÍÓÚÜÑ";
    private const string OtherLetters = "àâäçèêëìîïòôöõùûãåæßÀÂÄÇÈÊËÌÎÏÒÔÖÕÙÛÃ";

    // Words of western languages have few letters beyond ASCII, and of these alone two side by side.
    private const string Neighbours = "áéíóúüñÁÉÍÓÚÜÑçãõäöß";

    private static readonly SearchValues<char> Marks = SearchValues.Create("“”‘’‚„«»‹›–—…€·°•™®©ªº²³½¼¾£§´×\u00A0");

    /// <summary>What Spanish texts are saved in beside UTF-8: Windows, Linux and the web of old, DOS, the old Macintosh.</summary>
    private static readonly Encoding[] Candidates = [Known("windows-1252"), Known("iso-8859-15"), Known("ibm850"), Known("macintosh")];

    /// <summary>The encoding of a name or of a code page's number, as .NET has them; null if there is none.</summary>
    public static Encoding? Find(string name)
    {
        name = name.Trim().ToUpperInvariant() switch
        {
            "UTF8" or "UTF-8-SIG" => "utf-8",
            "UTF16" => "utf-16",
            "LATIN-1" => "latin1",
            var upper when upper.StartsWith("CP", StringComparison.Ordinal) => upper[2..].TrimStart('-'),
            var upper => upper,
        };
        try
        {
            if (int.TryParse(name, out int page))
                return page > 0 ? CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page) : null;
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The encoding that a byte order mark says, and the mark's length; null without one.</summary>
    public static (Encoding Encoding, int Length)? ByMark(ReadOnlySpan<byte> start)
    {
        foreach (Encoding encoding in (
            ReadOnlySpan<Encoding>)[Encoding.UTF8, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true), Encoding.Unicode,
            Encoding.BigEndianUnicode])
        {
            if (start.StartsWith(encoding.Preamble))
                return (encoding, encoding.Preamble.Length);
        }
        return null;
    }

    /// <summary>UTF-16 without a byte order mark: in a text of western letters, every other byte is 0. Null if it is not that.</summary>
    public static Encoding? Utf16WithoutMark(ReadOnlySpan<byte> start)
    {
        int pairs = Math.Min(start.Length, 4096) / 2, even = 0, odd = 0;
        for (int i = 0; i < pairs * 2; i += 2)
        {
            ushort pair = BinaryPrimitives.ReadUInt16LittleEndian(start[i..]);
            even += (pair & 0xFF) == 0 ? 1 : 0;
            odd += pair >> 8 == 0 ? 1 : 0;
        }
        if (odd * 2 > pairs && even * 20 <= pairs)
            return Encoding.Unicode;
        return even * 2 > pairs && odd * 20 <= pairs ? Encoding.BigEndianUnicode : null;
    }

    /// <summary>
    /// The encoding of a text that is not UTF-8. It is sure where the text, read so, has the letters that western texts have where
    /// they have them: detectors by letter frequencies (UTF.Unknown) take short Spanish texts for others.
    /// </summary>
    public static (Encoding Encoding, bool IsSure)? Guess(ReadOnlySpan<byte> text)
    {
        if (IsShapedLikeUtf8(text))
            return null;
        foreach (Encoding candidate in Candidates)
        {
            if (IsWestern(candidate.GetString(text), mustBeSpanish: candidate != Candidates[0]))
                return (candidate, true);
        }
        DetectionDetail? detected = CharsetDetector.DetectFromBytes(text.ToArray()).Detected;
        if (detected is null || Find(detected.EncodingName) is not { } encoding || encoding.CodePage == Encoding.ASCII.CodePage)
            return null;
        return (encoding, detected.Confidence >= SureConfidence);
    }

    /// <summary>The encoding with an exception for bytes that it does not have.</summary>
    public static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    private static bool IsWestern(string text, bool mustBeSpanish)
    {
        int fitting = 0, odd = 0, spanish = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAscii(c))
                continue;
            char before = i > 0 ? text[i - 1] : ' ', after = i + 1 < text.Length ? text[i + 1] : ' ';
            bool fits = c switch
            {
                '¿' or '¡' => !char.IsLetter(before),
                '’' => true,
                _ when IsIn(SpanishLetters, c) || IsIn(OtherLetters, c) => MayStandBeside(before) && MayStandBeside(after),
                _ => Marks.Contains(c) && !(char.IsLetter(before) && char.IsLetter(after)),
            };
            spanish += c is '¿' or '¡' || IsIn(SpanishLetters, c) ? 1 : 0;
            fitting += fits ? 1 : 0;
            odd += fits ? 0 : 1;
        }
        return odd * MostFitting <= fitting && (spanish > 0 || (!mustBeSpanish && fitting >= MinWestern));
    }

    /// <summary>A surrogate or an overlong form: no character of UTF-8, and none of another encoding either.</summary>
    private static bool IsShapedLikeUtf8(ReadOnlySpan<byte> text)
    {
        int following = text[0] switch { >= 0xC0 and <= 0xDF => 1, >= 0xE0 and <= 0xEF => 2, >= 0xF0 and <= 0xF7 => 3, _ => 0 };
        return following > 0 && text.Length > following && !text.Slice(1, following).ContainsAnyExceptInRange((byte)0x80, (byte)0xBF);
    }

    private static bool MayStandBeside(char c) => char.IsAscii(c) || !char.IsLetter(c) || IsIn(Neighbours, c);

    private static bool IsIn(string letters, char c) => letters.Contains(c, StringComparison.Ordinal);

    private static Encoding Known(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name)!;
}
