namespace SentimentML.Reviews;

/// <summary>The files of one table.</summary>
/// <param name="Files">The files in their order.</param>
/// <param name="Columns">The columns of the first file and, behind them, those that only others have.</param>
internal sealed record TableParts(IReadOnlyList<ReviewFile> Files, IReadOnlyList<string> Columns)
{
    /// <param name="path">The folder.</param>
    /// <param name="files">Its files of reviews in their order. Those that have no rows are left out: programs write such too.</param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="SentimentMLException">There are no rows, or the files are not of one table.</exception>
    public static TableParts Of(string path, IReadOnlyList<ReviewFile> files, ReviewFileOptions options)
    {
        ReviewFile[] parts = [.. files.Where(file => file.HasRows)];
        if (parts.Length == 0)
            throw new SentimentMLException($"{path} is a folder with {files.Count} files of reviews, and none has a row. Give another folder or file.");
        if (Array.TrueForAll(parts, part => part.Columns.SequenceEqual(parts[0].Columns)))
            return new TableParts(parts, parts[0].Columns);
        string[] columns = [.. parts.SelectMany(part => part.Columns).Distinct()];
        if (Array.TrueForAll(parts, part => AreByName(part, columns.Length)))
            return new TableParts(parts, columns);
        ReviewFile other = Array.Find(parts, part => !part.Columns.SequenceEqual(parts[0].Columns))!;
        throw new SentimentMLException($"{parts[0].Path} and {other.Path} have other columns ({string.Join(", ", parts[0].Columns)}; "
            + $"{string.Join(", ", other.Columns)}), expected the parts of one table. Give one file, or write the parts with the same columns"
            + (parts[0].HeaderPlace is not null ? $"; if they have no header, {options.Names.Set(nameof(options.HasHeader), "false")}." : "."));
    }

    /// <summary>
    /// Whether a file's columns are known by their names: it has all of the table's, in any order, or is JSON, whose rows leave out what they do not
    /// have, as Spark writes nulls.
    /// </summary>
    private static bool AreByName(ReviewFile part, int columns) => part.Columns.Distinct().Count() == part.Columns.Count
        && (part.Columns.Count == columns || (part.Format is ReviewFileFormat.JsonLines or ReviewFileFormat.Json && !part.IsNested));
}
