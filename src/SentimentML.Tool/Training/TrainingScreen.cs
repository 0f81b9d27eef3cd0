using SentimentML.Tool.Output;

namespace SentimentML.Tool.Training;

/// <summary>A training's reports on the screen, and its steps in the log.</summary>
internal sealed class TrainingScreen(Screen screen, TrainingLog log) : IProgress<TrainingProgress>
{
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
                string place = Language.Format(
                    $"Época {value.Epoch:0.00} de {value.Epochs}, paso {value.Step} de {value.Steps}",
                    $"Epoch {value.Epoch:0.00} of {value.Epochs}, step {value.Step} of {value.Steps}");
                string pace = Language.Format(
                    $"pérdida {value.Loss:0.000}, {value.RowsPerSecond:0} filas/s",
                    $"loss {value.Loss:0.000}, {value.RowsPerSecond:0} rows/s");
                screen.Show($"{place}, {pace}{Left(value.TimeLeft)}", share);
                break;
        }
    }

    private static string Left(TimeSpan? time) => time is { } left ? Language.Format($", quedan {Duration.Left(left)}", $", {Duration.Left(left)} left") : "";
}
