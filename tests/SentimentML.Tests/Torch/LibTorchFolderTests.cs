using System.Diagnostics;
using SentimentML.Torch;

namespace SentimentML.Tests.Torch;

/// <summary>SENTIMENTML_LIBTORCH, in processes of their own: a process has one libtorch.</summary>
public sealed class LibTorchFolderTests : IDisposable
{
    private const string MessageVariable = "SENTIMENTML_TEST_MESSAGE";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_folder_without_libtorch_is_named() =>
        Says(_folder.Path,
            $"{LibTorchFolder.Variable} is {_folder.Path}, which has no {LibTorchFolder.FileName("torch_cpu")}, expected a folder with libtorch");

    [Fact]
    public Task A_libtorch_beside_the_applications_own_is_refused()
    {
        _folder.With(LibTorchFolder.FileName("torch_cpu"), "");
        return Says(_folder.Path, "but the application brings a libtorch of its own, in ");
    }

    private static async Task Says(string folder, string expected)
    {
        using Process child = ChildTest.Start(
            nameof(LibTorchFolderProcess.The_named_libtorch_is_refused), (LibTorchFolder.Variable, folder), (MessageVariable, expected));
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && output.Contains("succeeded: 1", StringComparison.Ordinal), output);
    }

    /// <summary>What the processes do.</summary>
    public sealed class LibTorchFolderProcess
    {
        [Fact(Explicit = true)]
        public void The_named_libtorch_is_refused() =>
            Assert.Contains(Environment.GetEnvironmentVariable(MessageVariable)!, Assert.Throws<SentimentMLException>(() => TorchDevice.Cpu.Resolve()).Message,
                StringComparison.Ordinal);
    }
}
