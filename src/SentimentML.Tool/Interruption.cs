using System.Runtime.InteropServices;

namespace SentimentML.Tool;

/// <summary>
/// Ctrl+C and the system's wish that the process ends: the first cancels the work, which puts away what it had begun to
/// write; the second ends the process as if this were not here.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int SignalBase = 128; // a shell's exit codes for a process ended by a signal

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, SignalBase + 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, SignalBase + 15)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>What is said at the first Ctrl+C.</summary>
    public string Notice { get; set; } = "";

    /// <summary>130 after Ctrl+C, 143 after SIGTERM, null while nobody interrupted.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext context, int exitCode)
    {
        if (ExitCode is not null)
            return;
        context.Cancel = true;
        ExitCode = exitCode;
        Console.Error.WriteLine(Notice);
        _source.Cancel();
    }
}
