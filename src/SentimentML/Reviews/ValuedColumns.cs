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

    /// <summary>What columns of labels are called that may be numbers, and what is asked with yes or no.</summary>
    private static readonly HashSet<string> LabelKeys = new(StringComparer.Ordinal)
    {
        "TARGET", "GOLD", "GOLDLABEL", "CLASSLABEL", "Y", "RECOMMENDED", "ISRECOMMENDED", "RECOMMENDS", "RECOMIENDA", "RECOMENDADO", "RECOMENDARIA",
    };

    private static readonly HashSet<string> YesOrNo = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "sí", "si" };

    private readonly Dictionary<int, HashSet<string>> _values;

    /// <summary>Reads the first rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns that may be labels or stars.</param>
    public ValuedColumns(ReviewFile file, IEnumerable<int> columns)
    {
        _values = columns.ToDictionary(column => column, _ => new HashSet<string>(StringComparer.Ordinal));
        bool[] needed = new bool[file.Columns.Count];
        foreach (int column in _values.Keys)
            needed[column] = true;
        try
        {
            using RecordReader records = file.Open(needed);
            for (int row = 0; row < Rows && _values.Count > 0 && records.Read(); row++)
                foreach ((int column, HashSet<string> values) in _values)
                    if (records.Value(column)?.Trim() is { } value && !MissingValue.IsMissing(value)
                        && (value.Length > MaxLength || (values.Add(value) && values.Count > MaxDifferent)))
                        _values.Remove(column); // of texts, ids or numbers
        }
        catch (SentimentMLException)
        {
            _values.Clear(); // the reader of the row reports it
        }
    }

    /// <summary>The different values of a column, for a message.</summary>
    public string Of(int column) => string.Join(", ", _values[column].Take(5).Select(value => Quoted.Value(value)));

    /// <summary>Whether a column holds words for sentiments and nothing else, at least two of them.</summary>
    public bool AreSentiments(int column) => _values.TryGetValue(column, out HashSet<string>? values)
        && SentimentMap.FromKnownNames(values) is { } map && map.ByLabel.Count == values.Count && map.ByLabel.Values.Distinct().Count() > 1;

    /// <summary>The only column of labels; of several the one that is called so. -1 if there is none, or several.</summary>
    /// <param name="names">The file's columns.</param>
    public int Label(IReadOnlyList<string> names)
    {
        int[] sentiments = [.. _values.Keys.Where(AreSentiments)];
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
    public int Stars(IReadOnlyList<string> names) => Only([.. _values.Keys.Where(column => ColumnName.IsMadeOf(ScoreWords, names[column])
        && _values[column].Select(StarsOf).ToArray() is [_, ..] stars && Array.TrueForAll(stars, one => one is not null)
        && stars.Contains(5) && stars.Min() < 3)]);

    private static int Only(int[] columns) => columns is [var only] ? only : -1;

    private static double? StarsOf(string value) => OddStars.TryRead(value, offset: 0, out double stars, out _) ? stars : null;
}
