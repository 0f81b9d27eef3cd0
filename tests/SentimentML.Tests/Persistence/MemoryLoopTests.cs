using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace SentimentML.Tests.Persistence;

/// <summary>
/// Loading, answering and disposing in a loop, each kind in a process of its own, keeps memory level. tests/memory-loop.sh runs it
/// with the embedded backbone's size and 400 cycles.
/// </summary>
public sealed class MemoryLoopTests(ITestOutputHelper output)
{
    private const string ModelVariable = "SENTIMENTML_LOOP_MODEL", KindVariable = "SENTIMENTML_LOOP_KIND", CyclesVariable = "SENTIMENTML_LOOP_CYCLES";

    /// <summary>What the process may keep beyond what it held after its first cycle.</summary>
    private const long MaxKept = 60 << 20;

    /// <summary>How much more than a few cycles many may hold.</summary>
    private const double MaxGrowth = 1.05;

    [Theory]
    [InlineData("classifier of a folder", 40)]
    [InlineData("classifier of a zip", 40)]
    [InlineData("ml.Model.Load", 40)]
    [InlineData("training", 20)]
    public async Task A_loop_holds_no_more_after_many_cycles_than_after_a_few(string kind, int cycles)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "gives freed memory back to the system as glibc does");
        using var folder = new TemporaryFolder();
        Write(folder.Path, TinyTask.Backbone);
        using Process child = ChildTest.Start(
            nameof(Cycles), (ModelVariable, folder.Path), (KindVariable, kind), (CyclesVariable, cycles.ToString(CultureInfo.InvariantCulture)));
        string printed = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && printed.Contains("succeeded: 1", StringComparison.Ordinal), $"exit code {child.ExitCode}\n{printed}");
    }

    /// <summary>A model of the embedded backbone's size, for the script.</summary>
    [Fact(Explicit = true)]
    public void Writes_the_model() =>
        Write(Environment.GetEnvironmentVariable(ModelVariable)!,
            Backbone.FromFolder(Path.Combine(Repository.Folder, "src", "SentimentML.SpanishMini", "model")));

    [Fact(Explicit = true)]
    public void Cycles()
    {
        int cycles = int.Parse(Environment.GetEnvironmentVariable(CyclesVariable)!, CultureInfo.InvariantCulture);
        string kind = Environment.GetEnvironmentVariable(KindVariable)!;
        Action cycle = Cycle(kind, Environment.GetEnvironmentVariable(ModelVariable)!);
        cycle(); // libtorch, ML.NET and the compiled code are the process's, not the model's
        long once = Resident(), few = 0;
        for (int i = 2; i <= cycles; i++)
        {
            cycle();
            if (i == cycles / 10 || i == 10) // of a short loop too, what the first cycles compile is not counted
                few = Resident();
        }
        long many = Resident();
        string measured = string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}: resident {once / 1e6:0.0} MB after the first cycle, {few / 1e6:0.0} MB after {Math.Max(10, cycles / 10)}, "
            + $"{many / 1e6:0.0} MB after {cycles}");
        output.WriteLine(measured);
        Assert.True(many <= few * MaxGrowth, measured);
        Assert.True(many <= once + MaxKept, measured);
    }

    private static Action Cycle(string kind, string folder)
    {
        string text = TinyTask.Reviews(1)[0].Text;
        var ml = new MLContext(1);
        return kind switch
        {
            "classifier of a folder" => () => Classify(Path.Combine(folder, "model")),
            "classifier of a zip" => () => Classify(Path.Combine(folder, "model.zip")),
            "ml.Model.Load" => () =>
            {
                ITransformer model = ml.Model.Load(Path.Combine(folder, "model.zip"), out _);
                using PredictionEngine<TinyTask.Question, TinyTask.Answer> engine = ml.Model.CreatePredictionEngine<TinyTask.Question, TinyTask.Answer>(model);
                engine.Predict(new TinyTask.Question { Text = text });
            },
            "training" => () =>
            {
                using SentimentClassificationTransformer model = TinyTask.Pipeline(ml).Fit(TinyTask.View(ml, 16)).SentimentClassification();
            },
            _ => throw new ArgumentException(kind),
        };

        void Classify(string path)
        {
            using SentimentClassifier classifier = SentimentClassifier.Load(path, TorchDevice.Cpu);
            classifier.Classify(text);
        }
    }

    private static void Write(string folder, Backbone backbone)
    {
        var ml = new MLContext(1);
        SentimentClassificationOptions options = TinyTask.Options();
        (options.Backbone, options.Epochs) = (backbone, 1);
        ITransformer model = TinyTask.Pipeline(ml, options).Fit(TinyTask.View(ml, 16));
        ml.Model.Save(model, TinyTask.View(ml).Schema, Path.Combine(folder, "model.zip"));
        using SentimentClassificationTransformer network = model.SentimentClassification();
        network.SaveFolder(Path.Combine(folder, "model"));
    }

    private static long Resident()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return Environment.WorkingSet;
    }
}
