using System.Globalization;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>
/// A number of stars as people and shops write it: "4", "4.0", "4,0", "4 stars", "5 estrellas", "4/5", "4 de 5", "4.0 out of 5 stars",
/// "★★★★☆".
/// </summary>
internal static partial class StarText
{
    private const int MaxLength = 40;

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
        Match drawn = Drawn().Match(value);
        stars = drawn.Groups["star"].Captures.Count;
        return drawn.Success && stars > 0;
    }

    [GeneratedRegex(@"^\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*(?:(?:/|de|sobre|of|out of)\s*5(?:[.,]0+)?)?\s*(?:stars?|estrellas?|★|⭐\uFE0F?)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*(?:(?<star>★|⭐\uFE0F?)\s*)*(?:☆\s*)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Drawn();
}
