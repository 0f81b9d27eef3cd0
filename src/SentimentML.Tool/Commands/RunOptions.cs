using System.CommandLine;
using System.CommandLine.Parsing;
using Trainer = SentimentML.SentimentClassificationOptions;

namespace SentimentML.Tool.Commands;

/// <summary>How a training is conducted: what is kept of it meanwhile, and what happens when it is stopped or memory runs out.</summary>
internal sealed class RunOptions : TrainerOptions
{
    private readonly Option<CancellationOutcome> _onCancel =
        Flags.Choice("--on-cancel", "What Ctrl+C leaves: best writes the best model so far, throw none", CancellationOutcome.Throw,
        ("best", CancellationOutcome.KeepBest), ("throw", CancellationOutcome.Throw));

    public RunOptions()
    {
        Take(nameof(Trainer.CheckpointFolder), Flags.Text("--checkpoint-folder", "DIR", "Keep checkpoints here, to go on from after a stop (default: none)."),
            (o, folder) => o.CheckpointFolder = folder);
        Whole(nameof(Trainer.CheckpointSteps), "--checkpoint-steps", "Steps between checkpoints (default: one each epoch).", (o, n) => o.CheckpointSteps = n);
        Number(nameof(Trainer.CheckpointInterval), "--checkpoint-minutes", "Minutes between checkpoints (default: one each epoch).", (o, x) =>
            o.CheckpointInterval = TimeSpan.FromMinutes(x));
        Whole(nameof(Trainer.MaxCheckpoints), "--max-checkpoints", "How many of the newest checkpoints are kept (default 2).", (o, n) => o.MaxCheckpoints = n);
        Switch(nameof(Trainer.Resume), "--resume", "Resume from the newest whole checkpoint in --checkpoint-folder; start from the beginning if there is none.",
            o => o.Resume = true);
        Switch(nameof(Trainer.GradientCheckpointing), "--gradient-checkpointing",
            "Compute each layer again for its gradients and do not keep it: a fraction of the memory, a third to two thirds more time, the same weights.", o =>
                o.GradientCheckpointing = true);
        Switch(nameof(Trainer.HalveBatchWhenOutOfMemory), "--halve-batch",
            "When memory runs out, send a batch through in halves, quarters, … and go on; the steps stay the same (default: end with a message).", o =>
                o.HalveBatchWhenOutOfMemory = true);
        Take(nameof(Trainer.OnCancellation), _onCancel, (o, outcome) => o.OnCancellation = outcome);
    }

    /// <summary>Whether a cancelled training is to give the best model so far.</summary>
    public bool KeepsBest(CommandResult result) => result.GetValue(_onCancel) == CancellationOutcome.KeepBest;
}
