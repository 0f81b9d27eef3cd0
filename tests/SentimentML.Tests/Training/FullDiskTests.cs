using System.Diagnostics;
using Microsoft.ML;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>A disk that is full, really: a small file system of its own, where the machine lets the tests mount one.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Mebibytes = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly string? _disk;

    public FullDiskTests()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string at = _folder.At("disk");
        Directory.CreateDirectory(at);
        if (Mount("mount", "-t", "tmpfs", "-o", $"size={Mebibytes}m", "tmpfs", at))
            _disk = at;
    }

    public void Dispose()
    {
        if (_disk is not null)
            Mount("umount", _disk);
        _folder.Dispose();
    }

    [Fact]
    public void A_checkpoint_that_does_not_fit_is_reported_and_the_training_continues()
    {
        RequireDisk();
        Fill(leave: 200_000); // less than a checkpoint of 1.2 MB
        var run = new TinyRun();
        float[] weights = run.Fit(
            settings: new RunSettings { Checkpoints = new CheckpointPlan(Path.Combine(_disk!, "checkpoints"), 5, null, 2, Resume: false) });
        Assert.Equal(new TinyRun().Fit(), weights);
        Assert.Equal(3, run.Warnings.Count); // after steps 5, 10 and 15
        Assert.All(run.Warnings, warning =>
            Assert.Matches(@"^The checkpoint after step \d+ could not be written to .*No space left on device.*Training continues", warning));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_disk!, "checkpoints"))); // nothing half-written is left
    }

    [Fact]
    public void Checkpoints_come_again_when_there_is_room_again()
    {
        RequireDisk();
        Fill(leave: 200_000);
        string folder = Path.Combine(_disk!, "checkpoints");
        var run = new TinyRun
        {
            AfterStep = step =>
            {
                if (step == 6)
                    File.Delete(Path.Combine(_disk!, "filler"));
            },
        };
        run.Fit(settings: new RunSettings { Checkpoints = new CheckpointPlan(folder, 5, null, 1, Resume: false) });
        Assert.Contains("after step 5", run.Warnings[0], StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateDirectories(folder, "checkpoint-*"));
    }

    [Fact]
    public void A_model_that_does_not_fit_stays_in_memory_and_what_was_there_stays_whole()
    {
        RequireDisk();
        var ml = TinyTask.Context();
        IDataView rows = ml.Transforms.Conversion.MapStarsToSentiment().Fit(TinyTask.View(ml)).Transform(TinyTask.View(ml));
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()).Fit(rows);
        string target = Path.Combine(_disk!, "model");
        Fill(leave: 100_000);
        string message = Assert.Throws<SentimentMLException>(() => model.SaveFolder(target)).Message;
        Assert.Matches("^The model cannot be written to .*No space left on device.*Look for free space and write permission; the model is still in memory",
            message);
        Assert.Equal(["filler"], Directory.EnumerateFileSystemEntries(_disk!).Select(Path.GetFileName)); // no half of a model

        File.Delete(Path.Combine(_disk!, "filler"));
        model.SaveFolder(target);
        float[] saved = Scores(SentimentClassifier.Load(target, TorchDevice.Cpu));
        Fill(leave: 100_000);
        Assert.Throws<SentimentMLException>(() => model.SaveFolder(target)); // over a model that is there
        Assert.Equal(saved, Scores(SentimentClassifier.Load(target, TorchDevice.Cpu)));
        model.SaveFolder(_folder.At("elsewhere"));
        Assert.Equal(saved, Scores(SentimentClassifier.Load(_folder.At("elsewhere"), TorchDevice.Cpu)));
    }

    private static float[] Scores(SentimentClassifier classifier)
    {
        using (classifier)
            return [.. classifier.Classify("Muy bueno").Probabilities];
    }

    private void RequireDisk() => Assert.SkipWhen(_disk is null, "mounting a small file system is not permitted here (it takes Linux and root)");

    /// <summary>Takes the disk's space but for so many bytes.</summary>
    private void Fill(long leave)
    {
        long free = new DriveInfo(_disk!).AvailableFreeSpace;
        Assert.True(free > leave, $"{free} bytes are free, expected more than {leave}");
        File.WriteAllBytes(Path.Combine(_disk!, "filler"), new byte[free - leave]);
    }

    private static bool Mount(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
