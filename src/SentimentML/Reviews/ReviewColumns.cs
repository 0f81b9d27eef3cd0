using System.Globalization;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>Which of a file's columns are a review's parts; -1 for a part that the file does not have.</summary>
internal sealed class ReviewColumns
{
    public const string TextName = "Text";
    public const string StarsName = "Stars";
    public const string TitleName = "Title";
    public const string BodyName = "Body";
    public const string LabelName = "Label";

    private readonly ReviewFile _file;
    private readonly OptionNames _options;
    private readonly string?[] _named;

    /// <exception cref="SentimentMLException">The file has no text, or not a column that the options name.</exception>
    public ReviewColumns(ReviewFile file, ReviewFileOptions options)
    {
        _file = file;
        _options = options.Names;
        _named = [options.TextColumn, options.TitleColumn, options.BodyColumn, options.StarsColumn, options.LabelColumn];
        var names = new ReviewColumnNames(options);
        Title = Find(names.Title);
        Body = Find(names.Body);
        bool inParts = names.Text.Named is null && (names.Title.Named ?? names.Body.Named) is not null;
        Text = inParts ? -1 : Find(names.Text);
        if (Text < 0 && Body < 0)
            (Text, Body) = FindOther(names.Other) is var other && Title >= 0 ? (-1, other) : (other, -1);
        if (Text < 0 && Body < 0 && file.Columns.Count == 1 && !file.HasHeader)
            Text = 0;
        Stars = Find(names.Stars);
        Label = Find(names.Label);
        if (Label == Stars)
            Label = -1;
        if (Text < 0 && Body < 0)
        {
            if (names.IsText(options.LabelColumn))
                throw Missing($"{_options.Name(nameof(options.LabelColumn))} names '{options.LabelColumn}', the only column of texts, expected the column "
                    + "with the labels. Name another one.");
            throw Missing("expected a column 'text', or 'body' or 'review_body' (with 'title' or 'review_title'). "
                + $"Name the one that holds the reviews by {options.Names.Name(nameof(options.TextColumn))}."
                + (file.Csv?.Delimiter == CsvLayout.NoDelimiter && file.HasHeader
                    ? " If another character than a comma, semicolon, tab or bar divides its columns, name it by "
                    + $"{options.Names.Name(nameof(options.Delimiter))}." : ""));
        }
        Others = [.. Enumerable.Range(0, file.Columns.Count).Where(IsOther)];
    }

    /// <summary>The whole text; -1 where it is made of title and body.</summary>
    public int Text { get; }

    public int Title { get; }

    public int Body { get; }

    public int Stars { get; }

    public int Label { get; }

    /// <summary>The columns that are carried along under their own names.</summary>
    public IReadOnlyList<int> Others { get; }

    // A column without a name has none in a view either; one that would hide a review's part stays out.
    private bool IsOther(int column)
    {
        if (column == Text || column == Title || column == Body || column == Stars || column == Label)
            return false;
        return _file.Columns[column] switch
        {
            "" or TextName => false,
            StarsName => Stars < 0,
            TitleName => Title < 0,
            BodyName => Body < 0,
            LabelName => Label < 0,
            _ => true,
        };
    }

    private int Find(ReviewPart part)
    {
        if (part.Named is { } named)
        {
            return IndexOf(column => column == named) is >= 0 and int exact
                ? exact
                : throw Missing($"expected column '{named}', as {_options.Name(part.Option)} says.");
        }
        foreach (string usual in part.Usual)
        {
            if (IndexOf(column => column == usual && IsFree(column)) is >= 0 and int exact)
                return exact;
            string key = ReviewColumnNames.Key(usual);
            if (IndexOf(column => ReviewColumnNames.Key(column) == key && IsFree(column)) is >= 0 and int similar)
                return similar;
            if (_file.IsNested && IndexOf(column => ReviewPart.IsNamed(column, key) && IsFree(column)) is >= 0 and int inside)
                return inside;
        }
        return -1;
    }

    /// <summary>"data", which annotation tools call a text, are dates in Catalan and in Portuguese: not taken without a letter in its first rows.</summary>
    private int FindOther(ReviewPart part)
    {
        int found = Find(part);
        return found >= 0 && ReviewColumnNames.Key(_file.Columns[found]) == ReviewColumnNames.AmbiguousText && !HasLetters(found) ? -1 : found;
    }

    private bool HasLetters(int column)
    {
        const int Rows = 20;
        bool[] needed = new bool[_file.Columns.Count];
        needed[column] = true;
        using RecordReader records = _file.Open(needed);
        for (int row = 0; row < Rows && records.Read(); row++)
            if (records.Value(column)?.Any(char.IsLetter) == true)
                return true;
        return false;
    }

    /// <summary>A column that was named for one use is not found for another by its usual name.</summary>
    private bool IsFree(string column) => !_named.Contains(column);

    private int IndexOf(Func<string, bool> isIt)
    {
        int found = -1;
        for (int i = 0; i < _file.Columns.Count; i++)
        {
            if (!isIt(_file.Columns[i]))
                continue;
            if (found >= 0 && _file.Columns[i] == _file.Columns[found])
                throw new SentimentMLException(
                    $"{_file.Path}: the file has column '{_file.Columns[i]}' more than once, expected it once. Rename one of the two.");
            if (found < 0)
                found = i;
        }
        return found;
    }

    private SentimentMLException Missing(string expected)
    {
        string columns = string.Join(", ", _file.Columns.Select(Quoted.Name));
        if (_file.HeaderPlace is not { } place)
            return new($"{_file.Path}: the file's columns are {columns}; {expected}");
        return new((_file.Columns.Any(IsUnlikelyName)
                ? $"{_file.Path}: {place} does not look like a header ({columns}), {expected}" : $"{_file.Path}: the file's columns are {columns}; {expected}")
            + $" If the file has no header, {_options.Set(nameof(ReviewFileOptions.HasHeader), "false")}: "
            + $"its columns are then called 1, 2 and so on; name the one with the texts, {_options.Set(nameof(ReviewFileOptions.TextColumn), "1")}.");
    }

    /// <summary>Whether a header's cell is rather a value: a number, or a sentence.</summary>
    private static bool IsUnlikelyName(string name) =>
        name.Length > 60 || name.Count(' '.Equals) >= 4 || double.TryParse(name.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
