using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>JSON that a script gives a name to, as a Twitter archive's files do: "window.YTD.tweets.part0 = [ … ]".</summary>
internal static partial class JsonScript
{
    private const int MaxLength = 256;

    /// <summary>The text with blanks in place of the name, so that places in it stay what they are; the text itself if it has none.</summary>
    /// <param name="text">UTF-8; owned.</param>
    public static Stream ValueOf(Stream text)
    {
        try
        {
            var start = new byte[MaxLength];
            int length = text.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            Match name = Name().Match(Encoding.Latin1.GetString(start, 0, length));
            foreach (ref byte one in start.AsSpan(0, name.Length))
                one = one is (byte)'\n' or (byte)'\r' ? one : (byte)' ';
            return new Preceded(start[..length], text);
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <summary>Whether a text begins with such a name.</summary>
    /// <param name="start">The first bytes of its UTF-8.</param>
    public static bool HasName(ReadOnlySpan<byte> start) => Name().IsMatch(Encoding.Latin1.GetString(start[..Math.Min(start.Length, MaxLength)]));

    [GeneratedRegex(@"^\s*(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]*\s*=\s*(?=[\[{])", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
