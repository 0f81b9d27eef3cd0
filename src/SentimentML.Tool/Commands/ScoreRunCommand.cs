using System.CommandLine;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;

namespace SentimentML.Tool.Commands;

/// <summary>Classifies one shard.</summary>
internal sealed class ScoreRunCommand : PlanCommand<ScoringPlan>
{
    private readonly Option<int?> _index = Flags.Whole("--index", Language.Say(
        $"El índice de la parte, desde 0 (por defecto, {Flags.SchedulersIndex}).", $"Which shard, from 0 (default: {Flags.SchedulersIndex})."));
    private readonly Option<TorchDevice> _device = Flags.Device();

    public ScoreRunCommand()
        : base("run", Language.Say(
            "Clasifica una parte. Si ya está completa, se deja como está; si no, se escribe de nuevo.",
            "Classify one shard. A part that is whole is left as it is; another is written again."), ScoreCommand.Open)
    {
        Add(_index);
        Add(_device);
    }

    protected override void Run(ScoringPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        int index = arguments.GetValue(_index) ?? ScoringPlan.IndexFromEnvironment()
            ?? throw new SentimentMLException("Neither --index nor a scheduler's variable says which shard to do. Give --index N.");
        if (index < 0 || index >= plan.ShardCount)
            throw new SentimentMLException(
                $"The index is {index}, and {plan.Path} has the shards 0 to {plan.ShardCount - 1}. Give the array as many tasks as the plan has shards.");
        SavedModel model = ModelOptions.Open(plan.ModelName, cancellation, plan.PredictedLabelColumnName);
        LibTorch.Load();
        ScoredShard? shard = null;
        Screen.During(screen =>
        {
            screen.Show(Language.Say("Clasificando", "Classifying"));
            shard = plan.Run(index, model, arguments.GetRequiredValue(_device), new RowsShown(screen, total: Task.FromResult(plan.RowsOf(index))),
                cancellation);
        });
        Console.WriteLine(Language.Format(
            $"{shard!.Path}: {shard.Rows:N0} filas{(shard.WasWhole ? ", ya estaba completa" : "")}",
            $"{shard.Path}: {shard.Rows:N0} rows{(shard.WasWhole ? ", whole before" : "")}"));
    }
}
