using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>The trainings of a planned search or cross-validation, which a scheduler's array of tasks runs.</summary>
internal sealed class TrialsCommand : Command
{
    public TrialsCommand()
        : base("trials", Language.Say(
            "Hace los entrenamientos planificados por «search --plan» o «train --folds K --plan», en cualquier número de máquinas: ejecuta cada uno, "
                + "verifica, reúne. El resultado es el de un solo proceso.",
            "Run the trainings that 'search --plan' or 'train --folds K --plan' planned, on any number of machines: "
                + "run each, verify, collect. The result is that of one process."))
    {
        Add(new TrialsRunCommand());
        Add(new TrialsVerifyCommand());
        Add(new TrialsCollectCommand());
    }
}
