using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Evaluation;
using SentimentML.Labels;
using SentimentML.Reviews;
using TextInput = SentimentML.Tokenization.TextInput;

namespace SentimentML.Inference;

/// <summary>The rows of a view whose label a model can answer, scored by the model: what an evaluation is computed from.</summary>
internal sealed class LabeledRows
{
    /// <summary>More different labels than these are not looked at as sentiments: the column holds something else.</summary>
    private const int MaxDifferent = 1000;

    /// <summary>The most labels that an error names.</summary>
    private const int MaxNamed = 20;

    /// <summary>Columns that LoadReviews makes from others: nothing to group by.</summary>
    private static readonly string[] Parts = ["Title", "Body"];

    private static readonly SentimentMap StarSentiments = SentimentMap.FromNames([.. Enum.GetValues<Sentiment>().Select(sentiment => sentiment.Word())])!;

    private readonly IDataView _view;
    private readonly LabeledRowsOptions _options;
    private readonly AnswerRule _rule;
    private readonly Dictionary<string, int> _places;
    private readonly DataViewSchema.Column _text;
    private readonly DataViewSchema.Column? _pair, _label, _stars;
    private readonly DataViewSchema.Column[] _further;
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private long _leftOut, _withoutLabel, _withoutText;

    private LabeledRows(IDataView view, LabeledRowsOptions options, AnswerRule rule)
    {
        _view = view;
        _options = options;
        _rule = rule;
        _places = LabelNames.Places(rule.Labels);
        _text = view.Schema.RequireText(options.TextColumnName, "The data");
        _pair = options.TextPairColumnName is { } pair ? view.Schema.RequireText(pair, "The data") : null;
        _label = view.Schema.GetColumnOrNull(options.LabelColumnName);
        _stars = view.Schema.GetColumnOrNull(options.StarsColumnName) is { } stars && StarsColumn.CanRead(stars.Type) ? stars : null;
        if (_label is null && _stars is null)
        {
            throw new SentimentMLException(
                $"The data has neither a column '{options.LabelColumnName}' of labels nor a column '{options.StarsColumnName}' of stars, expected one of them. "
                + $"Its columns are {string.Join(", ", view.Schema.Select(column => column.Name))}.");
        }
        string[] used = [options.TextColumnName, options.TextPairColumnName ?? "", options.LabelColumnName, options.StarsColumnName, .. Parts];
        _further = [.. view.Schema.Where(column => !column.IsHidden && column.Type is TextDataViewType && !used.Contains(column.Name))];
    }

    /// <summary>Reads a view and scores the rows whose label the model can answer.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="view">The data.</param>
    /// <param name="options">Where the data has what.</param>
    /// <exception cref="SentimentMLException">A column is missing or of another type, or no row has a label that the model can answer.</exception>
    public static EvaluationRows Score(TextScorer scorer, IDataView view, LabeledRowsOptions options)
    {
        ArgumentNullException.ThrowIfNull(view);
        options.Check(nameof(options));
        return new LabeledRows(view, options, scorer.Rule).Score(scorer);
    }

    private EvaluationRows Score(TextScorer scorer)
    {
        var texts = new List<string>();
        var labels = new List<int>();
        var logits = new List<IReadOnlyList<double>>();
        var predictions = new List<int>();
        var numbers = new List<long>();
        var stars = new List<float>();
        LabelMatch match = Match();
        GroupColumn[] columns = [.. _further.Select(column => new GroupColumn(column.Name, _options.MaxColumnValues))];
        foreach ((Row row, float[] scores) in new ScoringPipeline(scorer, _options.CancellationToken).Logits(Read(match), row => row.Input))
        {
            texts.Add(row.Input.Text);
            labels.Add(row.Label);
            logits.Add(match.Scores(_rule.Tempered(AnswerRule.Finite(scores))));
            predictions.Add(match.Predicted(scores));
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
            LabelNames = match.Names,
            Predictions = predictions,
            RowNumbers = numbers,
            RowsLeftOut = _leftOut,
            LabelsLeftOut = [.. _unknown.Order(StringComparer.Ordinal)],
            RowsWithoutLabel = _withoutLabel,
            RowsWithoutText = _withoutText,
            Stars = _stars is null ? null : stars,
            Columns = columns.Where(column => column.HasGroups).ToDictionary(column => column.Name, column => column.Values),
        };
    }

    private IEnumerable<Row> Read(LabelMatch match)
    {
        using DataViewRowCursor cursor = _view.GetRowCursor([_text, .. new[] { _pair, _label, _stars }.OfType<DataViewSchema.Column>(), .. _further]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(_text);
        ValueGetter<ReadOnlyMemory<char>>? readPair = _pair is { } pair ? cursor.GetGetter<ReadOnlyMemory<char>>(pair) : null;
        Func<double>? readStars = _stars is { } stars ? StarsColumn.Getter(cursor, stars) : null;
        Func<string?> readLabel = _label is { } label ? LabelReader.Name(cursor, label) : LabelOfStars(cursor, readStars!);
        ValueGetter<ReadOnlyMemory<char>>[] readFurther = Array.ConvertAll(_further, cursor.GetGetter<ReadOnlyMemory<char>>);
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
            {
                _withoutLabel++;
                continue;
            }
            int place = match.PlaceOf(name);
            if (place < 0)
            {
                _leftOut++;
                if (_unknown.Count <= MaxNamed) // one more, for the sign that there are others
                    _unknown.Add(name);
                continue;
            }
            var input = new TextInput(Value(readText), readPair is null ? null : Value(readPair));
            if (MissingValue.IsMissingText(input.Text) && MissingValue.IsMissingText(input.Pair))
            {
                _withoutText++;
                continue;
            }
            yield return new Row(cursor.Position + 1, input, place, (float)(readStars?.Invoke() ?? float.NaN), Array.ConvertAll(readFurther, Value));
        }
    }

    private Func<string?> LabelOfStars(DataViewRow row, Func<double> stars)
    {
        var sentiments = new Sentiments(NeutralStars.Class);
        return () => sentiments.Name(sentiments.Key(stars(), _options.StarsColumnName, row.Position));
    }

    /// <summary>
    /// By name if the model has all labels of the data; else as sentiments if both say theirs; else by name. Labels that were made from stars
    /// are sentiments already, so that a stated map counts more than the model's names. Where some of the data's labels are unknown, two others
    /// are needed: one known label among strange ones is a coincidence, and an evaluation of its rows alone says nothing.
    /// </summary>
    private LabelMatch Match()
    {
        IReadOnlyCollection<string>? names = _label is { } label ? Different(label) : StarSentiments.ByLabel.Keys.ToArray();
        bool hasAll = names is not null && (_label is null ? HasStarLabels() : names.All(HasLabel));
        if (!MatchesSentiments && (hasAll || names is null or { Count: 0 }))
            return LabelMatch.ByName(_rule.Labels);
        if (names is null)
        {
            throw new SentimentMLException(
                $"The column '{_options.LabelColumnName}' has more than {MaxDifferent} different values, expected labels that say a sentiment. "
                + $"Name the column of labels: {_options.Names.Name("LabeledRowsOptions.LabelColumnName")}.");
        }
        if (names.Count == 0)
            throw new SentimentMLException(NoRows());
        bool isStated = _label is null || _options.Sentiments is not null;
        SentimentMap? data = _label is null ? StarSentiments : _options.Sentiments ?? Likeliest(names);
        Sentiment[] said = data is null ? [] : [.. names.Select(data.Find).OfType<Sentiment>()];
        int byName = MatchesSentiments ? 0 : names.Count(HasLabel);
        bool isBySentiment = isStated ? said.Length > 0 : said.Length >= byName && (said.Length == names.Count || said.Distinct().Count() > 1);
        if (isBySentiment && LabelMatch.BySentiment(_rule, data!, _options.WithoutNeutral) is { } match)
            return match;
        if (hasAll && !_options.AsSentiments && !_rule.Labels.Any(IsNeutral))
            return LabelMatch.ByName(_rule.Labels); // WithoutNeutral leaves nothing out
        return byName > 1 || (isStated && byName > 0) ? LabelMatch.ByName(_rule.Labels) : throw new SentimentMLException(NoMatch(names, data));
    }

    /// <summary>The map that knows the most of the data's labels: what they say themselves, or the model's.</summary>
    private SentimentMap? Likeliest(IReadOnlyCollection<string> names) =>
        new[] { SentimentMap.FromNames([.. names]), _rule.Sentiments, SentimentMap.FromKnownNames(names) }.OfType<SentimentMap>()
            .MaxBy(map => names.Count(name => map.Find(name) is not null));

    private static bool IsNeutral(string name) => SentimentMap.FromKnownNames([name])?.Find(name) == Sentiment.Neutral;

    private bool HasLabel(string name) => _places.ContainsKey(name);

    private bool MatchesSentiments => _options.AsSentiments || _options.WithoutNeutral;

    private bool HasStarLabels() => new[] { Sentiment.Negative, Sentiment.Positive }.All(sentiment =>
        _rule.Labels.Contains(sentiment.Word()) && (_rule.Sentiments?.Find(sentiment.Word()) ?? sentiment) == sentiment);

    /// <summary>The different labels of the data, in their order; null if they are too many to be labels.</summary>
    private List<string>? Different(DataViewSchema.Column label)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var different = new List<string>();
        using DataViewRowCursor cursor = _view.GetRowCursor([label]);
        Func<string?> name = LabelReader.Name(cursor, label);
        while (cursor.MoveNext())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (name() is not { } value || !seen.Add(value))
                continue;
            if (different.Count == MaxDifferent)
                return null;
            different.Add(value);
        }
        return different;
    }

    private string NoRows()
    {
        if (_withoutText > 0)
            return $"No row has a text and a label that the model can answer, expected rows with both: {_withoutText} rows have no text, {_withoutLabel} no "
                + $"label, {_leftOut} another label.";
        if (_unknown.Count == 0)
            return $"No row has a label, expected one of the model's ({Listed(_rule.Labels)}) or one that says a sentiment.";
        string data = $"{Listed(_unknown)}{(_label is null ? " (made from the stars)" : "")}";
        return $"No row has a label that the model can answer (its labels are {Listed(_rule.Labels)}). The data's labels are {data}.";
    }

    private string NoMatch(IReadOnlyCollection<string> names, SentimentMap? data)
    {
        string labels = _label is null ? "The data has stars, which are negative, positive, and neutral for 3." : $"The data's labels are {Listed(names)}.";
        string[] unknown = Silent(_rule.Labels, _rule.Sentiments);
        if (MatchesSentiments && unknown.Length > 0 && _rule.Problem != ProblemType.Regression)
            return $"The model's labels ({Listed(_rule.Labels)}) are matched as sentiments, and {Listed(unknown)} "
                + $"{(unknown.Length == 1 ? "says" : "say")} none. " + State("SentimentClassifierOptions.Sentiments", unknown);
        string? known = names.FirstOrDefault(name => HasLabel(name) || data?.Find(name) is not null);
        string found = known is null || _rule.Sentiments is null
            ? $"No row has one of the model's labels ({Listed(_rule.Labels)}). {labels}"
            : $"Of the data's labels only {known} is one that the model knows (its labels are {Listed(_rule.Labels)}), expected two.";
        if (_rule.Problem == ProblemType.Regression)
            return $"{found} The model answers with a value, expected one that answers with labels.";
        if (unknown.Length > 0)
            return $"{found} The model's labels {Listed(unknown)} do not say a sentiment. {State("SentimentClassifierOptions.Sentiments", unknown)}";
        if (_rule.Labels.Select(label => _rule.Sentiments!.Find(label)).Distinct().Count() < 2)
            return $"{found} All of the model's labels stand for the same sentiment, expected at least two.";
        string[] silent = Silent(names, data);
        return silent.Length == 0
            ? found : $"{found} The data's labels {Listed(silent)} do not say a sentiment. {State("LabeledRowsOptions.Sentiments", silent)}";
    }

    /// <summary>The labels without a sentiment: those that a map does not have, and where there is no map, those whose names say none.</summary>
    private static string[] Silent(IReadOnlyCollection<string> labels, SentimentMap? map)
    {
        map ??= SentimentMap.FromKnownNames(labels);
        return [.. labels.Where(label => map?.Find(label) is null)];
    }

    /// <summary>Asks for the labels' sentiments. It suggests none: a wrong suggestion, once copied, would invert the evaluation.</summary>
    private string State(string option, IReadOnlyCollection<string> labels) =>
        $"State it for each of them, negative, neutral or positive in place of each question mark: {_options.Names.Set(option, $"\"{Pairs(labels)}\"")}.";

    private static string Pairs(IReadOnlyCollection<string> labels) =>
        string.Join(',', labels.Order(StringComparer.Ordinal).Take(MaxNamed).Select(label => $"{label}=?")) + (labels.Count > MaxNamed ? ",…" : "");

    private static string Listed(IReadOnlyCollection<string> labels) =>
        string.Join(", ", labels.Order(StringComparer.Ordinal).Take(MaxNamed)) + (labels.Count > MaxNamed ? ", …" : "");

    /// <param name="Number">The place of the row in the view, from 1.</param>
    /// <param name="Input">Its text or texts.</param>
    /// <param name="Label">The place of its label among the model's.</param>
    /// <param name="Stars">Its stars; NaN if there are none.</param>
    /// <param name="Columns">The values of the further columns.</param>
    private sealed record Row(long Number, TextInput Input, int Label, float Stars, string[] Columns);
}
