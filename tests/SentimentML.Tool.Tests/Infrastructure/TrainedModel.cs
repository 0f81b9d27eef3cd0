using SentimentML.Tool.Tests.Infrastructure;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TrainedModel))]
[assembly: Parallelization(Mode = ParallelMode.None)] // each process takes all of the machine's cores

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>A model that the tool trained, once for all tests.</summary>
public sealed class TrainedModel : IAsyncLifetime
{
    /// <summary>All that have a label, so that the rows it is measured on are among them and it surely knows something of them.</summary>
    public const int Rows = 894;

    public const int Epochs = 3, Steps = Epochs * ((Rows + 15) / 16);

    private readonly TemporaryFolder _folder = new();

    /// <summary>The model folder.</summary>
    public string Path => _folder.At("model");

    /// <summary>The training's log, a line a step.</summary>
    public string Log => _folder.Read("log.jsonl");

    /// <summary>What is beside the model, apart from what was put there.</summary>
    internal IEnumerable<string> Names => _folder.Names;

    internal ToolResult Training { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _folder.With("validation.jsonl", TestFiles.Head(TestFiles.Train, 60));
        Training = await ToolProcess.RunAsync(
            _folder, "train", "--train", TestFiles.Train, "--validation", "validation.jsonl", "--backbone", TestFiles.TinyBackbone,
            "--output", "model", "--max-rows", $"{Rows}", "--epochs", $"{Epochs}", "--learning-rate", "1e-3", "--log", "log.jsonl");
        Training.Expect(0);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
