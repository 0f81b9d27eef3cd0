using System.Globalization;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>
/// Values in the column of stars that are not stars from 1 to 5. If they are few (a total below the table, a half star, 0 for no answer), their
/// rows count as rows without stars, and a warning says so. If they are many, or numbers on another scale, the column does not hold stars. The
/// first such value triggers one pass over the whole column.
/// </summary>
internal sealed class OddStars
{
    private const double MaxShare = 0.1;
    private const int MaxNamed = 5;

    private readonly Lazy<bool> _areFew;

    /// <param name="file">The file.</param>
    /// <param name="column">Its column of stars.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    public OddStars(ReviewFile file, int column, ReviewFileOptions options, Action<string> warn) =>
        _areFew = new Lazy<bool>(() => Count(file, column, options, warn));

    /// <summary>Whether such values are few, so that their rows count as rows without stars.</summary>
    public bool AreFew => _areFew.Value;

    /// <summary>Whether a value is stars, once the offset is added.</summary>
    public static bool TryRead(string value, int offset, out double stars) => StarText.TryParse(value, out stars) && (stars += offset) is 1 or 2 or 3 or 4 or 5;

    private static bool Count(ReviewFile file, int column, ReviewFileOptions options, Action<string> warn)
    {
        bool[] needed = new bool[file.Columns.Count];
        needed[column] = true;
        long values = 0, odd = 0, zeros = 0;
        bool hasFive = false;
        var named = new List<string>();
        using RecordReader records = file.Open(needed);
        for (long row = 0; row < (options.MaxRows ?? long.MaxValue) && TryRead(records); row++)
        {
            string? value = records.Value(column);
            if (StarText.IsMissing(value))
                continue;
            values++;
            if (TryRead(value!, options.StarsOffset, out double stars))
            {
                hasFive |= stars == 5;
                continue;
            }
            odd++;
            if (StarText.TryParse(value!, out stars) && (stars += options.StarsOffset) is < 0 or > 5)
                return false;
            zeros += stars == 0 && options.StarsOffset == 0 && value!.Any(char.IsDigit) ? 1 : 0;
            if (named.Count < MaxNamed && !named.Contains(value!))
                named.Add(value!);
        }
        bool areFew = odd <= values * MaxShare || (odd == zeros && hasFive);
        if (areFew)
            warn(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {odd} of {values} values in column '{file.Columns[column]}' are no stars "
                + $"({string.Join(", ", named.Select(Quoted.Value))}{(odd > named.Count ? ", …" : "")}); such rows count as rows without stars."));
        return areFew;
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
}
