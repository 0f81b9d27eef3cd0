using Microsoft.ML;
using Microsoft.ML.Transforms;
using SentimentML.Files;
using SentimentML.Labels;
using SentimentML.Reviews;
using SentimentML.Tool.Output;
using SentimentML.Wording;

namespace SentimentML.Tool.Data;

/// <summary>A file of reviews as the commands read it: texts alone, or rows with their label.</summary>
internal sealed class ReviewData
{
    public const string LabelColumn = "Label";

    private const string TextColumn = "Text";
    private const string StarsColumn = "Stars";
    private const int MaxNamed = 20;

    private readonly MLContext _ml;
    private readonly DataColumns _columns;
    private readonly IDataView _rows;

    /// <exception cref="SentimentMLException">There is no such file, or it lacks a column that was named.</exception>
    public ReviewData(MLContext ml, string path, DataColumns columns)
    {
        _ml = ml;
        _columns = columns;
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)); // of a folder of texts
        _rows = ml.Data.LoadReviews(path, columns.ToOptions());
    }

    public string Path { get; }

    /// <summary>Warns if these rows, which are measured on, are in the file that is learned from.</summary>
    public void WarnIfLearnedFrom(ReviewData train)
    {
        if (SameFile.Is(Path, train.Path))
            Warnings.Write(Language.Say(
                "--validation es el archivo de --train: un modelo siempre acierta con lo que ha aprendido. Indica otras reseñas.",
                "--validation is the file of --train: a model is always good on what it learned from. Give other reviews."));
    }

    /// <summary>The rows as they are in the file.</summary>
    public IDataView Rows => _rows;

    /// <summary>Each row's text, in the file's order. Stars and labels are not read.</summary>
    public IEnumerable<string> Texts() => Values(TextColumn);

    /// <summary>The file's own labels, each once, in the order in which they appear; empty if labels are made of stars.</summary>
    public IReadOnlyList<string> DifferentLabels(CancellationToken cancellation)
    {
        if (HasStars || !Has(LabelColumn))
            return [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var different = new List<string>();
        foreach (string label in Values(LabelColumn))
        {
            cancellation.ThrowIfCancellationRequested();
            if (label.Length > 0 && seen.Add(label))
                different.Add(label);
        }
        return different;
    }

    /// <summary>How many rows the file has, by reading it.</summary>
    public long CountRows(CancellationToken cancellation)
    {
        long rows = 0;
        using DataViewRowCursor cursor = _rows.GetRowCursor([]);
        for (; cursor.MoveNext(); rows++)
            cancellation.ThrowIfCancellationRequested();
        return rows;
    }

    /// <summary>The rows with a label, a key: sentiments where the file has stars, else its own labels in alphabetical order.</summary>
    /// <param name="neutral">What becomes of 3 stars.</param>
    public LabeledData Labeled(NeutralStars neutral)
    {
        WarnOfLabels();
        IDataView rows = _ml.Data.FilterByCustomPredicate<TextRow>(_rows, row => MissingValue.IsMissingText(row.Text.Span));
        return new LabeledData(_ml, Path, _ml.Data.FilterRowsByMissingValues(LabelMapping(neutral).Fit(rows).Transform(rows), LabelColumn));
    }

    /// <summary>The rows that <see cref="Labeled"/> leaves out, with the reasons, in words; null if there are none.</summary>
    /// <param name="neutral">What becomes of 3 stars.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public string? LeftOut(NeutralStars neutral, CancellationToken cancellation)
    {
        long withoutText = 0, withoutLabel = 0, dropped = 0;
        DataViewSchema.Column text = _rows.Schema[TextColumn], label = _rows.Schema[HasStars ? StarsColumn : LabelColumn];
        using DataViewRowCursor cursor = _rows.GetRowCursor([text, label]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        Func<double>? readStars = HasStars ? Labels.StarsColumn.Getter(cursor, label) : null;
        Func<string?>? readLabel = HasStars ? null : LabelReader.Name(cursor, label);
        ReadOnlyMemory<char> value = default;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            readText(ref value);
            double stars = readStars?.Invoke() ?? 0;
            if (MissingValue.IsMissingText(value.Span))
                withoutText++;
            else if (double.IsNaN(stars) || (readLabel is not null && readLabel() is null))
                withoutLabel++;
            else if (stars == 3 && neutral == NeutralStars.Drop)
                dropped++;
        }
        string[] reasons =
        [
            .. (((long Rows, string Reason)[])[
                (withoutText, Language.Say("sin texto", "without a text")),
                (withoutLabel, HasStars ? Language.Say("sin estrellas", "without stars") : Language.Say("sin etiqueta", "without a label")),
                (dropped, Language.Say("con 3 estrellas (--neutral-class hace de ellas una clase)", "with 3 stars (--neutral-class makes them a class)"))])
                .Where(one => one.Rows > 0).Select(one => $"{Language.Text.Count(one.Rows)} {one.Reason}"),
        ];
        return reasons.Length == 0 ? null : $"{Path}: {Language.Say("filas que no cuentan", "rows left out")}: {string.Join(", ", reasons)}";
    }

    /// <summary>
    /// A sentence for each of the file's own labels that has a single row to learn from and is probably not a class, and one for those that are
    /// probably misspelled.
    /// </summary>
    /// <param name="labeled">The rows to learn from.</param>
    /// <param name="places">Each row's label, as its place among the names.</param>
    /// <param name="hasSentimentModel">Whether the training would start from a ready sentiment model.</param>
    public IEnumerable<string> OddLabels(LabeledData labeled, IEnumerable<int> places, bool hasSentimentModel)
    {
        if (HasStars)
            return [];
        KeyValuePair<string, long>[] counts =
            [.. places.CountBy(place => labeled.Labels[place]).Select(count => KeyValuePair.Create(count.Key, (long)count.Value))];
        string? silent = SilentLabels.Of(_rows, counts, hasSentimentModel);
        IEnumerable<string> single = SingleRowLabels.Of(_rows, counts);
        return silent is null ? single : single.Append(silent);
    }

    /// <summary>The rows as they are in the file. If it has stars and labels, the labels are left out, as in training.</summary>
    public IDataView RowsToEvaluate
    {
        get
        {
            RequireLabels();
            WarnOfLabels();
            return HasStars && Has(LabelColumn) ? _ml.Transforms.DropColumns(LabelColumn).Fit(_rows).Transform(_rows) : _rows;
        }
    }

    /// <summary>Runs work on the rows; the message of a failure names the file.</summary>
    public T Named<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SentimentMLException e) when (e.GetType() == typeof(SentimentMLException) && !e.Message.Contains(Path, StringComparison.Ordinal))
        {
            throw new SentimentMLException($"{Path}: {e.Message}", e);
        }
    }

    /// <summary>Whether labels are made of stars.</summary>
    public bool HasStars => _columns.Label is null && Has(StarsColumn);

    private sealed class TextRow
    {
        public ReadOnlyMemory<char> Text { get; set; }
    }

    private void WarnOfLabels()
    {
        if (HasStars && Has(LabelColumn) && _rows is ReviewView { File.Columns: var names, Columns: { Stars: var stars, Label: var label } })
            Warnings.Write(Language.Say(
                $"{Path}: el archivo tiene estrellas y etiquetas, y cuentan las estrellas, columna '{names[stars]}'. Para tomar las etiquetas, añade "
                    + $"--label-column {names[label]}.",
                $"{Path}: the file has stars and labels, and the stars count, column '{names[stars]}'. For the labels give "
                    + $"--label-column {names[label]}."));
    }

    private void RequireLabels()
    {
        if (HasStars || Has(LabelColumn))
            return;
        IEnumerable<string> columns = _rows is ReviewView view ? view.File.Columns : _rows.Schema.Select(column => column.Name);
        throw new SentimentMLException($"{Path}: the file has no labels: a column 'stars' ('star_rating', 'rating'), or 'label', was expected. Its columns are "
            + $"{string.Join(", ", columns.Take(MaxNamed))}{(columns.Count() > MaxNamed ? ", …" : "")}.{Answers(columns)} "
            + "Name the one with the stars by --stars-column, or the one with labels by --label-column."
            + (_rows as ReviewView)?.Columns.LikelyGold(ReportText.English));
    }

    private static string Answers(IEnumerable<string> columns) => PredictionColumns.AreIn(columns)
        ? $" Column '{PredictionColumns.Label}' is a model's answer, and no label that a person gave." : "";

    private bool Has(string column) => _rows.Schema.GetColumnOrNull(column) is not null;

    private IEnumerable<string> Values(string name)
    {
        DataViewSchema.Column column = _rows.Schema[name];
        using DataViewRowCursor cursor = _rows.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return value.ToString();
        }
    }

    private IEstimator<ITransformer> LabelMapping(NeutralStars neutral)
    {
        if (HasStars)
            return _ml.Transforms.Conversion.MapStarsToSentiment(LabelColumn, StarsColumn, neutral);
        RequireLabels();
        if (neutral == NeutralStars.Class)
            throw new SentimentMLException(
                $"{Path}: --neutral-class says what 3 stars are, and the file has no stars: its labels are text and stay as they are.");
        return _ml.Transforms.Conversion.MapValueToKey(
            [new InputOutputColumnPair(LabelColumn)], keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
    }
}
