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

    /// <param name="file">The file.</param>
    /// <param name="options">The columns that are named.</param>
    /// <param name="warn">Takes what the caller should know of labels and stars; null if texts alone are read.</param>
    /// <exception cref="SentimentMLException">The file has no text, or not a column that the options name.</exception>
    public ReviewColumns(ReviewFile file, ReviewFileOptions options, Action<string>? warn = null)
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
        if (Text < 0 && Body < 0 && file.RowNumbers.Count > 0 && file.RowNumbers.Count == file.Columns.Count - 1)
            Text = Enumerable.Range(0, file.Columns.Count).Except(file.RowNumbers).Single(); // a series of pandas, a vector of R
        Stars = file.HasSides ? -1 : Find(names.Stars); // those are of both sides together
        Label = Find(names.Label);
        if (Label == Stars)
            Label = -1;
        Verdict = file.Columns.Any(column => column is "_task_hash" or "_input_hash") ? IndexOf((_, name) => name == "answer") : -1;
        if (warn is not null && (Text >= 0 || Body >= 0) && !file.HasSides)
            FindByValues(options, warn);
        if (Text < 0 && Body < 0)
        {
            if (names.IsText(options.LabelColumn))
                throw Missing($"{_options.Name(nameof(options.LabelColumn))} names '{options.LabelColumn}', the only column of texts, expected the column "
                    + "with the labels. Name another one.");
            if (file.Csv?.Dialect.Delimiter == CsvLayout.NoDelimiter && file.HasHeader && names.HaveText(file.Columns[0].Split(CsvLayout.Delimiters)))
                throw new SentimentMLException($"{file.Path}: each line is in quotes as a whole, so that it is one field, {Quoted.Name(file.Columns[0])}; "
                    + "expected quotes around fields alone. Take those around the lines away, and write one quote for each two inside.");
            int likely = LikelyText();
            throw Missing("expected a column 'text', or 'body' or 'review_body' (with 'title' or 'review_title'). "
                + $"Name the one that holds the reviews by {options.Names.Name(nameof(options.TextColumn))}"
                + (likely >= 0 && !file.Columns.Any(IsUnlikelyName) ? $": {Quoted.Name(file.Columns[likely])} holds texts." : ".")
                + (file.Csv?.Dialect.Delimiter == CsvLayout.NoDelimiter && file.HasHeader
                    ? " If another character than a comma, semicolon, tab or bar divides its columns, name it by "
                    + $"{options.Names.Name(nameof(options.Delimiter))}." : ""), likely);
        }
        Others = [.. Enumerable.Range(0, file.Columns.Count).Where(IsOther)];
    }

    /// <summary>The whole text; -1 where it is made of title and body.</summary>
    public int Text { get; }

    public int Title { get; }

    public int Body { get; }

    public int Stars { get; private set; }

    /// <summary>The column with the label; the first of them where each label has one.</summary>
    public int Label { get; private set; }

    /// <summary>The columns of a file that has one for each label; null for others.</summary>
    public LabelColumns? OfEachLabel { get; private set; }

    /// <summary>The columns of stars and labels that were found by their values, and not by their names.</summary>
    public IReadOnlyList<int> ByValues { get; private set; } = [];

    /// <summary>Whether an annotator accepted the label, as Prodigy writes it: "accept", "reject", "ignore".</summary>
    public int Verdict { get; }

    /// <summary>The columns that are carried along under their own names.</summary>
    public IReadOnlyList<int> Others { get; }

    /// <summary>
    /// Looks at the values where no name says labels and stars; and where a name that is usual for stars is one of words: "calificación": bueno, malo.
    /// </summary>
    private void FindByValues(ReviewFileOptions options, Action<string> warn)
    {
        if (Stars >= 0 && options.StarsColumn is null && new ValuedColumns(_file, [Stars]).AreSentiments(Stars))
            (Stars, Label) = (-1, Label < 0 ? Stars : Label);
        if (Stars >= 0 || Label >= 0 || (options.StarsColumn ?? options.LabelColumn) is not null)
            return;
        int[] candidates = [.. Enumerable.Range(0, _file.Columns.Count).Where(column => column != Text && column != Title && column != Body
            && _file.DistanceOf(column) == ColumnDistance.Own && !_file.RowNumbers.Contains(column) && !IsPrediction(column)
            && !ColumnName.SaysOtherScale(_file.Columns[column]))];
        var values = new ValuedColumns(_file, candidates);
        (Stars, Label) = (values.Stars(_file.Columns), values.Label(_file.Columns));
        ByValues = [.. new[] { Stars, Label }.Where(column => column >= 0)];
        foreach (int column in ByValues)
            warn($"{_file.Path}: column '{_file.Columns[column]}' is taken for the {(column == Stars ? "stars" : "label")} by its values "
                + $"({values.Of(column)}). If it is another one, name that by "
                + $"{_options.Name(column == Stars ? nameof(options.StarsColumn) : nameof(options.LabelColumn))}.");
        if (ByValues.Count == 0 && LabelColumns.Find(_file, candidates) is { } each)
        {
            (OfEachLabel, Label) = (each, each.Columns.First());
            warn($"{_file.Path}: columns {string.Join(", ", each.Columns.Select(column => Quoted.Name(_file.Columns[column])))} are taken for one label each "
                + $"({string.Join(", ", each.Labels)}), by their names and values: a row's label is the one that is marked, or has a number of at least 0.5. "
                + $"If another column is the label, name it by {_options.Name(nameof(options.LabelColumn))}.");
        }
    }

    /// <summary>The column that holds texts of several words, and much longer ones than all others; -1 if there is none.</summary>
    private int LikelyText()
    {
        const double FewWords = 2;
        const int MaxColumns = 100;
        if (_file.Columns.Count > MaxColumns)
            return -1;
        (int Column, double Words)[] texts = [.. Enumerable.Range(0, _file.Columns.Count).Select(column => (column, Words(column)))
            .OrderByDescending(text => text.Item2).Take(2)];
        return texts.Length > 0 && texts[0].Words >= FewWords && (texts.Length == 1 || texts[0].Words >= 2 * texts[1].Words) ? texts[0].Column : -1;

        double Words(int column)
        {
            try
            {
                return _file.MeanWords(column);
            }
            catch (SentimentMLException)
            {
                return 0; // a column that cannot be read is none to name
            }
        }
    }

    // A column without a name has none in a view either; one that would hide a review's part stays out.
    private bool IsOther(int column)
    {
        if (column == Text || column == Title || column == Body || column == Stars || column == Label || OfEachLabel?.Columns.Contains(column) == true)
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
            return IndexOf((_, name) => name == named) is >= 0 and int exact
                ? exact
                : throw Missing($"expected column '{named}', as {_options.Name(part.Option)} says.");
        }
        return FindAll(part).FirstOrDefault(-1);
    }

    /// <summary>The columns that a part may be, the likeliest first: by the usual names, then the only one by a name like those.</summary>
    private IEnumerable<int> FindAll(ReviewPart part)
    {
        for (ColumnDistance distance = ColumnDistance.Own; distance <= part.Farthest; distance++)
        {
            foreach (string usual in part.Usual)
            {
                string key = ColumnName.Key(usual);
                foreach (Func<string, bool> isIt in (Func<string, bool>[])[
                    name => name == usual, name => ColumnName.WholeKey(name) == key, name => ColumnName.WholeKey(ColumnName.LastOf(name)) == key])
                {
                    if (IndexOf((column, name) => MayBe(column, part, distance) && isIt(name)) is >= 0 and int found)
                        yield return found;
                }
            }
            if (Similar(part, distance) is [var only])
                yield return only;
        }
    }

    private List<int> Similar(ReviewPart part, ColumnDistance distance) =>
        [.. Enumerable.Range(0, _file.Columns.Count).Where(column => MayBe(column, part, distance) && part.Is(_file.Columns[column]))];

    /// <summary>A column that was named for one use is not found for another by its usual name.</summary>
    private bool MayBe(int column, ReviewPart part, ColumnDistance distance) => _file.DistanceOf(column) == distance
        && !_named.Contains(_file.Columns[column]) && !(part.IsGold && (IsPrediction(column) || ColumnName.SaysOtherScale(_file.Columns[column])));

    /// <summary>What a model predicted is no label to learn from or to measure by; annotation tools write it beside the annotations.</summary>
    private bool IsPrediction(int column) => _file.IsNested
        ? _file.Columns[column].Split('.')[..^1].Any(name => name.StartsWith("prediction", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("suggestion", StringComparison.OrdinalIgnoreCase))
        : ColumnName.Key(_file.Columns[column]) is var key
            && (key.EndsWith("PRED", StringComparison.Ordinal) || key.Contains("PREDIC", StringComparison.Ordinal)
                || key.Contains("MODEL", StringComparison.Ordinal));

    /// <summary>
    /// A text by another usual name. Where several columns may be it, the first with texts of many words is: "review" may hold ids, "comments" a
    /// number, "data" dates in Catalan and in Portuguese. Of columns whose names are only like the usual ones none is chosen, but the only Spanish one.
    /// </summary>
    /// <exception cref="SentimentMLException">Several columns of like names hold texts.</exception>
    private int FindOther(ReviewPart part)
    {
        const double SmallShare = 0.33;
        List<int> usual = [.. FindAll(part).Distinct()], similar = [.. Similar(part, ColumnDistance.Own).Except(usual)];
        if (usual is [var only] && similar.Count == 0 && part.IsUsual(_file.Columns[only])
            && ColumnName.Key(_file.Columns[only]) != ReviewColumnNames.AmbiguousText)
            return only;
        Dictionary<int, double> words = usual.Concat(similar).ToDictionary(column => column, _file.MeanWords);
        double least = words.Values.DefaultIfEmpty().Max() * SmallShare;
        bool IsText(int column) => words[column] > 0 && words[column] >= least;
        int[] texts = [.. usual.Where(IsText)];
        similar.RemoveAll(column => !IsText(column));
        if (texts.Length == 0 && similar.Count > 1 && similar.FindAll(column => ColumnName.SaysSpanish(_file.Columns[column])) is [var spanish])
            return spanish;
        if (texts.Length == 0 && similar.Count > 1)
            throw Missing($"{string.Join(" and ", similar.Select(column => Quoted.Name(_file.Columns[column])))} may each be the text. Name the one that holds "
                + $"the reviews: {_options.Set(nameof(ReviewFileOptions.TextColumn), _file.Columns[similar[0]])}.");
        return texts.Concat(similar).FirstOrDefault(-1);
    }

    /// <summary>The first of the columns that are meant; of paths into objects the shortest.</summary>
    private int IndexOf(Func<int, string, bool> isIt)
    {
        int found = -1;
        for (int i = 0; i < _file.Columns.Count; i++)
        {
            if (!isIt(i, _file.Columns[i]))
                continue;
            if (found >= 0 && _file.Columns[i] == _file.Columns[found] && !IsBlank(i))
            {
                if (!IsBlank(found))
                    throw new SentimentMLException(
                        $"{_file.Path}: the file has column '{_file.Columns[i]}' more than once, expected it once. Rename one of the two.");
                found = i;
            }
            if (found < 0 || _file.Json?.Paths?[i].Length < _file.Json?.Paths?[found].Length)
                found = i;
        }
        return found;
    }

    /// <summary>Whether a column has no value in the whole file, as one of two of the same name.</summary>
    private bool IsBlank(int column)
    {
        bool[] needed = new bool[_file.Columns.Count];
        needed[column] = true;
        using RecordReader records = _file.Open(needed);
        while (records.Read())
            if (!string.IsNullOrWhiteSpace(records.Value(column)))
                return false;
        return true;
    }

    private SentimentMLException Missing(string expected, int likelyText = -1)
    {
        string columns = string.Join(", ", _file.Columns.Select(Quoted.Name));
        if (_file.HeaderPlace is not { } place)
            return new($"{_file.Path}: the file's columns are {columns}; {expected}");
        return new((_file.Columns.Any(IsUnlikelyName)
                ? $"{_file.Path}: {place} does not look like a header ({columns}), {expected}" : $"{_file.Path}: the file's columns are {columns}; {expected}")
            + $" If the file has no header, {_options.Set(nameof(ReviewFileOptions.HasHeader), "false")}: "
            + $"its columns are then called 1, 2 and so on; name the one with the texts, "
            + $"{_options.Set(nameof(ReviewFileOptions.TextColumn), (Math.Max(0, likelyText) + 1).ToString(CultureInfo.InvariantCulture))}.");
    }

    /// <summary>Whether a header's cell is rather a value: a number, or a sentence that is not a survey's question.</summary>
    private static bool IsUnlikelyName(string name) => !name.TrimEnd().EndsWith('?') && (name.Length > 60 || name.Count(' '.Equals) >= 4
        || double.TryParse(name.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
