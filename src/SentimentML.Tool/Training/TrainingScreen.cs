using System.Diagnostics;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Training;

/// <summary>A training's reports on the screen, and its steps in the log.</summary>
internal sealed class TrainingScreen(Screen screen, TrainingLog log) : IProgress<TrainingProgress>
{
    /// <summary>The first steps are slow: kernels are made, memory is taken.</summary>
    private static readonly TimeSpan BeforeTimeLeft = TimeSpan.FromSeconds(5);

    private long? _firstStep;

    public void Report(TrainingProgress value)
    {
        double? share = value.Steps > 0 ? value.Step / (double)value.Steps : null;
        switch (value)
        {
            case { Stage: TrainingStage.Preparing }:
                screen.Show(value.Message ?? Language.Say("Preparando", "Preparing"));
                break;
            case { Stage: TrainingStage.Evaluating, Evaluation: null }: // the figures that close an evaluation are in the log
                screen.Show($"{Language.Say("Validando", "Validating")}: {value.Message}", share);
                break;
            case { Stage: TrainingStage.Training }:
                log.Write(value);
                _firstStep ??= Stopwatch.GetTimestamp();
                bool isSettled = Stopwatch.GetElapsedTime(_firstStep.Value) >= BeforeTimeLeft;
                // Short, so that a bar has room beside it on a terminal of 80 columns.
                screen.Show(Language.Format(
                    $"Época {value.Epoch:0.00} de {value.Epochs}, pérdida {value.Loss:0.000}, {value.RowsPerSecond:0} filas/s",
                    $"Epoch {value.Epoch:0.00} of {value.Epochs}, loss {value.Loss:0.000}, {value.RowsPerSecond:0} rows/s")
                        + (isSettled && value.TimeLeft is { } left ? Duration.Phrase(left) : ""), share);
                break;
        }
    }
}
