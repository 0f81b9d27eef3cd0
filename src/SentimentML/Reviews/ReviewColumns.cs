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

    /// <exception cref="SentimentMLException">The file has no text, or not a column that the options name.</exception>
    public ReviewColumns(ReviewFile file, ReviewFileOptions options)
    {
        _file = file;
        Title = Find(options.TitleColumn, nameof(options.TitleColumn), "title", "review_title");
        Body = Find(options.BodyColumn, nameof(options.BodyColumn), "body", "review_body");
        bool inParts = options.TextColumn is null && (options.TitleColumn ?? options.BodyColumn) is not null;
        Text = inParts ? -1 : Find(options.TextColumn, nameof(options.TextColumn), "text");
        Stars = Find(options.StarsColumn, nameof(options.StarsColumn), "stars", "star_rating", "rating");
        Label = Find(options.LabelColumn, nameof(options.LabelColumn), "label");
        if (Label == Stars)
            Label = -1;
        if (Text < 0 && Body < 0)
            throw Missing("a column 'text', or 'body' or 'review_body' (with 'title' or 'review_title'), was expected. Name the one that holds the reviews as TextColumn, or as BodyColumn.");
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

    private int Find(string? name, string option, params ReadOnlySpan<string> usual)
    {
        if (name is not null)
            return IndexOf(name, StringComparison.Ordinal) is >= 0 and int named ? named : throw Missing($"column '{name}' was expected, as {option} says.");
        foreach (string candidate in usual)
        {
            if (IndexOf(candidate, StringComparison.Ordinal) is >= 0 and int exact)
                return exact;
            if (IndexOf(candidate, StringComparison.OrdinalIgnoreCase) is >= 0 and int similar)
                return similar;
            if (_file.Columns.ToList().FindIndex(column => column.Trim().Equals(candidate, StringComparison.OrdinalIgnoreCase)) is >= 0 and int spaced)
                return spaced;
        }
        return -1;
    }

    private int IndexOf(string name, StringComparison comparison)
    {
        for (int i = 0; i < _file.Columns.Count; i++)
        {
            if (_file.Columns[i].Equals(name, comparison))
                return i;
        }
        return -1;
    }

    private SentimentMLException Missing(string expected) =>
        new($"{_file.Path}: the file's columns are {string.Join(", ", _file.Columns.Select(name => $"'{name}'"))}; {expected}");
}
