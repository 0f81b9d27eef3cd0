using System.Globalization;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>
/// A number of stars as people, shops and their interfaces write it: "4", "4.0", "4,0", "4 stars", "5 estrellas", "cinco estrellas", "FIVE", "5 puntos",
/// "4/5", "4 de 5", "4.0 out of 5 stars", "Rated 5 out of 5 stars", "★★★★☆", MongoDB's {"$numberInt": "4"}.
/// </summary>
internal static partial class StarText
{
    private const int MaxLength = 40;

    private static readonly Dictionary<string, int> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["una"] = 1, ["uno"] = 1, ["one"] = 1, ["dos"] = 2, ["two"] = 2, ["tres"] = 3, ["three"] = 3, ["cuatro"] = 4, ["four"] = 4, ["cinco"] = 5, ["five"] = 5,
    };

    /// <summary>What shops and forms write where nobody gave stars.</summary>
    private static readonly HashSet<string> None = new(StringComparer.OrdinalIgnoreCase)
    {
        "-", "--", "–", "—", "\\N", "s/d", "n/d", "sin valorar", "sin valoración", "sin puntuar", "sin puntuación", "sin calificar", "sin calificación",
        "sin estrellas", "not rated", "unrated", "no rating",
    };

    /// <summary>Whether a value says that there are no stars.</summary>
    public static bool IsMissing(string? value) => MissingValue.IsMissing(value) || None.Contains(value!.Trim());

    /// <param name="value">What the file has, not missing.</param>
    /// <param name="stars">The number, whole or not.</param>
    public static bool TryParse(string value, out double stars)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out stars))
            return true;
        if (value.Length > MaxLength)
            return false;
        Match number = Number().Match(value);
        if (number.Success)
            return double.TryParse(number.Groups[1].Value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out stars);
        Match extended = ExtendedJson().Match(value);
        if (extended.Success)
            return double.TryParse(extended.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out stars);
        Match word = Word().Match(value);
        if (word.Success)
        {
            stars = Words[word.Groups[1].Value];
            return true;
        }
        Match drawn = Drawn().Match(value);
        stars = drawn.Groups["star"].Captures.Count;
        return drawn.Success && stars > 0;
    }

    [GeneratedRegex(@"^\s*(?:rated|valorado con|puntuado con)?\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*(?:(?:/|de|sobre|of|out of)\s*5(?:[.,]0+)?)?"
        + @"\s*(?:stars?|estrellas?|puntos?|points?|★|⭐\uFE0F?)?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*(una|uno|one|dos|two|tres|three|cuatro|four|cinco|five)(?:\s+(?:stars?|estrellas?|puntos?|points?))?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("""^\s*\{\s*"\$number[A-Za-z0-9]+"\s*:\s*"([^"]+)"\s*\}\s*$""", RegexOptions.CultureInvariant)]
    private static partial Regex ExtendedJson();

    [GeneratedRegex(@"^\s*(?:(?<star>★|⭐\uFE0F?)\s*)*(?:☆\s*)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Drawn();
}
