using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML;
using SentimentML.Training;
using SentimentML.Wording;

namespace SentimentML.Tests.Training;

/// <summary>The page that shows a run.</summary>
public class LearningCurveTests
{
    [Fact]
    public void The_page_shows_every_evaluation_and_needs_nothing_from_outside()
    {
        var run = new TinyRun();
        run.Fit(TinyRun.Recipe with { EvaluationSteps = 4 }, validation: TinyRun.Rows(20, 2));
        string page = LearningCurve.Page(run.History!, "Reseñas", ReportText.English);
        Assert.Equal(3, Regex.Count(page, "<svg"));
        Assert.Equal(run.Evaluations.Count + 1, Regex.Count(page, "<tr>"));
        foreach (TrainingEvaluation evaluation in run.Evaluations)
            Assert.Contains(FormattableString.Invariant($"<td>{evaluation.Loss:0.0000}</td>"), page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=|url\\(|https?://|@import", page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        foreach (Match svg in Regex.Matches(page, "<svg.*?</svg>", RegexOptions.Singleline))
            Assert.NotEmpty(XElement.Parse(svg.Value).Elements());
    }

    [Fact]
    public void A_trained_transformer_writes_it_and_a_loaded_one_says_that_it_cannot()
    {
        using var folder = new TemporaryFolder();
        var ml = TinyTask.Context();
        IDataView rows = ml.Transforms.Conversion.MapStarsToSentiment().Fit(TinyTask.View(ml)).Transform(TinyTask.View(ml));
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options(TinyTask.View(ml, 20)))
            .Fit(rows);
        model.SaveLearningCurve(folder.At("curve.html"), "Año 1");
        Assert.Equal(["curve.html"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        Assert.Equal(LearningCurve.Page(model.History!, "Año 1", ReportText.Spanish), File.ReadAllText(folder.At("curve.html")));
        Assert.Contains("cannot be written", Assert.Throws<SentimentMLException>(() => model.SaveLearningCurve(folder.At("curve.html/curve.html"))).Message,
            StringComparison.Ordinal);

        ml.Model.Save(model, rows.Schema, folder.At("model.zip"));
        using var loaded = (SentimentClassificationTransformer)ml.Model.Load(folder.At("model.zip"), out _);
        Assert.Throws<InvalidOperationException>(() => loaded.SaveLearningCurve(folder.At("again.html")));
    }

    [Fact]
    public void Text_is_escaped()
    {
        string page = LearningCurve.Page(new TrainingHistory(), "<script>alert('ñ & \"\"')</script>", ReportText.English);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("No step was taken.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_run_is_averaged_to_what_a_screen_shows()
    {
        var history = new TrainingHistory
        {
            Steps = [.. Enumerable.Range(1, 100_000).Select(i => new TrainingStep(i, i / 1e5, 1.0 / i, 1e-5, 1, 16, TimeSpan.FromMilliseconds(1)))],
        };
        Assert.InRange(LearningCurve.Page(history, "long", ReportText.English).Length, 5_000, 60_000);
    }

    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0.61, 0.94, "0.7 0.8 0.9")]
    [InlineData(0.03, 2.9, "1 2")]
    [InlineData(1, 1_234, "500 1000")]
    [InlineData(0, 2e-5, "0 5E-06 1E-05 1.5E-05 2E-05")]
    public void Ticks_are_multiples_of_1_2_or_5(double low, double high, string expected) =>
        Assert.Equal(expected, string.Join(
            ' ', AxisTicks.Over(high - low, 5).Between(low, high).Select(tick => tick.ToString("G6", CultureInfo.InvariantCulture))));

    [Fact]
    public void The_loss_has_a_smoothed_line_that_does_not_lag_behind_it()
    {
        // A straight line with a wave of two steps on it: the mean of a window around each step leaves the line.
        var history = new TrainingHistory
        {
            Steps = [.. Enumerable.Range(1, 200)
                .Select(i => new TrainingStep(i, i / 200.0, 3 - i / 100.0 + (i % 2 == 0 ? 0.2 : -0.2), 1e-5, 1, 16, TimeSpan.Zero))],
        };
        string page = LearningCurve.Page(history, "run", ReportText.English);
        Assert.Contains(">smoothed</span>", page, StringComparison.Ordinal);
        double[][] lines = [.. Regex.Matches(page, "<polyline class=\"line a[^\"]*\" points=\"([^\"]*)\"").Take(2)
            .Select(line => line.Groups[1].Value.Split(' ').Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)).ToArray())];
        double Roughness(double[] line) => line.Skip(20).Take(160).Zip(line.Skip(21), (a, b) => Math.Abs(b - a)).Max();
        Assert.InRange(Roughness(lines[1]), 0, Roughness(lines[0]) / 5);
        Assert.InRange(lines[0].Zip(lines[1], (raw, smoothed) => smoothed - raw).Skip(20).Take(160).Average(), -0.5, 0.5); // in pixels
    }

    [Fact]
    public void A_resumed_run_is_one_curve_that_shows_where_it_was_resumed()
    {
        using var folder = new TemporaryFolder();
        RunSettings Plan(bool resume) => new() { Checkpoints = new CheckpointPlan(folder.Path, 1, null, 2, resume) };
        using var stop = new CancellationTokenSource();
        var first = new TinyRun { AfterStep = step => { if (step == 6) stop.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => first.Fit(settings: Plan(resume: false), token: stop.Token));
        var second = new TinyRun();
        second.Fit(settings: Plan(resume: true));

        TrainingHistory history = second.History!;
        int resumed = Assert.Single(history.Resumptions);
        Assert.InRange(resumed, 5, 6);
        Assert.Equal(Enumerable.Range(1, 16), history.Steps.Select(step => step.Step));
        string page = LearningCurve.Page(history, "run", ReportText.English);
        Assert.Contains($"resumed after step {resumed}.", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, $"<title>resumed after step {resumed}</title>")); // loss and learning rate
    }
}
