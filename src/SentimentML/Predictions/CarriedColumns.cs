using SentimentML.Reviews;

namespace SentimentML.Predictions;

/// <summary>The columns of an input that come along to the output, under names that nothing else has there.</summary>
/// <param name="Places">Their places in the input.</param>
/// <param name="Names">Their names in the output.</param>
internal sealed record CarriedColumns(int[] Places, string[] Names)
{
    public static readonly CarriedColumns Nothing = new([], []);

    /// <summary>The columns that were chosen.</summary>
    /// <param name="rows">The input.</param>
    /// <param name="chosen">Their names; null for all.</param>
    /// <param name="taken">The names that the output has already.</param>
    /// <param name="option">How messages name what chooses them.</param>
    /// <exception cref="SentimentMLException">A name is none of the input's.</exception>
    public static CarriedColumns Of(TextRows rows, IReadOnlyList<string>? chosen, IReadOnlyCollection<string> taken, string option)
    {
        IReadOnlyList<string> columns = rows.File.Columns;
        int[] places = chosen is null ? [.. Enumerable.Range(0, columns.Count)] : [.. chosen.Select(name => Place(name)).Distinct()];
        const string text = "text";
        places = [.. places.Where(place => place != rows.TextColumn || columns[place] != text)]; // it is there already
        return new CarriedColumns(places, FreeNames([.. places.Select(place => (columns[place], place))], taken));

        int Place(string name) => columns.ToList().IndexOf(name) is >= 0 and int place
            ? place
            : throw new SentimentMLException($"{option} names '{name}', expected columns of the input ({string.Join(", ", columns)}), all or none.");
    }

    /// <summary>The columns' names in the output: their own where nothing else has them there.</summary>
    /// <param name="columns">Names in the input, and places for those without one.</param>
    /// <param name="taken">The names that the output has already.</param>
    public static string[] FreeNames(IReadOnlyList<(string Name, int Place)> columns, IEnumerable<string> taken)
    {
        var used = new HashSet<string>(taken, StringComparer.Ordinal);
        return [.. columns.Select(column => Free(column.Name, column.Place, used))];
    }

    private static string Free(string name, int place, HashSet<string> used)
    {
        if (name.Length == 0)
            name = FormattableString.Invariant($"column_{place + 1}");
        string free = used.Contains(name) ? $"{PredictionColumns.Input}{name}" : name;
        for (int i = 2; !used.Add(free); i++)
            free = FormattableString.Invariant($"{name}_{i}");
        return free;
    }
}
