using SentimentML.Tool.Output;

namespace SentimentML.Tool.Training;

/// <summary>A search on the screen: the trial at hand with the time that the whole search has left, and a line that stays for each result.</summary>
internal sealed class SearchScreen(Screen screen) : IProgress<SearchProgress>, IProgress<TrainingProgress>
{
    private SearchProgress? _trial;

    public void Report(SearchProgress value)
    {
        _trial = value;
        if (value.Result is not { } result)
            return;
        string trial = Language.Format($"Prueba {value.Trial} de {value.Trials}", $"Trial {value.Trial} of {value.Trials}");
        string epochs = Language.Counted(result.Epochs, ("época", "épocas"), ("epoch", "epochs"));
        string recipe = Language.Format(
            $"{result.Rows:N0} filas, tasa de aprendizaje {result.LearningRate:0.00e0}, {epochs}, lote {result.BatchSize}",
            $"{result.Rows:N0} rows, learning rate {result.LearningRate:0.00e0}, {epochs}, batch {result.BatchSize}");
        string source = value.FromResults ? Language.Say(", de los resultados", ", from the results") : "";
        screen.Note($"{trial}: {recipe}: {Figures(result)}{source}");
    }

    public void Report(TrainingProgress value)
    {
        if (_trial is not { } trial)
            return;
        string left = trial.TimeLeft is { } time ? Language.Format($", quedan {Duration.Left(time)} en total", $", {Duration.Left(time)} left in all") : "";
        screen.Show(Language.Format(
                $"Prueba {trial.Trial} de {trial.Trials}, ronda {trial.Round} de {trial.Rounds}, paso {value.Step} de {value.Steps}{left}",
                $"Trial {trial.Trial} of {trial.Trials}, round {trial.Round} of {trial.Rounds}, step {value.Step} of {value.Steps}{left}"),
            (trial.Trial - 1 + (value.Steps > 0 ? value.Step / (double)value.Steps : 0)) / trial.Trials);
    }

    private static string Figures(SearchTrial trial) => double.IsFinite(trial.Loss)
        ? Language.Format(
            $"exactitud {trial.Accuracy:0.0000}, macro-F1 {trial.MacroF1:0.0000}, pérdida {trial.Loss:0.0000}",
            $"accuracy {trial.Accuracy:0.0000}, macro-F1 {trial.MacroF1:0.0000}, loss {trial.Loss:0.0000}")
        : Language.Say("divergió", "diverged");
}
