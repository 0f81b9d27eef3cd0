using SentimentML.Files;
using SentimentML.Wording;

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
    private readonly FileColumns _columns;
    private readonly HashSet<int> _visible; // without texts that are hidden in a sheet beside others
    private readonly GoldColumns _gold;

    /// <param name="file">The file.</param>
    /// <param name="options">The columns that are named.</param>
    /// <param name="warn">Takes what the caller should know of labels and stars; null if texts alone are read.</param>
    /// <exception cref="SentimentMLException">The file has no text, or not a column that the options name.</exception>
    public ReviewColumns(ReviewFile file, ReviewFileOptions options, Action<string>? warn = null)
    {
        _file = file;
        _options = options.Names;
        _columns = new FileColumns(file, options);
        var names = new ReviewColumnNames(options);
        int[] all = [.. Enumerable.Range(0, file.Columns.Count)];
        int[] texts = Array.FindAll(all, column => names.IsText(file.Columns[column]));
        _visible = [.. all.Except(texts), .. _columns.WithoutHidden(texts)];
        Title = Find(names.Title);
        Body = Find(names.Body);
        bool inParts = names.Text.Named is null && (names.Title.Named ?? names.Body.Named) is not null;
        Text = inParts ? -1 : Find(names.Text);
        if (Text < 0 && Body < 0 && file.Columns.Any(IsOfTicket))
            Text = _columns.Find((column, name) => MayBeText(column) && ColumnName.LastOf(name) == "description");
        if (Text < 0 && Body < 0)
            (Text, Body) = FindOther(names.Other) is var other && Title >= 0 ? (-1, other) : (other, -1);
        if (Text < 0 && Body < 0 && file.Columns.Count == 1 && !file.HasHeader)
            Text = 0;
        if (Text < 0 && Body < 0 && file.RowNumbers.Count > 0 && file.RowNumbers.Count == file.Columns.Count - 1)
            Text = Enumerable.Range(0, file.Columns.Count).Except(file.RowNumbers).Single(); // a series of pandas, a vector of R
        _gold = new GoldColumns(file, options, names, _columns, [.. new[] { Text, Title, Body }.Where(part => part >= 0)],
            Text < 0 && Body < 0 ? null : warn);
        Verdict = file.Columns.Any(column => column is "_task_hash" or "_input_hash") ? _columns.Find("answer") : -1;
        if (Text < 0 && Body < 0)
        {
            if (names.IsText(options.LabelColumn))
                throw _columns.Missing($"{_options.Name(nameof(options.LabelColumn))} names '{options.LabelColumn}', the only column of texts, expected the "
                    + "column with the labels. Name another one.");
            if (file.Csv?.Dialect.Delimiter == CsvLayout.NoDelimiter && file.HasHeader && names.HaveText(file.Columns[0].Split(CsvLayout.Delimiters)))
                throw new SentimentMLException($"{file.Path}: each line is in quotes as a whole, so that it is one field, {Quoted.Name(file.Columns[0])}; "
                    + "expected quotes around fields alone. Take those around the lines away, and write one quote for each two inside.");
            int likely = LikelyText(out int only);
            throw _columns.Missing("expected a column 'text', or 'body' or 'review_body' (with 'title' or 'review_title'). "
                + $"Name the one that holds the reviews by {options.Names.Name(nameof(options.TextColumn))}"
                + (likely >= 0 && !file.Columns.Any(FileColumns.IsUnlikelyName) ? $": {Quoted.Name(file.Columns[likely])} holds texts." : ".")
                + (file.Csv?.Dialect.Delimiter == CsvLayout.NoDelimiter && file.HasHeader
                    ? " If another character than a comma, semicolon, tab or bar divides its columns, name it by "
                    + $"{options.Names.Name(nameof(options.Delimiter))}." : ""), only);
        }
        Others = [.. Enumerable.Range(0, file.Columns.Count).Where(IsOther)];
    }

    /// <summary>The file.</summary>
    public ReviewFile File => _file;

    /// <summary>The whole text; -1 where it is made of title and body.</summary>
    public int Text { get; }

    public int Title { get; }

    public int Body { get; }

    public int Stars => _gold.Stars;

    /// <summary>The column with the label; the first of them where each label has one.</summary>
    public int Label => _gold.Label;

    /// <summary>The columns of a file that has one for each label; null for others.</summary>
    public LabelColumns? OfEachLabel => _gold.OfEachLabel;

    /// <summary>The columns that the text is made of.</summary>
    public IEnumerable<int> Texts => Text >= 0 ? [Text] : new[] { Title, Body }.Where(part => part >= 0);

    /// <summary>The columns that the label is read from.</summary>
    public IEnumerable<int> Labels => [.. OfEachLabel?.Columns ?? [Label], .. Verdict >= 0 ? (int[])[Verdict] : []];

    /// <summary>A row's text without changes; empty if it has none.</summary>
    public string TextOf(RecordReader records) => Text >= 0 ? records.Value(Text) ?? "" : string.Concat(Texts.Select(records.Value));

    /// <summary>Which of the file's columns are asked for.</summary>
    public bool[] Needed(IEnumerable<int> columns)
    {
        bool[] needed = new bool[_file.Columns.Count];
        foreach (int column in columns)
            needed[column] = true;
        return needed;
    }

    /// <summary>What numbers of stars are out of: as the options say, or what stands beside them; null if they are stars.</summary>
    public int? ScaleOf(ReviewFileOptions options) => options.ScaleOf(_file.Columns[Stars]) ?? (options.StarsOffset == 0 ? _gold.Scale : null);

    /// <summary>The columns of stars and labels that were found by their values, and not by their names.</summary>
    public IReadOnlyList<int> ByValues => _gold.ByValues;

    /// <summary>Whether an annotator accepted the label, as Prodigy writes it: "accept", "reject", "ignore".</summary>
    public int Verdict { get; }

    /// <summary>The columns that are carried along under their own names.</summary>
    public IReadOnlyList<int> Others { get; }

    /// <summary>The column that holds texts of several words, and much longer ones than all others; -1 if there is none.</summary>
    /// <param name="only">The same, else the only column that holds words at all; -1 if there is none, or several.</param>
    private int LikelyText(out int only)
    {
        const double FewWords = 2, AWord = 0.5;
        const int MaxColumns = 100;
        only = -1;
        if (_file.Columns.Count > MaxColumns)
            return -1;
        (int Column, double Words)[] texts = [.. Enumerable.Range(0, _file.Columns.Count).Select(column => (column, Words(column)))
            .OrderByDescending(text => text.Item2).Take(2)];
        bool isAlone = texts.Length == 1 || (texts.Length > 1 && texts[0].Words >= 2 * texts[1].Words);
        int likely = isAlone && texts[0].Words >= FewWords ? texts[0].Column : -1;
        only = likely < 0 && isAlone && texts[0].Words >= AWord ? texts[0].Column : likely;
        return likely;

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

    /// <summary>Whether a column is what a customer says of the answer to a ticket, as Zendesk has it; the ticket's text is its description.</summary>
    private static bool IsOfTicket(string column) => ColumnName.PathOf(column) is [.., "satisfaction_rating", "comment"];

    /// <summary>The first columns that may be stars or labels by their values, with some of these, as a sentence after a space; empty without any.</summary>
    /// <param name="text">The language of the sentence.</param>
    public string LikelyGold(ReportText text)
    {
        const int MaxColumns = 200, MaxNamed = 5;
        int[] others = [.. Others.Take(MaxColumns)];
        var values = new ValuedColumns(_file, others);
        string[] likely = [.. others.Where(values.MayBeGold).Take(MaxNamed).Select(column => $"{Quoted.Name(_file.Columns[column])} ({values.Of(column)})")];
        if (likely.Length == 0)
            return "";
        string found = string.Join("; ", likely);
        return likely.Length == 1 ? text.Say($" Una columna con pocos valores distintos: {found}.", $" A column with few different values: {found}.")
            : text.Say($" Columnas con pocos valores distintos: {found}.", $" Columns with few different values: {found}.");
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

    private int Find(ReviewPart part) => part.Named is null ? FindAll(part).FirstOrDefault(-1) : _columns.Named(part);

    /// <summary>The columns that a part of the text may be, the likeliest first: by the usual names, then the only one by a name like those.</summary>
    private IEnumerable<int> FindAll(ReviewPart part)
    {
        foreach (string usual in part.Usual)
        {
            string key = ColumnName.Key(usual);
            foreach (Func<string, bool> isIt in (Func<string, bool>[])[
                name => name == usual, name => ColumnName.WholeKey(name) == key, name => ColumnName.WholeKey(ColumnName.LastOf(name)) == key])
            {
                if (_columns.Find((column, name) => MayBeText(column) && isIt(name)) is >= 0 and int found)
                    yield return found;
            }
        }
        if (Similar(part) is [var only])
            yield return only;
    }

    private List<int> Similar(ReviewPart part) =>
        [.. Enumerable.Range(0, _file.Columns.Count).Where(column => MayBeText(column) && part.Is(_file.Columns[column]))];

    private bool MayBeText(int column) => _file.DistanceOf(column) == ColumnDistance.Own && !_columns.IsNamed(column) && _visible.Contains(column);

    /// <summary>
    /// A text by another usual name. Where several columns may be it, the first with texts of many words is: "review" may hold ids, "comments" a
    /// number, "data" dates in Catalan and in Portuguese. Of columns whose names are only like the usual ones none is chosen, but the only Spanish one.
    /// </summary>
    /// <exception cref="SentimentMLException">Several columns of like names hold texts.</exception>
    private int FindOther(ReviewPart part)
    {
        const double SmallShare = 0.33;
        List<int> usual = [.. FindAll(part).Distinct()], similar = [.. Similar(part).Except(usual)];
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
            throw _columns.Missing($"{string.Join(" and ", similar.Select(column => Quoted.Name(_file.Columns[column])))} may each be the text. Name the "
                + $"one that holds the reviews: {_options.Set(nameof(ReviewFileOptions.TextColumn), _file.Columns[similar[0]])}.");
        return texts.Concat(similar).FirstOrDefault(-1);
    }
}
