using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Infrastructure;

/// <summary>What a process that has never seen a saved pipeline answers with it, using ML.NET alone.</summary>
public sealed class FreshProcess
{
    private const string ModelVariable = "SENTIMENTML_TEST_MODEL", TextsVariable = "SENTIMENTML_TEST_TEXTS", AnswersVariable = "SENTIMENTML_TEST_ANSWERS";

    internal sealed record Answer(string Label, float[] Score);

    /// <summary>Starts the process and gives its answers.</summary>
    /// <param name="model">A zip that ml.Model.Save wrote, with columns PredictedLabel (text) and Score.</param>
    /// <param name="texts">The column Text.</param>
    internal static async Task<Answer[]> Answers(string model, IReadOnlyList<string> texts)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        folder.With("texts.json", JsonSerializer.Serialize(texts));
        string answers = folder.At("answers.json");
        using Process child = ChildTest.Start($"{nameof(FreshProcess)}.{nameof(A_saved_pipeline_answers)}",
            (ModelVariable, model), (TextsVariable, folder.At("texts.json")), (AnswersVariable, answers));
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(cancel);
        Assert.True(child.ExitCode == 0 && File.Exists(answers), $"exit code {child.ExitCode}\n{output}");
        return JsonSerializer.Deserialize<Answer[]>(await File.ReadAllTextAsync(answers, cancel))!;
    }

    internal static Answer[] Answers(IDataView scored) =>
        [.. scored.GetColumn<string>("PredictedLabel").Zip(scored.GetColumn<float[]>("Score"), (label, score) => new Answer(label, score))];

    [Fact(Explicit = true)]
    public void A_saved_pipeline_answers()
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Environment.GetEnvironmentVariable(ModelVariable)!, out _);
        string[] texts = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Environment.GetEnvironmentVariable(TextsVariable)!))!;
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new { Text = text })));
        File.WriteAllText(Environment.GetEnvironmentVariable(AnswersVariable)!, JsonSerializer.Serialize(Answers(scored)));
    }
}
