using System.CommandLine;
using System.CommandLine.Parsing;
using SentimentML.Tool.Commands;

namespace SentimentML.Tool.Output;

/// <summary>The message that a user gets when the work fails, and its exit code.</summary>
internal static class Failures
{
    private const int WorkFailed = 1;
    private const int UsedWrongly = 2;

    public static int WrongUsage(ParseResult arguments)
    {
        // A word too many keeps System.CommandLine from telling what is missing, which is often what the word was meant for. The words are its own.
        IEnumerable<string> missing = arguments.UnmatchedTokens.Count == 0 ? [] : arguments.CommandResult.Command.Options
            .Where(option => option.Required && arguments.GetResult(option) is null or { Implicit: true })
            .Select(option => Language.Say($"Se requiere la opción '{option.Name}'.", $"Option '{option.Name}' is required."));
        foreach (string message in arguments.Errors.Select(error => error.Message).Concat(missing).Distinct())
            Console.Error.WriteLine(message);
        string help = $"{NameOf(arguments.CommandResult)} --help";
        Console.Error.WriteLine(Language.Say($"«{help}» muestra el uso.", $"'{help}' shows the usage."));
        return UsedWrongly;
    }

    public static int Failed(Exception exception, bool verbose)
    {
        Console.Error.WriteLine(verbose ? exception.ToString() : Message(exception));
        return exception is ArgumentException ? UsedWrongly : WorkFailed; // an option out of range
    }

    public static bool IsCancellation(Exception exception) => Chain(exception).Any(e => e is OperationCanceledException);

    /// <summary>The message meant for people, wherever in the chain it is; ML.NET wraps what its readers throw.</summary>
    private static string Message(Exception exception)
    {
        if (Chain(exception).OfType<SentimentMLException>().FirstOrDefault() is { } own)
            return own.Message;
        return exception switch
        {
            ArgumentException { ParamName: not null } e => e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal),
            ArgumentException or IOException or UnauthorizedAccessException => exception.Message,
            _ => $"{string.Join(" ", Chain(exception).Select(e => $"{e.GetType().Name}: {e.Message}"))}{Environment.NewLine}This was not expected; --verbose "
                + "shows where it happened.",
        };
    }

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }

    /// <summary>"sentimentml", "sentimentml trials run".</summary>
    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : SentimentMLCommand.ToolName;
}
