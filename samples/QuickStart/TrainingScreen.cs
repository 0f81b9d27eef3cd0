using Microsoft.ML;
using Microsoft.ML.Runtime;
using SentimentML;
using Spectre.Console;

/// <summary>Shows a training while it runs: what the log says, a bar with loss, speed and time left, the validations.</summary>
internal static class TrainingScreen
{
    public static ITransformer Show(MLContext ml, Func<IProgress<TrainingProgress>, ITransformer> train) => AnsiConsole.Progress()
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(screen =>
        {
            void Log(object? sender, LoggingEventArgs e)
            {
                if (e.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning
                    && e.Source.StartsWith(nameof(SentimentClassificationTrainer), StringComparison.Ordinal))
                    AnsiConsole.MarkupLineInterpolated($"[grey]{e.RawMessage}[/]");
            }

            ml.Log += Log;
            ITransformer model = train(new Bar(screen.AddTask("Preparing")));
            ml.Log -= Log;
            return model;
        });

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.MaxValue = Math.Max(1, value.Steps);
            task.Value = value.Step;
            task.Description = Markup.Escape(value.Stage switch
            {
                TrainingStage.Evaluating => $"validating, {value.Message}",
                TrainingStage.Training =>
                    $"epoch {value.Epoch:0.0} of {value.Epochs}, loss {value.Loss:0.000}, {value.RowsPerSecond:0} rows/s, {value.TimeLeft:m\\:ss} left",
                _ => value.Message ?? "done",
            });
        }
    }
}
