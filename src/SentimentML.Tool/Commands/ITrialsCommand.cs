using System.CommandLine;
using SentimentML.Pipeline.Results;

namespace SentimentML.Tool.Commands;

/// <summary>A command whose trainings an array of tasks can run.</summary>
internal interface ITrialsCommand
{
    /// <summary>
    /// The number of trainings of each round. Those of a round do not depend on one another; a round begins when the one before has ended.
    /// Empty if the command line asks for no trainings that can be spread.
    /// </summary>
    IReadOnlyList<int> TrialsByRound(ParseResult arguments);

    /// <summary>Does one training, unless its result is there.</summary>
    /// <param name="arguments">The planned command line.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="round">The round, from 1.</param>
    /// <param name="index">The training's place in it, from 0.</param>
    /// <param name="cancellation">Stops the training.</param>
    void RunTrial(ParseResult arguments, string results, int round, int index, CancellationToken cancellation);

    /// <summary>The first round that has trainings without a result, with their places; null if all have one.</summary>
    ResultsGap? FindGap(ParseResult arguments, string results, CancellationToken cancellation);

    /// <summary>Prints what the command prints when it has done all trainings, which have their results.</summary>
    void Collect(ParseResult arguments, string results, bool json, CancellationToken cancellation);
}
