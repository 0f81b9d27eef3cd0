using System.CommandLine;
using System.CommandLine.Parsing;
using SentimentML.Files;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Checks of a command's options against each other.</summary>
internal static class OptionChecks
{
    /// <summary>
    /// Adds a check that runs only if every option has a readable value. System.CommandLine runs a command's validators before it converts the
    /// options, and an option that cannot be converted throws when it is asked for its value; its own message is reported afterwards.
    /// </summary>
    public static void Check(this Command command, Action<CommandResult> check) => command.Validators.Add(result =>
    {
        if (result.Children.OfType<OptionResult>().All(IsRead))
            check(result);
    });

    /// <summary>Refuses an output that is one of the files that are read: it would be lost, and a mistyped name is no wish to lose it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">The option that names the file to write.</param>
    /// <param name="content">What is written, for the message.</param>
    /// <param name="inputs">The options that name the files to read.</param>
    public static void CheckKeeps(this Command command, Option<string> output, string content, params Option<string>[] inputs) => command.Check(result =>
    {
        if (result.GetValue(output) is not { } path || path == TableOutput.StandardOutput)
            return;
        foreach (Option<string> input in inputs)
            if (result.GetValue(input) is { } read && SameFile.Is(path, read))
                result.AddError(Language.Say(
                    $"{output.Name} es el archivo de {input.Name}: sus filas quedarían sustituidas por {content}. Elige otro nombre.",
                    $"{output.Name} is the file of {input.Name}: its rows would be replaced by {content}. Choose another name."));
    });

    private static bool IsRead(OptionResult option)
    {
        try
        {
            option.GetValueOrDefault<object?>();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
