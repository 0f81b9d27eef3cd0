using System.Globalization;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>
/// A number of stars as people, shops and their interfaces write it: "4", "4.0", "4,0", "4 stars", "5 estrellas", "cinco estrellas", "FIVE", "5 puntos",
/// "4/5", "4 de 5", "4.0 out of 5 stars", "Rated 5 out of 5 stars", "Puntuación: 4", "Se ha valorado con 4 estrellas de un máximo de 5", "★★★★☆",
/// MongoDB's {"$numberInt": "4"}; and a score whose value says what it is out of: "8/10", "85 %", "4,5/5", "★★★½".
/// </summary>
internal static partial class StarText
{
    private const int MaxLength = 60;

    /// <summary>The most stars.</summary>
    private const int Scale = 5;

    /// <summary>What scores may be out of, the least first.</summary>
    public static readonly int[] Scales = [Scale, 10, 20, 50, 100];

    /// <summary>A number as what scores may be out of; null if it is none of <see cref="Scales"/>.</summary>
    public static int? ScaleOf(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int scale) && Scales.Contains(scale) ? scale : null;

    private static readonly Dictionary<string, int> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["una"] = 1, ["uno"] = 1, ["one"] = 1, ["dos"] = 2, ["two"] = 2, ["tres"] = 3, ["three"] = 3, ["cuatro"] = 4, ["four"] = 4, ["cinco"] = 5, ["five"] = 5,
    };

    /// <summary>What shops and forms write where nobody gave stars.</summary>
    private static readonly HashSet<string> None = new(StringComparer.OrdinalIgnoreCase)
    {
        "-", "--", "–", "—", "\\N", "s/d", "n/d", "sin valorar", "sin valoración", "sin puntuar", "sin puntuación", "sin calificar", "sin calificación",
        "sin estrellas", "no aplica", "ns/nc", "not rated", "unrated", "no rating",
    };

    /// <summary>Whether a value says that there are no stars.</summary>
    public static bool IsMissing(string? value) => MissingValue.IsMissing(value) || None.Contains(value!.Trim());

    /// <param name="value">What the file has, not missing.</param>
    /// <param name="number">The number, whole or not.</param>
    /// <param name="scale">The most that the value says there can be: 5, 10, 20, 50 or 100; null if it does not say it.</param>
    public static bool TryParse(string value, out double number, out int? scale)
    {
        scale = null;
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return true;
        if (value.Length > MaxLength)
            return false;
        Match written = Number().Match(value);
        if (written.Success)
        {
            scale = written.Groups["percent"].Success ? 100
                : written.Groups["scale"] is not { Success: true } most ? null
                : Words.TryGetValue(most.Value, out int five) ? five : int.Parse(most.Value, CultureInfo.InvariantCulture);
            return double.TryParse(written.Groups["number"].Value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        }
        Match extended = ExtendedJson().Match(value);
        if (extended.Success)
            return double.TryParse(extended.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        Match word = Word().Match(value);
        if (word.Success)
        {
            number = Words[word.Groups[1].Value];
            return true;
        }
        Match drawn = Drawn().Match(value);
        number = drawn.Groups["star"].Captures.Count + (drawn.Groups["half"].Success ? 0.5 : 0);
        scale = Scale;
        return drawn.Success && number > 0;
    }

    /// <summary>
    /// A score on a scale as whole stars, halves rounded up: so 7 of 10 is positive, 5 and 6 are the middle, 4 is negative, as such scores are usually
    /// taken. Null for what is not on the scale. Zero of 5 is where nobody gave stars; zero of 10 or of 100 is the lowest score.
    /// </summary>
    public static double? OutOfFive(double number, int scale)
    {
        if (number < 0 || number > scale)
            return null;
        double stars = Math.Round(number * Scale / scale, MidpointRounding.AwayFromZero);
        return scale == Scale ? stars : Math.Max(1, stars);
    }

    private const string Unit = @"stars?|estrellas?|puntos?|points?|bubbles?|burbujas?|c[ií]rculos?|★|⭐\uFE0F?";

    [GeneratedRegex(@"^\s*(?:rated|(?:se ha )?(?:valorado|puntuado) con|(?:puntuaci[oó]n|valoraci[oó]n|calificaci[oó]n|nota|rating|score|stars|estrellas)"
        + @"\s*(?:[:=]|de\b|of\b)?)?\s*(?<number>[+-]?\d{1,3}(?:[.,]\d+)?)\s*(?<unit>" + Unit + @")?"
        + @"\s*(?:(?<percent>%)|(?:/|de|sobre|of|out of|de un m[aá]ximo de)\s*(?:(?<scale>5|10|20|50|100)(?:[.,]0+)?|(?<scale>cinco|five)))?"
        + @"\s*(?(scale)(?:" + Unit + @")?|(?(unit)|(?:" + Unit + @")?))\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*(una|uno|one|dos|two|tres|three|cuatro|four|cinco|five)(?:\s+(?:stars?|estrellas?|puntos?|points?))?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("""^\s*\{\s*"\$number[A-Za-z0-9]+"\s*:\s*"([^"]+)"\s*\}\s*$""", RegexOptions.CultureInvariant)]
    private static partial Regex ExtendedJson();

    [GeneratedRegex(@"^\s*(?:(?<star>★|⭐\uFE0F?)\s*)*(?<half>[½⯨⯪]\s*)?(?:☆\s*)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Drawn();
}
