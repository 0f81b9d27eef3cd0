using System.CommandLine;
using System.CommandLine.Parsing;

namespace SentimentML.Tool.Commands;

/// <summary>What has to hold of the options of a command together.</summary>
internal static class ReadOptions
{
    /// <summary>
    /// Adds a check that runs when each option could be read. System.CommandLine runs a command's validators before it reads the options,
    /// and an option that cannot be read throws when it is asked for its value; its own message is reported afterwards.
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
