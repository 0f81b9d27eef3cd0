using System.Text.Json.Nodes;
using SentimentML.Reviews;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Data;

/// <summary>What a data file is and holds.</summary>
/// <param name="View">The file as it is read.</param>
/// <param name="Named">The columns that were named.</param>
/// <param name="Report">What its rows hold.</param>
/// <param name="ReadWarnings">What the reader warned of.</param>
internal sealed record Inspection(ReviewView View, DataColumns Named, DataReport Report, IReadOnlyList<string> ReadWarnings)
{
    private const string Spanish = "es";
    private const double ManyRows = 0.05;

    // As many labels as this over the rows are rather texts or ids.
    private const double TooManyLabels = 0.5;

    /// <summary>Whether a training on it would start from a ready sentiment model if its labels say sentiments.</summary>
    public required bool HasSentimentModel { get; init; }

    public string Format => View.File.Format switch
    {
        ReviewFileFormat.Csv when View.File.Csv!.Dialect.Delimiter == '\t'
            && Path.GetExtension(View.File.Path).Equals(".txt", StringComparison.OrdinalIgnoreCase) => "tsv",
        ReviewFileFormat.Csv => "csv",
        ReviewFileFormat.Tsv => "tsv",
        ReviewFileFormat.JsonLines => "jsonl",
        ReviewFileFormat.Json => View.File.IsXml ? "xml" : "json",
        ReviewFileFormat.Excel => "xlsx",
        ReviewFileFormat.Arrow => "arrow",
        ReviewFileFormat.Lines => "lines",
        ReviewFileFormat.Folder => "folder",
        _ => "parquet",
    };

    /// <summary>The encoding of a text file; null for others.</summary>
    public string? Encoding => View.File.Format
        is ReviewFileFormat.Excel or ReviewFileFormat.Parquet or ReviewFileFormat.Arrow or ReviewFileFormat.Folder ? null : View.File.Encoding;

    /// <summary>The character between two fields; null for formats without one, and in a file of one column.</summary>
    public string? Delimiter => View.File.Csv is { Dialect.Delimiter: not CsvLayout.NoDelimiter and var delimiter } ? $"{delimiter}" : null;

    /// <summary>Whether a line has the columns' names; null for formats that always have names.</summary>
    public bool? HasHeader => View.File.Csv is null && View.File.Excel is null ? null : View.File.HasHeader;

    /// <summary>The rows with each label, without those that have none.</summary>
    public IEnumerable<KeyValuePair<string, long>> Labels => Report.Labels.Where(label => label.Key.Length > 0);

    /// <summary>The rows with each number of stars, without those that have none.</summary>
    public IEnumerable<KeyValuePair<string, long>> Stars => Report.Stars.Where(stars => stars.Key != "NaN");

    public long WithoutText => Report.RowsWithoutText;

    public long WithoutStars => Report.RowsWithoutStars;

    public long WithoutLabel => Report.RowsWithoutLabel;

    /// <summary>The parts of a review, each with its column, null for none, and why that one was taken.</summary>
    public IEnumerable<(string Part, string? Column, string Why)> Parts =>
    [
        Part("text", View.Columns.Text, Named.Text, "--text-column"),
        Part("title", View.Columns.Text < 0 ? View.Columns.Title : -1, Named.Title, "--title-column"),
        Part("body", View.Columns.Body, Named.Body, "--body-column"),
        Part("stars", View.Columns.Stars, Named.Stars, "--stars-column"),
        Part("label", View.Columns.Label, Named.Label, "--label-column"),
    ];

    /// <summary>What someone should know before training on the file.</summary>
    public IReadOnlyList<string> Warnings => [.. ReadWarnings, .. Found()];

    public JsonObject ToJson(string next) => new()
    {
        ["file"] = View.File.Path,
        ["format"] = Format,
        ["compression"] = View.File.Compression,
        ["encoding"] = Encoding,
        ["delimiter"] = Delimiter,
        ["has_header"] = HasHeader,
        ["sheet"] = View.File.Excel?.Sheet,
        ["rows"] = Report.Rows,
        ["columns"] = new JsonObject(Parts.Select(part => KeyValuePair.Create(part.Part, (JsonNode?)part.Column))),
        ["other_columns"] = new JsonArray([.. View.Columns.Others.Select(other => (JsonNode)View.File.Columns[other])]),
        ["labels"] = Counts(Labels),
        ["stars"] = Counts(Stars),
        ["missing"] = new JsonObject { ["text"] = WithoutText, ["stars"] = WithoutStars, ["label"] = WithoutLabel },
        ["duplicates"] = Report.Repeated,
        ["nearly_the_same"] = Report.NearlyRepeated,
        ["characters"] = Lengths(Report.Characters),
        ["words"] = Lengths(Report.Words),
        ["tokens"] = Tokens(),
        ["languages"] = new JsonObject(Report.Languages.Select(language => KeyValuePair.Create(language.Key, (JsonNode?)Rows(language.Value)))),
        ["odd"] = new JsonObject(Report.Odd.Select(odd => KeyValuePair.Create(NameOf(odd.Key), (JsonNode?)Rows(odd.Value)))),
        ["warnings"] = new JsonArray([.. Warnings.Select(warning => (JsonNode)warning)]),
        ["next"] = next,
    };

    /// <summary>"broken_encoding".</summary>
    public static string NameOf(OddText odd) =>
        string.Concat(odd.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private (string, string?, string) Part(string part, int column, string? named, string option) => column < 0
        ? (part, null, "")
        : (part, string.Join(", ", Together(column).Select(one => View.File.Columns[one])),
            named is not null ? Language.Format($"como dice {option}", $"as {option} says")
            : Together(column).Length > 1 ? Language.Say("por sus nombres y valores, una para cada etiqueta", "by their names and values, one for each label")
            : View.Columns.ByValues.Contains(column) ? Language.Say("por sus valores", "by its values")
            : View.File.Format is ReviewFileFormat.Lines or ReviewFileFormat.Folder ? Language.Say("por el formato", "by the format")
            : View.File.HasHeader && !IsAlone ? Language.Say("por su nombre", "by its name") : Language.Say("la única columna", "the only column"));

    /// <summary>The column, or all columns of the label if each label has one.</summary>
    private int[] Together(int column) => column == View.Columns.Label && View.Columns.OfEachLabel is { } each ? [.. each.Columns] : [column];

    /// <summary>Whether the file has row numbers and one other column.</summary>
    private bool IsAlone => View.File.RowNumbers.Count > 0 && View.File.RowNumbers.Count == View.File.Columns.Count - 1;

    private IEnumerable<string> Found()
    {
        long rows = Report.Rows;
        string[] labels = [.. Labels.Select(label => label.Key)];
        ReviewColumns columns = View.Columns;
        string Name(int column) => View.File.Columns[column];

        if (columns.Stars < 0 && columns.Label < 0)
            yield return Language.Say(
                "El archivo no tiene estrellas ni etiquetas: se puede clasificar, pero no sirve para aprender. Indica la columna que las tiene con "
                    + "--stars-column o --label-column.",
                "The file has no stars and no labels: it can be classified, and not learned from. Name the column with them by --stars-column or "
                    + "--label-column.") + columns.LikelyGold(Language.Text);
        if (columns.Stars >= 0 && columns.Label >= 0 && Named.Label is null)
            yield return Language.Say(
                $"El archivo tiene estrellas y etiquetas. El entrenamiento y la evaluación toman las estrellas, columna '{Name(columns.Stars)}'; para tomar "
                    + $"las etiquetas, añade --label-column {Name(columns.Label)}.",
                $"The file has stars and labels. A training and an evaluation take the stars, column '{Name(columns.Stars)}'; for "
                    + $"the labels give --label-column {Name(columns.Label)}.");
        if (columns.Text >= 0 && columns.Title >= 0 && Named.Text is null)
            yield return Language.Say(
                $"El título, columna '{Name(columns.Title)}', no se lee: la columna '{Name(columns.Text)}' se toma como el texto entero. Para leer los dos, "
                    + $"añade --title-column {Name(columns.Title)} --body-column {Name(columns.Text)}.",
                $"The title, column '{Name(columns.Title)}', is not read: column '{Name(columns.Text)}' is "
                    + $"taken as the whole text. To read both give --title-column {Name(columns.Title)} --body-column {Name(columns.Text)}.");
        if (columns.Stars < 0 && labels.Length > 10 && labels.Length > rows * TooManyLabels)
        {
            string column = Name(columns.Label);
            yield return Language.Format(
                $"{labels.Length:N0} etiquetas distintas en {rows:N0} filas: la columna '{column}' parece de textos o de ids, y no de etiquetas. ",
                $"{labels.Length:N0} different labels in {rows:N0} rows: column '{column}' is rather a text or an id than a label. ")
                + Language.Say("Indica la de las etiquetas con --label-column.", "Name the one with the labels by --label-column.");
        }
        if (labels.GroupBy(label => label, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
            yield return Language.Say(
                $"Hay etiquetas que solo se diferencian en mayúsculas y minúsculas: {string.Join(", ", same)}. Cuentan como etiquetas distintas.",
                $"Labels differ in upper and lower case alone: {string.Join(", ", same)}. They count as different labels.");
        if (columns.Stars < 0 && columns.Label >= 0 && SilentLabels.Of(View, [.. Labels], HasSentimentModel) is { } silent)
            yield return silent;
        if (columns.Stars < 0)
            foreach (string single in SingleRowLabels.Of(View, [.. Labels]))
                yield return single;
        if ((columns.Stars >= 0 ? Stars.Count() : labels.Length) == 1)
            yield return Language.Say(
                "Todas las filas tienen la misma etiqueta: no hay nada que aprender.", "All rows have the same label: there is nothing to learn.");
        foreach ((long count, string what) in ((long, string)[])[
            (WithoutText, Language.Say("texto", "text")), (WithoutStars, Language.Say("estrellas", "stars")),
            (WithoutLabel, Language.Say("etiqueta", "label"))])
        {
            if (count > 0)
                yield return Language.Format($"Filas sin {what}: {count:N0} de {rows:N0}.", $"{count:N0} of {rows:N0} rows have no {what}.");
        }
        if (Report.Repeated > rows * ManyRows)
            yield return Language.Format(
                $"{Report.Repeated:N0} de {rows:N0} textos repiten uno anterior: un conjunto de validación sacado de este archivo se conocería en parte.",
                $"{Report.Repeated:N0} of {rows:N0} texts repeat an earlier one: a validation set from this file would be partly known.");
        if (Report.Truncated > rows * ManyRows)
            yield return Language.Format(
                $"{Report.Truncated:N0} de {rows:N0} textos tienen más de {Report.MaxTokens} tokens: un modelo no lee su final.",
                $"{Report.Truncated:N0} of {rows:N0} texts have more than {Report.MaxTokens} tokens: a model does not read their end.");
        long foreign = Report.Languages.Where(language => language.Key is not (Spanish or "und")).Sum(language => language.Value.Count);
        if (foreign > rows * ManyRows)
            yield return Language.Format(
                $"{foreign:N0} de {rows:N0} textos no parecen estar en español.", $"{foreign:N0} of {rows:N0} texts do not look Spanish.");
    }

    private JsonObject? Tokens()
    {
        JsonObject? tokens = Lengths(Report.Tokens);
        if (tokens is null)
            return null;
        tokens["limit"] = Report.MaxTokens;
        tokens["over_limit"] = Report.Truncated;
        return tokens;
    }

    private static JsonObject Counts(IEnumerable<KeyValuePair<string, long>> counts) =>
        new(counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));

    private static JsonObject? Lengths(LengthStatistics? lengths) => lengths is null ? null : new JsonObject
    {
        ["min"] = lengths.Min,
        ["mean"] = lengths.Mean,
        ["median"] = lengths.Median,
        ["percentile_90"] = lengths.Percentile90,
        ["percentile_99"] = lengths.Percentile99,
        ["max"] = lengths.Max,
    };

    /// <summary>How many rows, and the first of them, counted from 1.</summary>
    private static JsonObject Rows(RowExamples rows) => new()
    {
        ["rows"] = rows.Count,
        ["first"] = new JsonArray([.. rows.Examples.Select(row => (JsonNode)(row + 1))]),
    };
}
