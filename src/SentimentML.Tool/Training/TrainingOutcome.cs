using System.Text.Json.Nodes;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using SentimentML.Training;
using Spectre.Console;

namespace SentimentML.Tool.Training;

/// <summary>What a training gave.</summary>
/// <param name="Model">The model folder; null where none was asked for.</param>
/// <param name="Evaluations">The validation file's figures during the model's training.</param>
/// <param name="Folds">The cross-validation; empty without one.</param>
/// <param name="BestBy">Which figure says which evaluation's weights were kept.</param>
internal sealed record TrainingOutcome(
    string? Model, IReadOnlyList<TrainingEvaluation> Evaluations, IReadOnlyList<CrossValidationFold> Folds, BestModelMetric BestBy)
{
    private static readonly (string Name, string Key, Func<CrossValidationFold, double> Of)[] Figures =
        [(Language.Say("exactitud", "accuracy"), "accuracy", f => f.Metrics.Accuracy.Value), ("macro-F1", "macro_f1", f => f.Metrics.MacroF1.Value),
            (Language.Say("pérdida", "loss"), "loss", f => f.Metrics.LogLoss.Value)];

    public void Print()
    {
        if (Folds.Count > 0)
            AnsiConsole.Write(FoldTable());
        if (Evaluations.Count > 0)
            AnsiConsole.Write(EvaluationTable());
        if (BestBy.Best(Evaluations) is { } kept)
            Console.WriteLine(Kept(kept));
        if (Model is not null)
            Console.WriteLine($"{Language.Say("El modelo está en", "The model is in")} {Model}");
    }

    /// <summary>Which weights are in the model, and whether those that it started from were better.</summary>
    private string Kept(TrainingEvaluation kept)
    {
        string sentence = Language.Format(
            $"Se guarda la época {kept.Epoch:0.##} ({Figure(kept)}).",
            $"Epoch {kept.Epoch:0.##} is kept ({Figure(kept)}).");
        if (Evaluations[0] is not { Step: 0 } start || BestBy.Score(start) <= BestBy.Score(kept))
            return sentence;
        return $"{sentence} " + Language.Say(
            $"El modelo de partida era mejor en estas filas ({Figure(start)}): este entrenamiento no lo ha mejorado.",
            $"The model that it started from was better on these rows ({Figure(start)}): this training has not improved it.");
    }

    private string Figure(TrainingEvaluation evaluation) => BestBy switch
    {
        BestModelMetric.MacroF1 => $"macro-F1 {EvaluationTables.Number(evaluation.MacroF1)}",
        BestModelMetric.Loss => $"{Language.Say("pérdida", "loss")} {EvaluationTables.Number(evaluation.Loss)}",
        _ => $"{Language.Say("exactitud", "accuracy")} {EvaluationTables.Number(evaluation.Accuracy)}",
    };

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["model"] = Model };
        json["evaluations"] = new JsonArray(
            [.. Evaluations.Select(e =>
                new JsonObject { ["epoch"] = e.Epoch, ["step"] = e.Step, ["accuracy"] = e.Accuracy, ["macro_f1"] = e.MacroF1, ["loss"] = e.Loss })]);
        if (Folds.Count == 0)
            return json;
        json["folds"] = new JsonArray([.. Folds.Select(fold => new JsonObject(
        [
            new("fold", fold.Fold), new("train_rows", fold.TrainRows), new("rows", fold.Metrics.RowCount),
            .. Figures.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)figure.Of(fold))),
        ]))]);
        json["mean"] = new JsonObject(Figures.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)Mean(figure.Of))));
        json["deviation"] = new JsonObject(Figures.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)Deviation(figure.Of))));
        return json;
    }

    private Table FoldTable()
    {
        Table table = EvaluationTables.Numeric(
            new Table().AddColumn(Language.Say("parte", "fold")), [Language.Say("filas", "rows"), .. Figures.Select(figure => figure.Name)]);
        foreach (CrossValidationFold fold in Folds)
            table.AddRow([$"{fold.Fold}", Language.Text.Count(fold.Metrics.RowCount), .. Figures.Select(figure => EvaluationTables.Number(figure.Of(fold)))]);
        return table.AddRow([Language.Say("media ± desv.", "mean ± dev."), "",
            .. Figures.Select(figure => $"{EvaluationTables.Number(Mean(figure.Of))} ± {EvaluationTables.Number(Deviation(figure.Of))}")]);
    }

    private Table EvaluationTable()
    {
        Table table = EvaluationTables.Numeric(
            new Table(), Language.Say("época", "epoch"), Language.Say("exactitud", "accuracy"), "macro-F1", Language.Say("pérdida", "loss"));
        foreach (TrainingEvaluation e in Evaluations)
            table.AddRow(Language.Text.Number(e.Epoch, "0.##"), EvaluationTables.Number(e.Accuracy), EvaluationTables.Number(e.MacroF1),
                EvaluationTables.Number(e.Loss));
        return table;
    }

    private double Mean(Func<CrossValidationFold, double> figure) => Folds.Average(figure);

    /// <summary>Between the folds, as a sample's.</summary>
    private double Deviation(Func<CrossValidationFold, double> figure) =>
        Math.Sqrt(Folds.Sum(fold => Math.Pow(figure(fold) - Mean(figure), 2)) / (Folds.Count - 1));
}
