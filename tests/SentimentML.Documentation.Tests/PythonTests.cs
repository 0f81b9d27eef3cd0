using System.ComponentModel;
using System.Diagnostics;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>The Python that the pages compare with is Python; what it imports is not on the test machine.</summary>
public sealed class PythonTests
{
    [Fact]
    public async Task Every_block_of_Python_is_parsed_by_Python()
    {
        CodeBlock[] blocks = [.. Pages.Guides.SelectMany(Pages.Blocks).Where(block => block.Language == "python")];
        Assert.NotEmpty(blocks);
        using var folder = new TemporaryFolder();
        foreach ((int number, CodeBlock block) in blocks.Index())
            folder.With($"{number}.py", new string('\n', block.Line - 1) + block.Code);
        var start = new ProcessStartInfo(
            "python3", ["-c", "import ast, sys\nfor name, place in zip(sys.argv[1::2], sys.argv[2::2]): ast.parse(open(name, encoding='utf-8').read(), place)",
            .. blocks.Index().SelectMany(block => (string[])[folder.At($"{block.Index}.py"), block.Item.Page])]) { RedirectStandardError = true };
        using Process python = Started(start);
        string error = await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(python.ExitCode == 0, error);
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs python3");
            throw;
        }
    }
}
