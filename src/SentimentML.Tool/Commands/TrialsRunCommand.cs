using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Does one training of a plan.</summary>
internal sealed class TrialsRunCommand : PlanCommand<TrialsPlan>
{
    private readonly Option<int?> _round = Flags.Whole("--round", Language.Say(
        "Qué ronda, desde la 1; un plan de una sola ronda, como el de --folds, no la necesita.",
        "Which round, from 1; a plan with one round, as of folds, needs none."));
    private readonly Option<int?> _index = Flags.Whole("--index", Language.Say(
        $"El índice del entrenamiento en la ronda, desde 0 (por defecto, {Flags.SchedulersIndex}).",
        $"Which training of the round, from 0 (default: {Flags.SchedulersIndex})."));

    public TrialsRunCommand()
        : base("run", Language.Say(
            "Hace un entrenamiento. El que ya tiene su resultado se deja como está.",
            "Do one training. One that has its result is left as it is."), TrialsPlan.Enter)
    {
        Add(_round);
        Add(_index);
    }

    protected override void Run(TrialsPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<int> trials = plan.TrialsByRound;
        int round = arguments.GetValue(_round) ?? (trials.Count == 1 ? 1
            : throw new SentimentMLException(
                $"{plan.Path} has {trials.Count} rounds, expected one to do. Give --round N, from 1; a round begins when the one before has ended."));
        if (round < 1 || round > trials.Count)
            throw new SentimentMLException($"--round is {round}, and {plan.Path} has the rounds 1 to {trials.Count}.");
        int index = arguments.GetValue(_index) ?? ScoringPlan.IndexFromEnvironment()
            ?? throw new SentimentMLException("Neither --index nor a scheduler's variable says which training to do. Give --index N.");
        if (index < 0 || index >= trials[round - 1])
        {
            throw new SentimentMLException($"The index is {index}, and round {round} of {plan.Path} has the trainings 0 to {trials[round - 1] - 1}. "
                + "Give the array as many tasks.");
        }
        plan.Command.RunTrial(plan.Arguments, plan.Folder, round, index, cancellation);
        Console.WriteLine(Language.Format(
            $"{plan.Folder}: el entrenamiento {index} de la ronda {round} tiene su resultado",
            $"{plan.Folder}: training {index} of round {round} has its result"));
    }
}
