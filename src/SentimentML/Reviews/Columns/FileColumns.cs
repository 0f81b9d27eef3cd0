using System.Globalization;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>A file's columns, to look for one among them.</summary>
/// <param name="file">The file.</param>
/// <param name="options">The columns that are named.</param>
internal sealed class FileColumns(ReviewFile file, ReviewFileOptions options)
{
    private readonly string?[] _named = [options.TextColumn, options.TitleColumn, options.BodyColumn, options.StarsColumn, options.LabelColumn];

    /// <summary>Whether the options name a column for one use: it is not found for another by its usual name.</summary>
    public bool IsNamed(int column) => _named.Contains(file.Columns[column]);

    /// <summary>The columns without those that are hidden in their sheet, where others are left: a hidden one is an old one, or a helper.</summary>
    public int[] WithoutHidden(int[] columns) => file.HasSides || file.Excel?.Hidden is not { Count: > 0 } hidden
        || Array.FindAll(columns, column => !hidden.Contains(column)) is not [_, ..] visible ? columns : visible;

    /// <summary>The column that the options name for a part.</summary>
    /// <exception cref="SentimentMLException">The file does not have it.</exception>
    public int Named(ReviewPart part) => Find(part.Named!) is >= 0 and int exact
        ? exact
        : throw Missing($"expected column '{part.Named}', as {options.Names.Name(part.Option)} says.");

    /// <summary>The column of a name; -1 if there is none.</summary>
    /// <exception cref="SentimentMLException">Several columns of this name have values.</exception>
    public int Find(string name) => Find((_, other) => other == name);

    /// <summary>The first of the columns that are meant; of paths into objects the shortest.</summary>
    public int Find(Func<int, string, bool> isIt)
    {
        int found = -1;
        for (int i = 0; i < file.Columns.Count; i++)
        {
            if (!isIt(i, file.Columns[i]))
                continue;
            if (found >= 0 && file.Columns[i] == file.Columns[found] && !IsBlank(i))
            {
                if (!IsBlank(found))
                    throw new SentimentMLException(
                        $"{file.Path}: the file has column '{file.Columns[i]}' more than once, expected it once. Rename one of the two.");
                found = i;
            }
            if (found < 0 || file.Json?.Paths?[i].Length < file.Json?.Paths?[found].Length)
                found = i;
        }
        return found;
    }

    /// <summary>Whether a column has no value in the whole file, as one of two of the same name.</summary>
    public bool IsBlank(int column)
    {
        bool[] needed = new bool[file.Columns.Count];
        needed[column] = true;
        using RecordReader records = file.Open(needed);
        while (records.Read())
            if (!string.IsNullOrWhiteSpace(records.Value(column)))
                return false;
        return true;
    }

    /// <summary>The error that a column is missing, with those that the file has.</summary>
    /// <param name="expected">What was expected, and what to do.</param>
    /// <param name="likelyText">The column that probably holds the texts; -1 if none does.</param>
    public SentimentMLException Missing(string expected, int likelyText = -1)
    {
        string columns = string.Join(", ", file.Columns.Select(Quoted.Name).DefaultIfEmpty("none that can be read"));
        if (file.NotRead.Count > 0)
            return new($"{file.Path}: the file's columns are {columns}, beside {string.Join(", ", file.NotRead.Select(Quoted.Name))} with structures in "
                + $"lists or maps, which are not read in {(file.Format == ReviewFileFormat.Arrow ? "Arrow" : "Parquet")}; {expected} If it is inside those, "
                + "write the file as JSON lines, in Python by df.to_json(path, orient='records', lines=True).");
        if (file.HeaderPlace is not { } place)
            return new($"{file.Path}: the file's columns are {columns}; {expected}");
        return new((file.Columns.Any(IsUnlikelyName)
                ? $"{file.Path}: {place} does not look like a header ({columns}), {expected}" : $"{file.Path}: the file's columns are {columns}; {expected}")
            + $" If the file has no header, {options.Names.Set(nameof(ReviewFileOptions.HasHeader), "false")}: "
            + "its columns are then called 1, 2 and so on; name the one with the texts" + (likelyText < 0 && file.Columns.Count > 1
                ? $" by {options.Names.Name(nameof(ReviewFileOptions.TextColumn))}."
                : $", {options.Names.Set(nameof(ReviewFileOptions.TextColumn), (Math.Max(0, likelyText) + 1).ToString(CultureInfo.InvariantCulture))}."));
    }

    /// <summary>Whether a header's cell is rather a value: a number, or a sentence that is not a survey's question.</summary>
    public static bool IsUnlikelyName(string name) => !name.TrimEnd().EndsWith('?') && (name.Length > 60 || name.Count(' '.Equals) >= 4
        || double.TryParse(name.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
