using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML;

/// <summary>
/// Which sentiment each of a model's labels stands for. Models call the same things "NEG", "negativo", "1 star" or "Very Negative",
/// in any order; a map by their names lets all of them be asked one question. What a name does not say, such as LABEL_0, is not
/// guessed: state it with <see cref="Parse"/>.
/// </summary>
public sealed partial class SentimentMap
{
    private static readonly Dictionary<string, Sentiment> Words = new(StringComparer.Ordinal)
    {
        ["neg"] = Sentiment.Negative, ["negative"] = Sentiment.Negative, ["negativo"] = Sentiment.Negative, ["negativa"] = Sentiment.Negative,
        ["bad"] = Sentiment.Negative, ["mal"] = Sentiment.Negative, ["malo"] = Sentiment.Negative, ["mala"] = Sentiment.Negative,
        ["unfavorable"] = Sentiment.Negative, ["desfavorable"] = Sentiment.Negative, ["n"] = Sentiment.Negative, ["n+"] = Sentiment.Negative,
        ["neu"] = Sentiment.Neutral, ["neut"] = Sentiment.Neutral, ["neutral"] = Sentiment.Neutral, ["neutro"] = Sentiment.Neutral,
        ["neutra"] = Sentiment.Neutral,
        ["mixed"] = Sentiment.Neutral, ["mixto"] = Sentiment.Neutral, ["mixta"] = Sentiment.Neutral, ["none"] = Sentiment.Neutral,
        ["pos"] = Sentiment.Positive, ["positive"] = Sentiment.Positive, ["positivo"] = Sentiment.Positive, ["positiva"] = Sentiment.Positive,
        ["good"] = Sentiment.Positive, ["bien"] = Sentiment.Positive, ["bueno"] = Sentiment.Positive, ["buena"] = Sentiment.Positive,
        ["favorable"] = Sentiment.Positive, ["p"] = Sentiment.Positive, ["p+"] = Sentiment.Positive,
        ["satisfecho"] = Sentiment.Positive, ["satisfecha"] = Sentiment.Positive, ["satisfied"] = Sentiment.Positive,
        ["insatisfecho"] = Sentiment.Negative, ["insatisfecha"] = Sentiment.Negative, ["dissatisfied"] = Sentiment.Negative,
        ["unsatisfied"] = Sentiment.Negative,
        ["excelente"] = Sentiment.Positive, ["excellent"] = Sentiment.Positive, ["contento"] = Sentiment.Positive, ["contenta"] = Sentiment.Positive,
        ["pesimo"] = Sentiment.Negative, ["pesima"] = Sentiment.Negative, ["pésimo"] = Sentiment.Negative, ["pésima"] = Sentiment.Negative,
        ["terrible"] = Sentiment.Negative, ["horrible"] = Sentiment.Negative,
        ["poor"] = Sentiment.Negative, ["descontento"] = Sentiment.Negative, ["descontenta"] = Sentiment.Negative,
        ["aceptable"] = Sentiment.Neutral, ["regular"] = Sentiment.Neutral, ["normal"] = Sentiment.Neutral, ["average"] = Sentiment.Neutral,
        ["indiferente"] = Sentiment.Neutral,
        ["positives"] = Sentiment.Positive, ["positivos"] = Sentiment.Positive, ["positivas"] = Sentiment.Positive, // as folders are called
        ["negatives"] = Sentiment.Negative, ["negativos"] = Sentiment.Negative, ["negativas"] = Sentiment.Negative,
        ["neutrals"] = Sentiment.Neutral, ["neutrales"] = Sentiment.Neutral, ["neutros"] = Sentiment.Neutral,
        ["promoter"] = Sentiment.Positive, ["promotor"] = Sentiment.Positive, ["promotora"] = Sentiment.Positive, // the groups of a Net Promoter Score
        ["passive"] = Sentiment.Neutral, ["pasivo"] = Sentiment.Neutral, ["pasiva"] = Sentiment.Neutral,
        ["detractor"] = Sentiment.Negative, ["detractora"] = Sentiment.Negative,
        ["recommended"] = Sentiment.Positive, ["recomendado"] = Sentiment.Positive, ["recomendada"] = Sentiment.Positive,
        ["👍"] = Sentiment.Positive, ["😀"] = Sentiment.Positive, ["😃"] = Sentiment.Positive, ["😄"] = Sentiment.Positive, ["😊"] = Sentiment.Positive,
        ["🙂"] = Sentiment.Positive, ["😍"] = Sentiment.Positive, ["😐"] = Sentiment.Neutral, ["👎"] = Sentiment.Negative, ["🙁"] = Sentiment.Negative,
        ["☹"] = Sentiment.Negative, ["😞"] = Sentiment.Negative, ["😟"] = Sentiment.Negative, ["😠"] = Sentiment.Negative, ["😡"] = Sentiment.Negative,
        ["positiu"] = Sentiment.Positive, ["negatiu"] = Sentiment.Negative, ["neutre"] = Sentiment.Neutral, // Catalan, French
        ["positif"] = Sentiment.Positive, ["negatif"] = Sentiment.Negative, ["négatif"] = Sentiment.Negative,
    };

    /// <summary>Words that say how much, and not which, as the number in "5 - Muy satisfecho" does.</summary>
    private static readonly HashSet<string> Degrees = new(StringComparer.Ordinal)
    {
        "very", "extremely", "highly", "strongly", "strong", "mostly", "somewhat", "slightly", "weakly", "weak", "moderately",
        "muy", "molt", "tres", "muito", "bastante", "algo", "ligeramente", "extremadamente", "sentiment", "sentimiento",
    };

    /// <summary>What makes "satisfied" and "recommended" the opposite: "nada satisfecho", "no recomendado".</summary>
    private static readonly HashSet<string> Negations = new(StringComparer.Ordinal) { "nada", "poco", "no", "not" };

    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal)
    {
        ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5,
        ["una"] = 1, ["uno"] = 1, ["dos"] = 2, ["tres"] = 3, ["cuatro"] = 4, ["cinco"] = 5,
    };

    private readonly Dictionary<string, Sentiment> _byLabel;

    private SentimentMap(Dictionary<string, Sentiment> byLabel) => _byLabel = byLabel;

    /// <summary>The sentiment of each label.</summary>
    public IReadOnlyDictionary<string, Sentiment> ByLabel => _byLabel;

    /// <summary>A map from given pairs; a label is matched exactly, else without regard to case.</summary>
    /// <param name="byLabel">The sentiment of each label; at least one; copied.</param>
    /// <exception cref="ArgumentException">There is no label.</exception>
    public static SentimentMap Of(IReadOnlyDictionary<string, Sentiment> byLabel)
    {
        ArgumentNullException.ThrowIfNull(byLabel);
        if (byLabel.Count == 0)
            throw new ArgumentException("The map is empty, expected a sentiment for each label.", nameof(byLabel));
        return new SentimentMap(new Dictionary<string, Sentiment>(byLabel, StringComparer.Ordinal));
    }

    /// <summary>The map that the names of a model's labels say, as words of English, Spanish or its neighbours or as one to five stars.</summary>
    /// <param name="labels">All labels of the model.</param>
    /// <returns>Null if any name does not say a sentiment.</returns>
    public static SentimentMap? FromNames(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Sentiment?[] sentiments = [.. labels.Select(OfWord)];
        if (sentiments.Any(sentiment => sentiment is null))
            sentiments = OfStars([.. labels.Select(Stars)], areNumbers: labels.All(label => double.TryParse(label, CultureInfo.InvariantCulture, out _)));
        if (labels.Count == 0 || sentiments.Any(sentiment => sentiment is null) || labels.Distinct(StringComparer.Ordinal).Count() < labels.Count)
            return null;
        return new SentimentMap(labels.Zip(sentiments).ToDictionary(pair => pair.First, pair => pair.Second!.Value, StringComparer.Ordinal));
    }

    /// <summary>The map of those labels whose names say a sentiment in words; null if there are none.</summary>
    internal static SentimentMap? FromKnownNames(IEnumerable<string> labels)
    {
        var byLabel = new Dictionary<string, Sentiment>(StringComparer.Ordinal);
        foreach (string label in labels)
            if (OfWord(label) is { } sentiment)
                byLabel[label] = sentiment;
        return byLabel.Count > 0 ? new SentimentMap(byLabel) : null;
    }

    /// <summary>Reads "LABEL_0=negative,LABEL_1=positive". A sentiment may be written in any way that <see cref="FromNames"/> understands.</summary>
    /// <param name="text">Pairs of a label and a sentiment, separated by commas.</param>
    /// <exception cref="FormatException">The text does not consist of such pairs.</exception>
    public static SentimentMap Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var byLabel = new Dictionary<string, Sentiment>(StringComparer.Ordinal);
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.LastIndexOf('=');
            if (equals < 1 || OfWord(pair[(equals + 1)..]) is not { } sentiment)
                throw new FormatException($"'{pair}' does not say a label's sentiment, expected LABEL=negative, LABEL=neutral or LABEL=positive.");
            if (!byLabel.TryAdd(pair[..equals].Trim(), sentiment))
                throw new FormatException($"'{pair[..equals].Trim()}' has two sentiments, expected one.");
        }
        return byLabel.Count > 0 ? new SentimentMap(byLabel) : throw new FormatException("There is no pair, expected LABEL=negative,LABEL=positive.");
    }

    /// <summary>The sentiment of a label; null if the map does not have it.</summary>
    /// <param name="label">The label's name.</param>
    public Sentiment? Find(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (_byLabel.TryGetValue(label, out Sentiment exact))
            return exact;
        foreach ((string name, Sentiment sentiment) in _byLabel)
            if (string.Equals(name, label, StringComparison.OrdinalIgnoreCase))
                return sentiment;
        return null;
    }

    /// <summary>The map as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join(',', _byLabel.Select(pair => $"{pair.Key}={pair.Value.Word()}"));

    private static Sentiment? OfWord(string label)
    {
        string[] words = [.. Plain(label).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('(', ')'))
            .Where(word => !Degrees.Contains(word) && !int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))];
        if (words is ["ni" or "neither", var one, "ni" or "nor", var other])
            return OfOne(one) is not null && OfOne(other) is not null ? Sentiment.Neutral : null;
        if (words is [var negation, var negated] && Negations.Contains(negation)
            && (negated.StartsWith("satisf", StringComparison.Ordinal) || negated.StartsWith("recom", StringComparison.Ordinal)))
            return OfOne(negated) == Sentiment.Positive ? Sentiment.Negative : null;
        return words is [var word] ? OfOne(word) : null;

        // "satisfecho/a"
        static Sentiment? OfOne(string word) => Words.TryGetValue(
            word.EndsWith("/a", StringComparison.Ordinal) || word.EndsWith("/o", StringComparison.Ordinal) ? word[..^2] : word, out Sentiment found)
            ? found : null;
    }

    /// <summary>All labels as one to five stars, or as -1, 0 and 1. Numbers alone, of which none is above 3, may as well be three classes.</summary>
    private static Sentiment?[] OfStars(int?[] numbers, bool areNumbers)
    {
        if (numbers.All(number => number is >= 1 and <= 5) && numbers.Any(number => number > (areNumbers ? 3 : 2)))
            return [.. numbers.Select(number => (Sentiment?)(number < 3 ? Sentiment.Negative : number == 3 ? Sentiment.Neutral : Sentiment.Positive))];
        if (numbers.Contains(-1) && numbers.All(number => number is >= -1 and <= 1))
            return [.. numbers.Select(number => (Sentiment?)(number + 1))];
        return new Sentiment?[numbers.Length];
    }

    /// <summary>"4", "4 stars", "Cuatro estrellas", "star_4", "★★★★"; null for anything else.</summary>
    private static int? Stars(string label)
    {
        string plain = Plain(label);
        if (plain.Length is >= 1 and <= 5 && plain.All(c => c is '★' or '⭐'))
            return plain.Length;
        string rest = string.Join(' ', StarWord().Replace(plain, " ").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (Numbers.TryGetValue(rest, out int number))
            return number;
        return double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value == Math.Floor(value) && Math.Abs(value) <= 5
            ? (int)value : null;
    }

    /// <summary>In small letters, without accents, with single spaces for what separates words.</summary>
    private static string Plain(string label)
    {
        var plain = new StringBuilder();
        foreach (char c in label.Trim().Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (c is '_' or ':' or '.' || (c == '-' && plain.Length > 0) || char.IsWhiteSpace(c))
                plain.Append(c == '.' && plain.Length > 0 && char.IsAsciiDigit(plain[^1]) ? '.' : ' ');
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                plain.Append(c);
        }
        return plain.ToString().Trim();
    }

    [GeneratedRegex(@"\b(stars?|estrellas?|rating|score|puntuacion)\b")]
    private static partial Regex StarWord();
}
