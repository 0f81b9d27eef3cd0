using System.Buffers;
using System.Text;

namespace SentimentML.Reviews;

/// <summary>Composes the accented letters of western languages. string.Normalize leaves them apart where .NET runs without ICU.</summary>
internal static class LatinLetters
{
    // Place by place: the letter, what it is composed of, and the mark's place among the marks.
    private const string Composed = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿ";
    private const string Bases = "AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyy";
    private const string MarkOfEach = "01234560124012430123401241012345601240124301234012414";
    private const string Marks = "\u0300\u0301\u0302\u0303\u0308\u030A\u0327"; // grave, acute, circumflex, tilde, diaeresis, ring, cedilla

    private static readonly SearchValues<char> AnyMark = SearchValues.Create(Marks);

    private static readonly Dictionary<(char, char), char> Letters =
        Enumerable.Range(0, Composed.Length).ToDictionary(place => (Bases[place], Marks[MarkOfEach[place] - '0']), place => Composed[place]);

    /// <summary>The text with each letter and the mark behind it as one character, where there is such a one.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAny(AnyMark))
            return text;
        var composed = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (composed.Length > 0 && Letters.TryGetValue((composed[^1], c), out char letter))
                composed[^1] = letter;
            else
                composed.Append(c);
        }
        return composed.ToString();
    }
}
