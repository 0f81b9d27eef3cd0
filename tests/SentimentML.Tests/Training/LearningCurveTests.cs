using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>The page that shows a run.</summary>
public class LearningCurveTests
{
    [Fact]
    public void The_page_shows_every_evaluation_and_needs_nothing_from_outside()
    {
        var run = new TinyRun();
        run.Fit(TinyRun.Recipe with { EvaluationSteps = 4 }, validation: TinyRun.Rows(20, 2));
        string page = LearningCurve.Page(run.History!, "Reseñas");
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
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options(TinyTask.View(ml, 20))).Fit(rows);
        model.SaveLearningCurve(folder.At("curve.html"), "Año 1");
        Assert.Equal(["curve.html"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        Assert.Equal(LearningCurve.Page(model.History!, "Año 1"), File.ReadAllText(folder.At("curve.html")));
        Assert.Contains("cannot be written", Assert.Throws<SentimentMLException>(() => model.SaveLearningCurve(folder.At("curve.html/curve.html"))).Message, StringComparison.Ordinal);

        ml.Model.Save(model, rows.Schema, folder.At("model.zip"));
        using var loaded = (SentimentClassificationTransformer)ml.Model.Load(folder.At("model.zip"), out _);
        Assert.Throws<InvalidOperationException>(() => loaded.SaveLearningCurve(folder.At("again.html")));
    }

    [Fact]
    public void Text_is_escaped()
    {
        string page = LearningCurve.Page(new TrainingHistory(), "<script>alert('ñ & \"\"')</script>");
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("No step was taken.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_run_is_averaged_to_what_a_screen_shows()
    {
        var history = new TrainingHistory { Steps = [.. Enumerable.Range(1, 100_000).Select(i => new TrainingStep(i, i / 1e5, 1.0 / i, 1e-5, 1, 16, TimeSpan.FromMilliseconds(1)))] };
        Assert.InRange(LearningCurve.Page(history, "long").Length, 5_000, 60_000);
    }
}
