using System.CommandLine;
using System.CommandLine.Parsing;

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
