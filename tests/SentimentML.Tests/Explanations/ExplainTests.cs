using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Explanations;
using SentimentML.Inference;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Explanations;

/// <summary>SentimentClassifier.Explain, by both methods.</summary>
public class ExplainTests
{
    private const string Text = "Muy malo,\n\nse rompió a los dos días 👎 y no lo recomiendo";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients)]
    [InlineData(ExplanationMethod.Occlusion)]
    public void Words_are_where_the_text_has_them(ExplanationMethod method)
    {
        using SentimentClassifier classifier = Classifier();
        Explanation explanation = classifier.Explain(Text, method, cancellationToken: Stop);
        Assert.Equal(["Muy", "malo", ",", "se", "rompió", "a", "los", "dos", "días", "👎", "y", "no", "lo", "recomiendo"],
            explanation.Words.Select(word => word.Word));
        Assert.All(explanation.Words, word => Assert.Equal(word.Word, Text[word.Start..word.End]));
        Assert.All(explanation.Words, word => Assert.True(double.IsFinite(word.Weight)));
        Assert.Contains(explanation.Words, word => word.Weight != 0);
        Assert.Empty(explanation.PairWords);
        Assert.Equal((method, Text, null, false), (explanation.Method, explanation.Text, explanation.TextPair, explanation.IsTruncated));
    }

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients)]
    [InlineData(ExplanationMethod.Occlusion)]
    public void The_predicted_label_is_explained_unless_another_is_asked_for(ExplanationMethod method)
    {
        using SentimentClassifier classifier = Classifier();
        SentimentPrediction prediction = classifier.Classify(Text);
        Explanation predicted = classifier.Explain(Text, method, cancellationToken: Stop);
        Assert.Equal(prediction.Label, predicted.Label);
        Assert.Equal(prediction.Score, predicted.Score, 1e-6f); // a call has all cores or one, which the last digit may tell
        string otherLabel = classifier.Labels.First(label => label != prediction.Label);
        Explanation other = classifier.Explain(Text, method, otherLabel, Stop);
        Assert.Equal(otherLabel, other.Label);
        Assert.Equal(prediction.Probabilities[1 - prediction.LabelIndex], other.Score, 1e-6f);
        Goldens.Near("of two labels what speaks for one speaks against the other", Weights(predicted), [.. Weights(other).Select(weight => -weight)], 1e-5);
    }

    [Fact]
    public void Integrated_gradients_add_up_and_say_how_well()
    {
        using SentimentClassifier classifier = Classifier("tiny_classifier_3");
        Explanation explanation = classifier.Explain(Text, cancellationToken: Stop);
        Assert.InRange(explanation.CompletenessGap!.Value, 0, Explanation.MaxCompletenessGap);
        Goldens.Near("sum of the words' weights", explanation.Difference!.Value, Weights(explanation).Sum(),
            Math.Max(1e-5, 0.02 * Math.Abs(explanation.Difference.Value)));
    }

    [Fact]
    public void Fifty_real_reviews_add_up_within_two_percent()
    {
        using SentimentClassifier classifier = Classifier();
        foreach (string text in RealReviews.Texts("dataset_es_dev.json.gz").Take(50))
        {
            Explanation explanation = classifier.Explain(text, cancellationToken: Stop);
            Goldens.Near(text, explanation.Difference!.Value, Weights(explanation).Sum(), Math.Max(1e-5, 0.02 * Math.Abs(explanation.Difference.Value)));
        }
    }

    [Fact]
    public void Occlusion_is_what_the_lead_loses_when_the_word_is_masked()
    {
        using SentimentClassifier classifier = Classifier();
        Explanation explanation = classifier.Explain("Muy malo todo", ExplanationMethod.Occlusion, "LABEL_1", Stop);
        using TextScorer scorer = Scorer();
        int[] ids = scorer.Tokenizer.EncodeToIds("Muy malo todo");
        List<TokenWord> words = TokenWord.Of("Muy malo todo", scorer.Tokenizer.Encode("Muy malo todo").Offsets, 1..^1);
        double whole = Lead(ids);
        foreach ((TokenWord word, WordAttribution found) in words.Zip(explanation.Words))
        {
            int[] masked = [.. ids.Select((id, at) => at >= word.FirstToken && at < word.EndToken ? scorer.Tokenizer.MaskTokenId!.Value : id)];
            Goldens.Near(found.Word, whole - Lead(masked), found.Weight, 1e-5);
        }
        Assert.Null(explanation.CompletenessGap);

        double Lead(int[] row)
        {
            float[] logits = scorer.Engine.Logits([row]);
            return logits[1] - logits[0];
        }
    }

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients)]
    [InlineData(ExplanationMethod.Occlusion)]
    public void Each_text_of_a_pair_has_its_own_words(ExplanationMethod method)
    {
        using SentimentClassifier classifier = Classifier();
        Explanation explanation = classifier.ExplainPair("Muy malo", "se rompió </s> ya", method, cancellationToken: Stop);
        Assert.Equal(["Muy", "malo"], explanation.Words.Select(word => word.Word));
        Assert.StartsWith("se rompió", string.Join(' ', explanation.PairWords.Select(word => word.Word)), StringComparison.Ordinal);
        Assert.Equal("ya", explanation.PairWords[^1].Word);
        Assert.All(explanation.PairWords, word => Assert.Equal(word.Word, explanation.TextPair![word.Start..word.End]));
        Assert.Equal(classifier.ClassifyPair("Muy malo", "se rompió </s> ya").Score, explanation.Score);
        if (explanation.Difference is { } difference)
            Goldens.Near("sum over both texts", difference, Weights(explanation).Sum(), Math.Max(1e-5, 0.02 * Math.Abs(difference)));
    }

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients)]
    [InlineData(ExplanationMethod.Occlusion)]
    public void A_text_that_is_too_long_is_explained_as_far_as_it_is_read(ExplanationMethod method)
    {
        using SentimentClassifier classifier = Classifier();
        string text = string.Concat(Enumerable.Repeat("bueno malo ", 2000));
        Explanation explanation = classifier.Explain(text, method, cancellationToken: Stop);
        Assert.True(explanation.IsTruncated);
        Assert.InRange(explanation.Words.Count, 50, 511);
        Assert.True(explanation.Words[^1].End < text.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n\n")]
    [InlineData("<mask>")]
    [InlineData("<pad> </s><s>")]
    public void Texts_without_words_are_explained_too(string text)
    {
        using SentimentClassifier classifier = Classifier();
        foreach (ExplanationMethod method in Enum.GetValues<ExplanationMethod>())
        {
            Explanation explanation = classifier.Explain(text, method, cancellationToken: Stop);
            Assert.Equal(classifier.Classify(text).Label, explanation.Label);
            Assert.All(explanation.Words, word => Assert.True(double.IsFinite(word.Weight)));
        }
    }

    [Fact]
    public void Many_threads_get_the_same_explanation()
    {
        using SentimentClassifier classifier = Classifier();
        double[] expected = Weights(classifier.Explain(Text, cancellationToken: Stop));
        Parallel.For(0, 16, new ParallelOptions { CancellationToken = Stop }, i =>
        {
            if (i % 2 == 0)
                Goldens.Near($"explanation {i}", expected, Weights(classifier.Explain(Text, cancellationToken: Stop)), 1e-5);
            else
                classifier.Classify(Text);
        });
    }

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients)]
    [InlineData(ExplanationMethod.Occlusion)]
    public void No_tensor_stays_behind(ExplanationMethod method)
    {
        using SentimentClassifier classifier = Classifier();
        classifier.Explain(Text, method, cancellationToken: Stop);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 3; i++)
            classifier.Explain(Text, method, cancellationToken: Stop);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_label_that_the_model_does_not_have_is_refused()
    {
        using SentimentClassifier classifier = Classifier();
        var e = Assert.Throws<ArgumentException>(() => classifier.Explain(Text, label: "positivo", cancellationToken: Stop));
        Assert.Equal("The model has no label 'positivo': expected 'LABEL_0', 'LABEL_1'. (Parameter 'label')", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Explain(Text, (ExplanationMethod)7, cancellationToken: Stop));
    }

    [Fact]
    public void An_engine_without_gradients_says_so_and_can_still_occlude()
    {
        TextScorer scorer = Scorer();
        using SentimentClassifier classifier = Classifier();
        using var withoutNetwork = new SentimentClassifier(scorer with { Engine = new LogitsOnly(scorer.Engine) });
        var e = Assert.Throws<SentimentMLException>(() => withoutNetwork.Explain(Text, cancellationToken: Stop));
        Assert.Equal("Integrated gradients need the network itself, and this classifier runs on logits only, which gives logits only. "
            + "Load the model's folder or zip with SentimentClassifier.Load, or explain by ExplanationMethod.Occlusion, which every engine can do.", e.Message);
        Goldens.Near("occlusion", Weights(classifier.Explain(Text, ExplanationMethod.Occlusion, cancellationToken: Stop)),
            Weights(withoutNetwork.Explain(Text, ExplanationMethod.Occlusion, cancellationToken: Stop)), 1e-6);
    }

    private static double[] Weights(Explanation explanation) => [.. explanation.Words.Concat(explanation.PairWords).Select(word => word.Weight)];

    private static SentimentClassifier Classifier(string folder = "tiny_classifier") => SentimentClassifier.Load(Shared.Golden(folder), TorchDevice.Cpu);

    private static TextScorer Scorer()
    {
        SavedModel model = SavedModel.Open(Shared.Golden("tiny_classifier"), cancellationToken: TestContext.Current.CancellationToken);
        using SequenceClassifier network = model.LoadNetwork(CPU);
        return new TextScorer(EncoderEngine.Of(network, InferencePrecision.Float32, CPU), model.Tokenizer, new AnswerRule(model.Labels), model.MaxTokens);
    }

    private sealed class LogitsOnly(IInferenceEngine inner) : IInferenceEngine
    {
        public string Description => "logits only";

        public float[] Logits(IReadOnlyList<TokenRow> rows) => inner.Logits(rows);

        public void Dispose()
        {
        }
    }
}
