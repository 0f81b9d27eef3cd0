namespace SentimentML.Tool.Data;

/// <summary>The columns of an input that come along to the output, under names that nothing else has there.</summary>
/// <param name="Places">Their places in the input.</param>
/// <param name="Names">Their names in the output.</param>
internal sealed record CarriedColumns(int[] Places, string[] Names)
{
    public const string All = "all", None = "none";

    public static readonly CarriedColumns Nothing = new([], []);

    /// <summary>The columns that --columns names.</summary>
    /// <param name="rows">The input.</param>
    /// <param name="chosen">"all", "none", or names with commas between them.</param>
    /// <param name="taken">The names that the output has already.</param>
    /// <exception cref="SentimentMLException">A name is none of the input's.</exception>
    public static CarriedColumns Of(TextRows rows, string chosen, IReadOnlyCollection<string> taken)
    {
        int[] places = chosen switch
        {
            None => [],
            All => [.. Enumerable.Range(0, rows.Columns.Count)],
            _ => [.. chosen.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => Place(rows, name)).Distinct()],
        };
        const string text = "text";
        places = [.. places.Where(place => place != rows.TextColumn || rows.Columns[place] != text)]; // it is there already
        var used = new HashSet<string>(taken, StringComparer.Ordinal);
        return new CarriedColumns(places, [.. places.Select(place => Free(rows.Columns[place], place, used))]);
    }

    private static int Place(TextRows rows, string name) => rows.Columns.ToList().IndexOf(name) is >= 0 and int place
        ? place
        : throw new SentimentMLException($"--columns names '{name}', expected columns of the input ({string.Join(", ", rows.Columns)}), all or none.");

    private static string Free(string name, int place, HashSet<string> used)
    {
        if (name.Length == 0)
            name = FormattableString.Invariant($"column_{place + 1}");
        string free = used.Contains(name) ? $"input_{name}" : name;
        for (int i = 2; !used.Add(free); i++)
            free = FormattableString.Invariant($"{name}_{i}");
        return free;
    }
}
