using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Puts the parts together.</summary>
internal sealed class ScoreMergeCommand : PlanCommand<ScoringPlan>
{
    private readonly Option<string> _output = Flags.Text("--output", "F", Language.Say(
        "El archivo de salida, con la extensión del formato del plan; aparece cuando está todo escrito.",
        "The file to write, with the extension of the plan's format; it appears when everything is written."), required: true);

    public ScoreMergeCommand()
        : base("merge", Language.Say(
            "Verifica las partes y escribe sus filas en un solo archivo, en el orden de las entradas.",
            "Verify the parts, and write their rows in the inputs' order into one file."), ScoreCommand.Open)
        => Add(_output);

    protected override void Run(ScoringPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        string output = arguments.GetRequiredValue(_output);
        plan.Merge(output, cancellation);
        Console.WriteLine($"{Path.GetFullPath(output)}: {RowsShown.Rows(plan.Rows)}");
    }
}
