using System.Globalization;
using System.Text.Json;
using SentimentML.Reviews;

namespace SentimentML.Predictions;

/// <summary>What is written of each row: its text, the input's columns that come along, and the answer, as a JSON line or as a table's row.</summary>
/// <param name="labels">The labels that the model answers with.</param>
/// <param name="withLogits">Whether the network's raw outputs are written.</param>
/// <param name="withUnsure">Whether each row says that it is unsure.</param>
internal sealed class PredictionFields(IReadOnlyList<string> labels, bool withLogits, bool withUnsure)
{
    private const string Text = "text", Label = PredictionColumns.Label, Score = PredictionColumns.Score, Unsure = PredictionColumns.Unsure,
        Probabilities = PredictionColumns.Probabilities, Sentiment = PredictionColumns.Sentiment, Labels = PredictionColumns.Labels,
        Logits = PredictionColumns.Logits, MissingText = PredictionColumns.MissingText;

    /// <summary>The names that columns of the input cannot have.</summary>
    public IReadOnlyCollection<string> Names =>
    [
        Text, Label, Score, Unsure, Probabilities, Sentiment, Labels, Logits, MissingText,
        .. labels.Select(Probability), .. labels.Select(Logit),
    ];

    /// <summary>A table's columns.</summary>
    public IReadOnlyList<TableColumn> Columns(CarriedColumns carried) =>
    [
        new(Text), .. carried.Names.Select(name => new TableColumn(name)),
        new(Label), new(Score, TableColumnKind.Number), .. withUnsure ? (TableColumn[])[new(Unsure, TableColumnKind.Flag)] : [],
        .. labels.Select(label => new TableColumn(Probability(label), TableColumnKind.Number)), new(Sentiment),
        .. withLogits ? labels.Select(label => new TableColumn(Logit(label), TableColumnKind.Number)) : [],
        new(MissingText, TableColumnKind.Flag),
    ];

    /// <summary>A table's row.</summary>
    public object?[] Values(PredictedRow row)
    {
        SentimentPrediction? answer = row.Prediction;
        IEnumerable<object?> Each(IReadOnlyList<float>? numbers) => labels.Select((_, i) => (object?)Rounded(numbers?[i]));
        return
        [
            row.Row.Text, .. row.Row.Carried.Select(value => (object?)value.Text),
            LabelOf(answer), Rounded(answer?.Score), .. withUnsure ? (object?[])[answer?.IsUnsure] : [],
            .. Each(answer?.Probabilities), answer?.Sentiment?.Word(),
            .. withLogits ? Each(answer?.Logits) : [],
            answer is null,
        ];
    }

    /// <summary>A JSON line's properties.</summary>
    public void Write(Utf8JsonWriter json, PredictedRow row)
    {
        json.WriteString(Text, row.Row.Text);
        for (int i = 0; i < row.Row.Names.Length; i++)
            WriteCarried(json, row.Row.Names[i], row.Row.Carried[i]);
        if (row.Prediction is not { } answer)
        {
            foreach (string name in (string[])[Label, Score, Probabilities, Sentiment])
                json.WriteNull(name);
            json.WriteBoolean(MissingText, true);
            return;
        }
        json.WriteString(Label, answer.Label);
        json.WriteNumber(Score, answer.Score);
        if (withUnsure)
            json.WriteBoolean(Unsure, answer.IsUnsure);
        json.WriteStartObject(Probabilities);
        for (int i = 0; i < answer.Labels.Count; i++)
            json.WriteNumber(answer.Labels[i], answer.Probabilities[i]);
        json.WriteEndObject();
        json.WriteString(Sentiment, answer.Sentiment?.Word());
        if (answer.Problem == ProblemType.MultiLabel)
            WriteArray(json, Labels, answer.HoldingLabels, json.WriteStringValue);
        if (withLogits)
            WriteArray(json, Logits, answer.Logits, json.WriteNumberValue);
    }

    private static void WriteCarried(Utf8JsonWriter json, string name, CarriedValue value)
    {
        if (value.Text is null)
        {
            json.WriteNull(name);
        }
        else if (value.IsJson)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Text);
        }
        else
        {
            json.WriteString(name, value.Text);
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
            write(value);
        json.WriteEndArray();
    }

    private static string Probability(string label) => $"{PredictionColumns.Probability}{label}";

    private static string Logit(string label) => $"{PredictionColumns.Logit}{label}";

    /// <summary>If a text may have several labels, those that hold, with a bar between them.</summary>
    public static string? LabelOf(SentimentPrediction? answer) =>
        answer?.Problem == ProblemType.MultiLabel ? string.Join('|', answer.HoldingLabels) : answer?.Label;

    /// <summary>A float's shortest digits as a double: 0.9 stays 0.9.</summary>
    private static double? Rounded(float? number) =>
        number is { } value ? double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}
