using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>
/// A label out of a file's value. Annotation tools write lists of labels (doccano's "label", Prodigy's "accept", Argilla's responses with who gave them),
/// pandas the lists' Python text: a list of one is that label. spaCy writes an object with a score for each label ("cats"). A whole number that was
/// written as a fraction ("5.0") is a whole number.
/// </summary>
internal static partial class LabelText
{
    /// <summary>The least score of a row's label, where each label has one.</summary>
    public const double Half = 0.5;

    /// <summary>The label; null if the list is empty.</summary>
    /// <param name="value">What the file has, not missing.</param>
    /// <param name="fault">What is wrong with the value, and what to do; null if it is a label.</param>
    public static string? Read(string value, out string? fault) => Read(value, out fault, out _);

    /// <param name="value">What the file has, not missing.</param>
    /// <param name="fault">What is wrong with the value, and what to do; null if it is a label.</param>
    /// <param name="several">The labels, if there are several.</param>
    public static string? Read(string value, out string? fault, out IReadOnlyList<string> several)
    {
        (fault, several) = (null, []);
        string label = value.Trim();
        if (label.Length > 1 && (label[0], label[^1]) is ('[', ']') or ('{', '}') && Items(label) is { } items)
            return One(items, out fault, out several);
        Match whole = WholeNumber().Match(label);
        return whole.Success ? whole.Groups[1].Value : label;
    }

    /// <summary>The label of those that have a score each: the one that reaches <see cref="Half"/>; null if none does.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="fault">What is wrong with them, and what to do; null if they say one label or none.</param>
    /// <param name="several">The labels, if there are several.</param>
    public static string? OfScores(IEnumerable<(string Label, double Score)> labels, out string? fault, out IReadOnlyList<string> several) =>
        One(Reaching(labels), out fault, out several);

    /// <summary>The only one of several labels that says a sentiment; null if none does, or several.</summary>
    public static string? OnlySentiment(IEnumerable<string> labels) =>
        labels.Where(label => SentimentMap.FromKnownNames([label]) is not null).ToArray() is [var only] ? only : null;

    /// <summary>
    /// A label without what nobody sees, so that labels that look the same are one: its accents composed, no zero-width characters, plain spaces. What
    /// joins the parts of an emoji stays.
    /// </summary>
    public static string Visible(string label)
    {
        const char joiner = '\u200D';
        if (Ascii.IsValid(label))
            return label;
        IEnumerable<char> seen = LatinLetters.Compose(label)
            .Where(c => c == joiner || CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format).Select(c => char.IsWhiteSpace(c) ? ' ' : c);
        return string.Concat(seen).Trim();
    }

    private static string?[] Reaching(IEnumerable<(string Label, double Score)> labels) =>
        [.. labels.Where(label => label.Score >= Half).Select(label => label.Label)];

    private static string? One(IReadOnlyList<string?> items, out string? fault, out IReadOnlyList<string> several)
    {
        (fault, several) = (null, []);
        items = [.. items.Distinct()]; // annotators who agree
        if (items.Contains(null))
            fault = "the label is a JSON object or a list of such, expected a text or a list of one text. Write the label as a text.";
        else if (items.Count > 1)
            (several, fault) = ([.. items.OfType<string>()],
                $"{items.Count} labels in one row ({string.Join(", ", items.Take(5))}), expected one. Keep one label a row, or leave such "
                + "rows out: a text has one label in this training.");
        return fault is not null || items.Count == 0 || MissingValue.IsMissing(items[0]) ? null : items[0]!.Trim();
    }

    /// <summary>The list's items, each null if it is not a plain value; null if the text is not a list, nor an object.</summary>
    private static IReadOnlyList<string?>? Items(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Array
                ? [.. json.RootElement.EnumerateArray().Where(item => !IsDiscarded(item)).Select(Plain)]
                : Scored(json.RootElement) ?? [null];
        }
        catch (JsonException)
        {
            Match python = PythonList().Match(text);
            return python.Success ? [.. python.Groups["item"].Captures.Select(item => item.Value.Trim('\'', '"'))] : null;
        }
    }

    /// <summary>The labels to which an object gives a score of at least a half, as spaCy's "cats" does; null if it holds anything but scores.</summary>
    private static string?[]? Scored(JsonElement item)
    {
        JsonProperty[] labels = [.. item.EnumerateObject()];
        double Score(JsonProperty label) => label.Value.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.Number => label.Value.GetDouble(),
            _ => double.NaN,
        };
        return Array.TrueForAll(labels, label => Score(label) is >= 0 and <= 1) ? Reaching(labels.Select(label => (label.Name, Score(label)))) : null;
    }

    /// <summary>Whether an annotator did not stand by a response of Argilla's.</summary>
    private static bool IsDiscarded(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("status", out JsonElement status) && status.ValueKind == JsonValueKind.String
            && status.GetString() is "discarded" or "draft";

    private static string? Plain(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.Object when item.TryGetProperty("value", out JsonElement value) && value.ValueKind != JsonValueKind.Object => Plain(value),
        JsonValueKind.String => item.GetString(),
        JsonValueKind.Null => "",
        JsonValueKind.Array or JsonValueKind.Object => null,
        _ => item.GetRawText(),
    };

    [GeneratedRegex(@"^(-?\d{1,9})[.,]0+$")]
    private static partial Regex WholeNumber();

    /// <summary>As Python and numpy print it: ['pos'], ["pos", 'neg'], ['pos' 'neg'].</summary>
    [GeneratedRegex("""^\[\s*(?:(?<item>'[^']*'|"[^"]*")[\s,]*)*\]$""")]
    private static partial Regex PythonList();
}
