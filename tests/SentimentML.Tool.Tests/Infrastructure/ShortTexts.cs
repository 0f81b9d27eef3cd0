using System.Globalization;

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>
/// A data set that is not of this project: short messages, labelled negative, neutral and positive as text, six, one and three
/// of ten. A few labels are wrong, so that nobody is right in all.
/// </summary>
internal static class ShortTexts
{
    private static readonly string[] Labels = ["negative", "neutral", "positive"];
    private static readonly string[][] Words =
    [
        ["horrible", "muy malo", "no funciona", "pésimo servicio", "una decepción", "fatal, un desastre"],
        ["normal", "ni bien ni mal", "correcto, sin más", "del montón"],
        ["me encanta", "genial", "excelente servicio", "lo recomiendo", "estupendo, contento"],
    ];

    private static readonly string[] Things = ["el hotel", "la comida", "el móvil", "la web", "el libro", "mi pedido", "la app"];

    /// <param name="count">How many rows.</param>
    /// <param name="seed">Another seed, other rows.</param>
    /// <param name="labels">What the three labels are called.</param>
    public static IEnumerable<(string Text, string Label)> Rows(int count, int seed, string[]? labels = null)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            int kind = random.NextDouble() switch { < 0.6 => 0, < 0.7 => 1, _ => 2 };
            string text = string.Create(
                CultureInfo.InvariantCulture, $"{Things[random.Next(Things.Length)]}: \"{Words[kind][random.Next(Words[kind].Length)]}\" {random.Next(100)}");
            yield return (text, (labels ?? Labels)[random.Next(20) == 0 ? random.Next(3) : kind]);
        }
    }

    /// <summary>The rows as csv, with columns text and label.</summary>
    public static string Csv(IEnumerable<(string Text, string Label)> rows) =>
        "text,label\n" + string.Concat(rows.Select(row => $"\"{row.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{row.Label}\n"));
}
