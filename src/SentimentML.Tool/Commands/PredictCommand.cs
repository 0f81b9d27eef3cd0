using System.CommandLine;
using System.Text.Json;
using Microsoft.ML;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Texts in, one JSON line each out, in their order and in constant memory.</summary>
internal sealed class PredictCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Model();
    private readonly Option<string> _predictedLabelColumn = Flags.PredictedLabelColumn();
    private readonly Option<string> _text = Flags.Text("--text", "T", "A text to classify.");
    private readonly Option<string> _input = Flags.Text("--input", "F", $"A file of texts: {DataOptions.Formats}. Every row gets a line; its stars and labels are not looked at.");
    private readonly DataOptions _data = new(withLabels: false);
    private readonly Option<string> _output = Flags.Text("--output", "F", "The file to write; it appears when everything is written (default: standard output).");
    private readonly Option<bool> _logits = new("--logits") { Description = "Write the network's raw outputs too." };
    private readonly Option<bool> _calibrated = new("--calibrated") { Description = "Give probabilities calibrated by the temperature that the training found on its validation set." };
    private readonly Option<double?> _unsureBelow = Flags.Number("--unsure-below", "Say of each line whether it is unsure: whether its score is below X, above 0 to 1 ('evaluate' shows which X answers how much).");
    private readonly ModelOptions _engine = new();

    public PredictCommand()
        : base("predict", "Classify a text, or a file of them, to one JSON line each: text, label, score, probabilities.")
    {
        foreach (Option option in (Option[])[_model, _predictedLabelColumn, _text, _input, _output, _logits, _calibrated, _unsureBelow])
            Add(option);
        _data.AddTo(this);
        _engine.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetResult(_text) is null == result.GetResult(_input) is null)
                result.AddError("One of --text and --input was expected.");
            if (result.GetValue(_unsureBelow) is <= 0 or > 1 or double.NaN)
                result.AddError("--unsure-below is a score: a number above 0 to 1 was expected.");
        });
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        ReviewData? file = arguments.GetValue(_input) is { } input ? new ReviewData(new MLContext(), input, _data.Read(arguments)) : null;
        SavedModel saved = ModelOptions.Open(arguments.GetRequiredValue(_model), cancellation, arguments.GetValue(_predictedLabelColumn));
        _engine.CheckLabels(arguments, saved);
        using SentimentClassifier classifier = _engine.Load(arguments, saved, arguments.GetValue(_calibrated) ? true : null, arguments.GetValue(_unsureBelow));
        JsonLines.WriteAll(arguments.GetValue(_output), lines =>
        {
            void Write(string text, SentimentPrediction prediction) => lines.Write(json => WriteProperties(json, text, prediction, arguments));

            if (file is null)
            {
                string text = arguments.GetRequiredValue(_text);
                Write(text, classifier.Classify(text));
                return;
            }
            Screen.During(screen =>
            {
                screen.Show("Classifying");
                var shown = new RowsShown(screen, Task.Run(() => file.CountRows(cancellation), cancellation));
                long rows = 0;
                foreach ((string text, SentimentPrediction prediction) in classifier.ClassifyRows(file.Texts(), text => text, cancellation))
                {
                    Write(text, prediction);
                    shown.Report(++rows);
                }
            });
        });
    }

    private static void WriteHoldingLabels(Utf8JsonWriter json, SentimentPrediction prediction)
    {
        json.WriteStartArray("labels");
        foreach (string label in prediction.HoldingLabels)
            json.WriteStringValue(label);
        json.WriteEndArray();
    }

    private void WriteProperties(Utf8JsonWriter json, string text, SentimentPrediction prediction, ParseResult arguments)
    {
        json.WriteString("text", text);
        json.WriteString("label", prediction.Label);
        json.WriteNumber("score", prediction.Score);
        if (arguments.GetValue(_unsureBelow) is not null)
            json.WriteBoolean("unsure", prediction.IsUnsure);
        json.WriteStartObject("probabilities");
        for (int i = 0; i < prediction.Labels.Count; i++)
            json.WriteNumber(prediction.Labels[i], prediction.Probabilities[i]);
        json.WriteEndObject();
        json.WriteString("sentiment", prediction.Sentiment?.ToString().ToLowerInvariant());
        if (prediction.Problem == ProblemType.MultiLabel)
            WriteHoldingLabels(json, prediction);
        if (!arguments.GetValue(_logits))
            return;
        json.WriteStartArray("logits");
        foreach (float logit in prediction.Logits)
            json.WriteNumberValue(logit);
        json.WriteEndArray();
    }
}
