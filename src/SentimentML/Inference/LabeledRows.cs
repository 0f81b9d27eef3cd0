using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Evaluation;
using SentimentML.Labels;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>The rows of a view that have one of a model's labels, scored by the model: what an evaluation is computed from.</summary>
internal sealed class LabeledRows
{
    private const string Neutral = "neutral";

    /// <summary>The most labels that an error names.</summary>
    private const int MaxNamed = 20;

    /// <summary>Columns that LoadReviews makes from others: nothing to group by.</summary>
    private static readonly string[] Parts = ["Title", "Body"];

    private readonly IDataView _view;
    private readonly LabeledRowsOptions _options;
    private readonly IReadOnlyList<string> _labels;
    private readonly DataViewSchema.Column _text;
    private readonly DataViewSchema.Column? _pair, _label, _stars;
    private readonly DataViewSchema.Column[] _further;
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private long _leftOut;

    private LabeledRows(IDataView view, LabeledRowsOptions options, IReadOnlyList<string> labels)
    {
        _view = view;
        _options = options;
        _labels = labels;
        _text = Text(options.TextColumnName);
        _pair = options.TextPairColumnName is { } pair ? Text(pair) : null;
        _label = view.Schema.GetColumnOrNull(options.LabelColumnName);
        _stars = view.Schema.GetColumnOrNull(options.StarsColumnName) is { } stars && StarsColumn.CanRead(stars.Type) ? stars : null;
        if (_label is null && _stars is null)
        {
            throw new SentimentMLException($"The data has neither a column '{options.LabelColumnName}' of labels nor a column '{options.StarsColumnName}' of stars, expected one of them. "
                + $"Its columns are {string.Join(", ", view.Schema.Select(column => column.Name))}.");
        }
        string[] used = [options.TextColumnName, options.TextPairColumnName ?? "", options.LabelColumnName, options.StarsColumnName, .. Parts];
        _further = [.. view.Schema.Where(column => !column.IsHidden && column.Type is TextDataViewType && !used.Contains(column.Name))];
    }

    /// <summary>Reads a view once and scores the rows whose label the model has.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="view">The data.</param>
    /// <param name="options">Where the data has what.</param>
    /// <exception cref="SentimentMLException">A column is missing or of another type, or no row has one of the model's labels.</exception>
    public static EvaluationRows Score(TextScorer scorer, IDataView view, LabeledRowsOptions options)
    {
        ArgumentNullException.ThrowIfNull(view);
        options.Check(nameof(options));
        return new LabeledRows(view, options, scorer.Labels).Score(scorer);
    }

    private EvaluationRows Score(TextScorer scorer)
    {
        var texts = new List<string>();
        var labels = new List<int>();
        var logits = new List<IReadOnlyList<double>>();
        var numbers = new List<long>();
        var stars = new List<float>();
        GroupColumn[] columns = [.. _further.Select(column => new GroupColumn(column.Name, _options.MaxColumnValues))];
        foreach ((Row row, float[] scores) in new ScoringPipeline(scorer, _options.CancellationToken).Logits(Read(), row => row.Input))
        {
            texts.Add(row.Input.Text);
            labels.Add(row.Label);
            logits.Add(Array.ConvertAll(scores, score => (double)score));
            numbers.Add(row.Number);
            stars.Add(row.Stars);
            for (int i = 0; i < columns.Length; i++)
                columns[i].Add(row.Columns[i]);
            _options.Progress?.Report(texts.Count);
        }
        if (texts.Count == 0)
            throw new SentimentMLException(NoRows());
        return new EvaluationRows
        {
            Texts = texts,
            Labels = labels,
            Logits = logits,
            LabelNames = _labels,
            RowNumbers = numbers,
            RowsLeftOut = _leftOut,
            Stars = _stars is null ? null : stars,
            Columns = columns.Where(column => column.HasGroups).ToDictionary(column => column.Name, column => column.Values),
        };
    }

    private IEnumerable<Row> Read()
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_text, .. new[] { _pair, _label, _stars }.OfType<DataViewSchema.Column>(), .. _further]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(_text);
        ValueGetter<ReadOnlyMemory<char>>? readPair = _pair is { } pair ? cursor.GetGetter<ReadOnlyMemory<char>>(pair) : null;
        Func<double>? readStars = _stars is { } stars ? StarsColumn.Getter(cursor, stars) : null;
        Func<string?> readLabel = _label is { } label ? LabelReader.Name(cursor, label) : Sentiment(cursor, readStars!);
        ValueGetter<ReadOnlyMemory<char>>[] readFurther = Array.ConvertAll(_further, cursor.GetGetter<ReadOnlyMemory<char>>);
        Dictionary<string, int> places = _labels.Select((name, place) => (name, place)).ToDictionary(l => l.name, l => l.place, StringComparer.Ordinal);
        ReadOnlyMemory<char> value = default;
        string Value(ValueGetter<ReadOnlyMemory<char>> getter)
        {
            getter(ref value);
            return value.ToString();
        }

        while (cursor.MoveNext())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (readLabel() is not { } name)
                continue;
            if (!places.TryGetValue(name, out int place))
            {
                _leftOut++;
                if (_unknown.Count < MaxNamed)
                    _unknown.Add(name);
                continue;
            }
            var input = new TextInput(Value(readText), readPair is null ? null : Value(readPair));
            yield return new Row(cursor.Position + 1, input, place, (float)(readStars?.Invoke() ?? float.NaN), Array.ConvertAll(readFurther, Value));
        }
    }

    private Func<string?> Sentiment(DataViewRow row, Func<double> stars)
    {
        var sentiments = new Sentiments(_labels.Contains(Neutral) ? NeutralStars.Class : NeutralStars.Drop);
        return () => sentiments.Name(sentiments.Key(stars(), _options.StarsColumnName, row.Position));
    }

    private DataViewSchema.Column Text(string name)
    {
        DataViewSchema.Column column = _view.Schema.Require(name, "The data");
        return column.Type is TextDataViewType ? column : throw new SentimentMLException($"The column '{name}' holds {column.Type}, expected text.");
    }

    private string NoRows()
    {
        string data = _unknown.Count > 0 ? $"The data's labels are {string.Join(", ", _unknown.Order(StringComparer.Ordinal))}{(_unknown.Count < MaxNamed ? "" : ", …")}" : "No row has a label";
        return $"No row has one of the model's labels ({string.Join(", ", _labels)}). {data}{(_label is null ? " (made from the stars)" : "")}.";
    }

    /// <param name="Number">The place of the row in the view, from 1.</param>
    /// <param name="Input">Its text or texts.</param>
    /// <param name="Label">The place of its label among the model's.</param>
    /// <param name="Stars">Its stars; NaN if there are none.</param>
    /// <param name="Columns">The values of the further columns.</param>
    private sealed record Row(long Number, TextInput Input, int Label, float Stars, string[] Columns);
}
