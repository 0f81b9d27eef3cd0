using System.CommandLine;
using System.CommandLine.Parsing;
using static SentimentML.Tool.Output.Language;
using Trainer = SentimentML.SentimentClassificationOptions;

namespace SentimentML.Tool.Commands;

/// <summary>How a training is conducted: what is kept of it meanwhile, and what happens when it is stopped or memory runs out.</summary>
internal sealed class RunOptions : TrainerOptions
{
    private readonly Option<CancellationOutcome> _onCancel = Flags.Choice("--on-cancel", Say(
        "Qué deja Ctrl+C; best escribe el mejor modelo hasta el momento, y throw, ninguno",
        "What Ctrl+C leaves: best writes the best model so far, throw none"), CancellationOutcome.Throw,
        ("best", CancellationOutcome.KeepBest), ("throw", CancellationOutcome.Throw));

    public RunOptions()
    {
        Take(nameof(Trainer.CheckpointFolder), Flags.Text("--checkpoint-folder", "DIR", Say(
            "Guarda aquí puntos de control desde los que seguir tras una parada (por defecto, ninguno).",
            "Keep checkpoints here, to go on from after a stop (default: none).")), (o, folder) => o.CheckpointFolder = folder);
        Whole(nameof(Trainer.CheckpointSteps), "--checkpoint-steps", Say(
            "Pasos entre dos puntos de control (por defecto, uno por época).", "Steps between checkpoints (default: one each epoch)."), (o, n) =>
                o.CheckpointSteps = n);
        Number(nameof(Trainer.CheckpointInterval), "--checkpoint-minutes", Say(
            "Minutos entre dos puntos de control (por defecto, uno por época).", "Minutes between checkpoints (default: one each epoch)."), (o, x) =>
                o.CheckpointInterval = TimeSpan.FromMinutes(x));
        Whole(nameof(Trainer.MaxCheckpoints), "--max-checkpoints", Say(
            "Cuántos de los puntos de control más recientes se conservan (por defecto, 2).",
            "How many of the newest checkpoints are kept (default 2)."), (o, n) => o.MaxCheckpoints = n);
        Switch(nameof(Trainer.Resume), "--resume", Say(
            "Reanuda desde el punto de control entero más reciente de --checkpoint-folder; si no hay ninguno, empieza desde el principio.",
            "Resume from the newest whole checkpoint in --checkpoint-folder; start from the beginning if there is none."), o => o.Resume = true);
        Switch(nameof(Trainer.GradientCheckpointing), "--gradient-checkpointing", Say(
            "Calcula de nuevo cada capa para sus gradientes en vez de guardarla: una fracción de la memoria, entre uno y dos tercios más de tiempo, los "
                + "mismos pesos.",
            "Compute each layer again for its gradients and do not keep it: a fraction of the memory, a third to two thirds more time, the same weights."), o =>
                o.GradientCheckpointing = true);
        Switch(nameof(Trainer.HalveBatchWhenOutOfMemory), "--halve-batch", Say(
            "Si falta memoria, procesa el lote por mitades, cuartos… y sigue; los pasos son los mismos (por defecto, acaba con un mensaje).",
            "When memory runs out, send a batch through in halves, quarters, … and go on; the steps stay the same (default: end with a message)."), o =>
                o.HalveBatchWhenOutOfMemory = true);
        Take(nameof(Trainer.OnCancellation), _onCancel, (o, outcome) => o.OnCancellation = outcome);
    }

    /// <summary>Whether a cancelled training is to give the best model so far.</summary>
    public bool KeepsBest(CommandResult result) => result.GetValue(_onCancel) == CancellationOutcome.KeepBest;
}
