using SentimentML;
using Spectre.Console;

/// <summary>Shows a training's reports as a progress bar with loss, speed and time left.</summary>
internal sealed class TrainingBar(ProgressTask bar) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        bar.MaxValue = Math.Max(1, value.Steps);
        bar.Value = value.Step;
        bar.Description = value.Stage switch
        {
            TrainingStage.Preparing => Markup.Escape(value.Message ?? "Preparing"),
            TrainingStage.Evaluating => Markup.Escape($"Validating: {value.Message ?? $"accuracy {value.Evaluation?.Accuracy:0.0000}"}"),
            _ => Markup.Escape($"Epoch {value.Epoch:0.00}/{value.Epochs}, loss {value.Loss:0.000}, {value.RowsPerSecond:0} rows/s, {value.TimeLeft:m\\:ss} left"),
        };
        if (value.Evaluation is { } e)
            AnsiConsole.MarkupLineInterpolated($"epoch {e.Epoch:0.##}: validation accuracy [bold]{e.Accuracy:0.0000}[/], macro-F1 {e.MacroF1:0.0000}, loss {e.Loss:0.0000}");
    }
}
