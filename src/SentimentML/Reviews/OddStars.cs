using System.Globalization;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>
/// Values in the stars column that are not whole numbers from 1 to 5. The first such value triggers one pass over the whole column. If only a few
/// values are not stars (a half star, 0 for no answer, the sum or the number of the others below the table), their rows count as rows without stars, and
/// a warning says so. If many are not, or if they are numbers on another scale, the column does not hold stars. A warning lists the scores that state their
/// scale ("8/10") with the stars they become.
/// </summary>
internal sealed class OddStars
{
    private const double MaxShare = 0.1;
    private const int MaxNamed = 5;
    private const int Scale = 5;

    private readonly Lazy<Found> _found;

    /// <param name="file">The file.</param>
    /// <param name="column">Its column of stars.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    public OddStars(ReviewFile file, int column, ReviewFileOptions options, Action<string> warn) =>
        _found = new Lazy<Found>(() => Look(file, column, options, warn));

    /// <summary>Whether only a few values are not stars, so that their rows count as rows without stars.</summary>
    public bool AreFew => _found.Value.AreFew;

    /// <summary>The largest number in the column that does not say its scale; 0 if there is none.</summary>
    public double Largest => _found.Value.Largest;

    /// <summary>Whether a value is stars, once the offset is added or its own scale is taken into account.</summary>
    /// <param name="value">What the file has, not missing.</param>
    /// <param name="offset">What is added to a number that does not say its scale.</param>
    /// <param name="stars">The stars, a whole number from 1 to 5.</param>
    /// <param name="isConverted">Whether the value says a scale other than 5, or a number that is not whole.</param>
    /// <param name="scale">What numbers that do not say their scale are out of; null if they are stars.</param>
    public static bool TryRead(string value, int offset, out double stars, out bool isConverted, int? scale = null)
    {
        isConverted = false;
        if (!StarText.TryParse(value, out double number, out int? stated))
        {
            stars = 0;
            return false;
        }
        scale = stated ?? scale;
        stars = scale is { } most ? StarText.OutOfFive(number, most) ?? 0 : number + offset;
        isConverted = scale is not null && (scale != Scale || stars != number);
        return stars is 1 or 2 or 3 or 4 or 5;
    }

    /// <summary>Makes sure that the whole column states one scale, and warns once which scores become which stars.</summary>
    /// <exception cref="SentimentMLException">Some numbers in the column do not state a scale, while others do.</exception>
    public void RequireOneScale()
    {
        if (_found.Value.MixedScales is { } fault)
            throw new SentimentMLException(fault);
    }

    private static Found Look(ReviewFile file, int column, ReviewFileOptions options, Action<string> warn)
    {
        bool[] needed = new bool[file.Columns.Count];
        needed[column] = true;
        long values = 0, odd = 0, zeros = 0, others = 0, converted = 0;
        double largest = 0, sum = 0;
        bool hasFive = false, isTotal = false;
        var named = new List<string>();
        var scores = new List<string>();
        string? plain = null, scaled = null;
        string name = file.Columns[column];
        int? stated = options.ScaleOf(name);
        using RecordReader records = file.Open(needed);
        for (long row = 0; row < (options.MaxRows ?? long.MaxValue) && TryRead(records); row++)
        {
            string? value = records.Value(column);
            if (StarText.IsMissing(value))
                continue;
            values++;
            isTotal = false; // of the last value it stays
            bool isNumber = StarText.TryParse(value!, out double number, out int? scale);
            largest = isNumber && scale is null ? Math.Max(largest, number) : largest;
            if (TryRead(value!, options.StarsOffset, out double stars, out bool isConverted, stated))
            {
                hasFive |= stars == 5;
                sum += number;
                if ((scale ??= stated) is null)
                    plain ??= $"{Quoted.Value(value!)} ({records.Place})";
                else if (scale != Scale)
                    scaled ??= $"{Quoted.Value(value!)} ({records.Place})";
                if (isConverted && Add(scores, string.Create(CultureInfo.InvariantCulture, $"{Quoted.Value(value!)} as {stars}")))
                    converted++;
                continue;
            }
            odd++;
            bool isOther = isNumber && scale is null && (number + options.StarsOffset < 0 || number + options.StarsOffset > (stated ?? Scale));
            others += isOther ? 1 : 0;
            isTotal = isOther && (number == sum || number == values - 1);
            zeros += isNumber && number == 0 && options.StarsOffset == 0 && value!.Any(char.IsDigit) ? 1 : 0;
            Add(named, Quoted.Value(value!));
        }
        bool areFew = (isTotal && odd == 1) || (others == 0 && (odd <= values * MaxShare || (odd == zeros && hasFive)));
        if (areFew && odd > 0 && !options.Strict)
            warn(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {odd} of {values} values in column '{name}' are no stars "
                + $"({string.Join(", ", named)}{(odd > named.Count ? ", …" : "")}); such rows count as rows without stars."));
        if (plain is not null && scaled is not null)
            return new Found(areFew, largest, $"{file.Path}, column '{name}': {plain} does not say its scale, beside {scaled}, expected one scale in all rows. "
                + "Write the scale of each, such as 4/5, or keep the rows of one scale.");
        if (scores.Count > 0)
            warn($"{file.Path}: scores in column '{name}' {(stated is { } most ? $"out of {most}" : "that say their scale")} are read as whole "
                + $"stars from 1 to 5, halves rounded up: {string.Join(", ", scores)}{(converted > scores.Count ? ", …" : "")}.");
        return new Found(areFew, largest, null);
    }

    /// <summary>Keeps the first few different ones; false for one that is there already.</summary>
    private static bool Add(List<string> few, string one)
    {
        if (few.Contains(one))
            return false;
        if (few.Count < MaxNamed)
            few.Add(one);
        return true;
    }

    /// <summary>Stops at a malformed row: the cursor that reads it reports the fault.</summary>
    private static bool TryRead(RecordReader records)
    {
        try
        {
            return records.Read();
        }
        catch (SentimentMLException)
        {
            return false;
        }
    }

    /// <summary>What the pass found.</summary>
    /// <param name="AreFew">Whether only a few values are not stars.</param>
    /// <param name="Largest">The largest number without a scale.</param>
    /// <param name="MixedScales">What is wrong with the scales; null if nothing is.</param>
    private sealed record Found(bool AreFew, double Largest, string? MixedScales);
}
