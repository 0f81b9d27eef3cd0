using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using SentimentML.Tool;
using SentimentML.Tool.Commands;
using SentimentML.Tool.Output;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var interruption = new Interruption();

Language.Use(Language.Named(args)); // before the options, which are described in it
ParseResult arguments = SentimentMLCommand.ParseLine(args);
if (arguments.Action is ParseErrorAction)
    return Failures.WrongUsage(arguments);
if (arguments.CommandResult.Command is ToolCommand command)
    interruption.Notice = command.StopNotice;
MLNetLog.IsVerbose = arguments.GetValue(Flags.Verbose);
try
{
    // Signals are this program's own affair: what it writes has to be put away before it ends, however long a step takes.
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await arguments.InvokeAsync(configuration, interruption.Token);
}
catch (Exception e) when (interruption.ExitCode is not null && Failures.IsCancellation(e))
{
    Console.Error.WriteLine(Language.Say("Detenido.", "Stopped."));
    return interruption.ExitCode.Value;
}
catch (Exception e)
{
    return Failures.Failed(e, MLNetLog.IsVerbose);
}
