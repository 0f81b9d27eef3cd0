using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>
/// Finds the label and the stars of a file by the values of its columns, where no column name identifies them. The label is the only column whose
/// values are all sentiments ("Tono": positivo, neutro); the stars are the only column that is named as a score and holds whole numbers from 1 to 5,
/// or scores that say what they are out of.
/// Only the first rows are read, so the caller warns of what was chosen.
/// </summary>
internal sealed class ValuedColumns
{
    private const int Rows = 100;
    private const int MaxDifferent = 20;
    private const int MaxLength = 40;

    /// <summary>What columns are called that may hold stars, or votes, or what a model is sure of.</summary>
    private static readonly HashSet<string> ScoreWords = new(StringComparer.Ordinal)
    {
        "SCORE", "NOTA", "PUNTAJE", "NOTE", "RANK", "RATE", "GRADE", "SATISFACCION", "REVIEW", "REVIEWER", "RESENA", "GENERAL",
    };

    /// <summary>What says of a column that it is a mark, and not votes or a number of reviews.</summary>
    private static readonly HashSet<string> MarkWords = new(StringComparer.Ordinal)
    {
        "SCORE", "NOTA", "PUNTAJE", "RATE", "GRADE", "SATISFACCION", "RATING", "PUNTUACION", "VALORACION", "CALIFICACION",
    };

    /// <summary>What columns of labels are called that may be numbers, and what is asked with yes or no.</summary>
    private static readonly HashSet<string> LabelKeys = new(StringComparer.Ordinal)
    {
        "TARGET", "GOLD", "GOLDLABEL", "CLASSLABEL", "Y", "RECOMMENDED", "ISRECOMMENDED", "RECOMMENDS", "RECOMIENDA", "RECOMENDADO", "RECOMENDARIA",
    };

    private static readonly HashSet<string> YesOrNo = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "sí", "si" };

    private readonly Dictionary<int, HashSet<string>> _values;
    private readonly Dictionary<int, List<string>> _rows;

    /// <summary>Reads the first rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns that may be labels or stars.</param>
    public ValuedColumns(ReviewFile file, IEnumerable<int> columns)
    {
        _values = columns.ToDictionary(column => column, _ => new HashSet<string>(StringComparer.Ordinal));
        _rows = _values.Keys.ToDictionary(column => column, _ => new List<string>());
        bool[] needed = new bool[file.Columns.Count];
        foreach (int column in _values.Keys)
            needed[column] = true;
        try
        {
            using RecordReader records = file.Open(needed);
            for (int row = 0; row < Rows && records.Read(); row++)
                foreach ((int column, List<string> values) in _rows)
                    values.Add(ValueOf(records, column));
        }
        catch (SentimentMLException)
        {
            _rows.Clear(); // the reader of the row reports it
        }
        foreach ((int column, List<string> values) in _rows)
            _values[column].UnionWith(values.Where(value => value.Length > 0));
        foreach (int column in _values.Keys)
            if (!_rows.ContainsKey(column) || _values[column].Count > MaxDifferent || _values[column].Any(value => value.Length > MaxLength))
                _values.Remove(column); // of texts, ids or numbers
    }

    /// <summary>A row's value, out of a list of one; empty where it has none.</summary>
    private static string ValueOf(RecordReader records, int column)
    {
        string value = records.Value(column)?.Trim() ?? "";
        if (value.StartsWith('[') && LabelText.Read(value, out string? fault) is { } one && fault is null)
            value = one;
        return MissingValue.IsMissing(value) ? "" : value;
    }

    /// <summary>The different values of a column; none if they are many.</summary>
    public string[] Values(int column) => _values.TryGetValue(column, out HashSet<string>? values) ? [.. values] : [];

    /// <summary>Whether at least half of a column's first values are stars.</summary>
    public bool MayBeStars(int column, ReviewFileOptions options)
    {
        if (!_rows.TryGetValue(column, out List<string>? rows))
            return true; // the reader of the row reports it
        string[] values = [.. rows.Where(value => !StarText.IsMissing(value))];
        return values.Count(value => !OddStars.TryRead(value, options.StarsOffset, out _, out _, options.StarsScale)) * 2 <= values.Length;
    }

    /// <summary>The different values of a column, for a message.</summary>
    public string Of(int column) => string.Join(", ", _values[column].Take(5).Select(value => Quoted.Value(value)));

    /// <summary>Whether a column holds words for sentiments and nothing else, at least two of them.</summary>
    public bool AreSentiments(int column) => AreSentiments(column, least: 2);

    private bool AreSentiments(int column, int least) => _values.TryGetValue(column, out HashSet<string>? values)
        && SentimentMap.FromKnownNames(values) is { } map && map.ByLabel.Count == values.Count && map.ByLabel.Values.Distinct().Count() >= least;

    /// <summary>Whether a column has few different values, each in several rows on average, or sentiments.</summary>
    public bool MayBeGold(int column)
    {
        const int Most = 11; // from 0 to 10
        return AreSentiments(column) || (_values.TryGetValue(column, out HashSet<string>? values) && values.Count is > 1 and <= Most
            && values.Count * 2 <= _rows[column].Count(value => value.Length > 0));
    }

    /// <summary>Whether a column may hold numbers, and not words alone.</summary>
    public bool MayBeNumbers(int column) =>
        !_values.TryGetValue(column, out HashSet<string>? values) || values.Any(value => StarText.TryParse(value, out _, out _));

    /// <summary>Whether two columns have equal values in all rows, as numbers where they are such.</summary>
    public bool AreEqual(int column, int other) => Array.TrueForAll(Pairs(column, other), pair => IsEqual(pair.Left, pair.Right));

    /// <summary>
    /// Whether each value of a column stands always beside one value of another, as numbers do beside the labels that they stand for. Among few rows that
    /// means nothing.
    /// </summary>
    public bool AreNamesOfOthers(int column, int other)
    {
        (string Left, string Right)[] pairs = Pairs(column, other), different = [.. pairs.Distinct()];
        return different.Length > 1 && different.Length * 2 <= pairs.Length && different.DistinctBy(pair => pair.Left).Count() == different.Length
            && different.DistinctBy(pair => pair.Right).Count() == different.Length;
    }

    /// <summary>Whether a column may hold corrected values of another: sentiments, or some that the other has too.</summary>
    public bool MayCorrect(int column, int other) => AreSentiments(column, least: 1) || (_values.TryGetValue(column, out HashSet<string>? values)
        && _values.TryGetValue(other, out HashSet<string>? others) && values.Overlaps(others));

    /// <summary>Whether a column has no value in a row where another has one.</summary>
    public bool LacksValuesOf(int column, int other) => Array.Exists(Pairs(column, other), pair => pair.Left.Length == 0 && pair.Right.Length > 0);

    /// <summary>Whether a column is called a mark.</summary>
    public static bool IsMark(string name) => ColumnName.IsMadeOf(MarkWords, ColumnName.LastOf(name));

    /// <summary>
    /// Whether a column holds marks out of 5 or 10 that are others than the stars in the rows: so are a review's beside the stars that its hotel has.
    /// Small numbers of which many are 0 are rather votes.
    /// </summary>
    public bool AreOtherMarks(int column, int stars)
    {
        const double Few = 0.1;
        const int MaxScale = 10;
        var marks = new List<(double Mark, double Stars)>();
        foreach ((string left, string right) in Pairs(column, stars))
        {
            if (left.Length == 0 || right.Length == 0)
                continue;
            if (!StarText.TryParse(left, out double mark, out int? scale) || !OddStars.TryRead(right, offset: 0, out double number, out _))
                return false;
            marks.Add((scale is { } most ? mark * MaxScale / most : mark, number));
        }
        if (marks.Count == 0 || marks.Exists(mark => mark.Mark is < 0 or > MaxScale) || marks.Count(mark => mark.Mark == 0) > marks.Count * Few)
            return false;
        bool isWide = marks.Exists(mark => mark.Mark > StarText.Scales[0]);
        if (!isWide && !AreStars(column))
            return false;
        int differing = marks.Count(mark => Math.Abs(StarText.OutOfFive(mark.Mark, isWide ? MaxScale : StarText.Scales[0])!.Value - mark.Stars) > 1);
        return differing > marks.Count * Few;
    }

    /// <summary>The values of both in each row; none if a row cannot be read, which its reader reports.</summary>
    private (string Left, string Right)[] Pairs(int column, int other) =>
        _rows.TryGetValue(column, out List<string>? left) && _rows.TryGetValue(other, out List<string>? right) ? [.. left.Zip(right)] : [];

    private static bool IsEqual(string left, string right) => left == right
        || (StarText.TryParse(left, out double one, out _) && StarText.TryParse(right, out double other, out _) && one == other);

    /// <summary>The only column of labels; of several the one that is called so. -1 if there is none, or several.</summary>
    /// <param name="names">The file's columns.</param>
    public int Label(IReadOnlyList<string> names)
    {
        int[] sentiments = [.. _values.Keys.Where(column => AreSentiments(column))];
        int[] called = [.. _values.Keys.Where(column => LabelKeys.Contains(ColumnName.Key(names[column])))];
        return sentiments.Length switch
        {
            0 => Only([.. called.Where(column => _values[column].Count > 1
                && _values[column].All(value => YesOrNo.Contains(value) || (StarText.TryParse(value, out double number, out _) && number is >= -2 and <= 5)))]),
            1 => sentiments[0],
            _ => Only([.. sentiments.Intersect(called)]),
        };
    }

    /// <summary>The only column of stars; -1 if there is none, or several. Among stars are the best and a bad one: votes are small numbers too.</summary>
    /// <param name="names">The file's columns.</param>
    public int Stars(IReadOnlyList<string> names) =>
        Only([.. _values.Keys.Where(column => ColumnName.IsMadeOf(ScoreWords, names[column]) && AreStars(column))]);

    private bool AreStars(int column) => _values.TryGetValue(column, out HashSet<string>? values) && values.Select(StarsOf).ToArray() is [_, ..] stars
        && Array.TrueForAll(stars, one => one is not null) && stars.Contains(5) && stars.Min() < 3;

    private static int Only(int[] columns) => columns is [var only] ? only : -1;

    private static double? StarsOf(string value) => OddStars.TryRead(value, offset: 0, out double stars, out _) ? stars : null;
}
