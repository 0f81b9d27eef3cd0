using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Explanations;
using static TorchSharp.torch;

namespace SentimentML.Tests.Explanations;

/// <summary>Against captum (golden/tiny_integrated_gradients.json), and what the method promises.</summary>
public class IntegratedGradientsTests
{
    private static readonly LabelLead SecondOverFirst = new(label: 1, labels: 2);

    // <s>, a few words of the tiny vocabulary, </s>
    private static readonly int[] Row = [0, 1239, 281, 328, 79, 38, 427, 16, 399, 2];

    [Fact]
    public void Attributions_equal_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_integrated_gradients.json");
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        int number = 0;
        foreach (JsonElement each in golden.GetProperty("cases").EnumerateArray())
        {
            int[] ids = each.GetProperty("ids").Ints();
            TokenAttributions found = new IntegratedGradients(network)
                .Attribute(ids, Text(ids), SecondOverFirst, golden.GetProperty("steps").GetInt32(), TestContext.Current.CancellationToken);
            Goldens.Near($"case {number}, attributions", each.GetProperty("attributions").Doubles(), found.Weights, 2e-5);
            Goldens.Near($"case {number}, sum", each.GetProperty("sum").GetDouble(), found.Weights.Sum(), 1e-5);
            Goldens.Near($"case {number}, difference", each.GetProperty("difference_of_the_output").GetDouble(), found.Difference, 1e-5);
            number++;
        }
        Assert.True(number > 0);
    }

    [Theory]
    [InlineData("tiny_classifier", 2)]
    [InlineData("tiny_classifier_3", 3)]
    public void Attributions_add_up_to_the_difference_for_every_label(string folder, int labels)
    {
        using SequenceClassifier network = Goldens.Classifier(folder);
        double ofAllLabels = 0;
        for (int label = 0; label < labels; label++)
        {
            TokenAttributions found = new IntegratedGradients(network)
                .Attribute(Row, Text(Row), new LabelLead(label, labels), TestContext.Current.CancellationToken);
            Assert.InRange(found.Gap, 0, Explanation.MaxCompletenessGap);
            Goldens.Near($"label {label}, sum", found.Difference, found.Weights.Sum(), Math.Max(1e-5, 0.02 * Math.Abs(found.Difference)));
            Assert.Equal(0, found.Weights[0]);
            Assert.Equal(0, found.Weights[^1]);
            ofAllLabels += found.Difference;
        }
        Goldens.Near("what one label gains the others lose", 0, ofAllLabels, 1e-5);
    }

    [Fact]
    public void A_row_without_text_has_nothing_to_explain()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        TokenAttributions found = new IntegratedGradients(network)
            .Attribute(new[] { 0, 2 }, [false, false], SecondOverFirst, TestContext.Current.CancellationToken);
        Assert.Equal([0, 0], found.Weights);
        Assert.Equal(0, found.Gap);
        Assert.Equal(IntegratedGradients.FewestSteps, found.Steps);
    }

    [Fact]
    public void It_works_where_the_caller_switched_gradients_off_and_leaves_them_off()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        double[] Weights() => new IntegratedGradients(network).Attribute(Row, Text(Row), SecondOverFirst, 32, TestContext.Current.CancellationToken).Weights;
        double[] expected = Weights();
        using (no_grad())
        {
            Goldens.Near("under no_grad", expected, Weights(), 1e-6);
            Assert.False(is_grad_enabled());
        }
        using (inference_mode())
        {
            Goldens.Near("under inference_mode", expected, Weights(), 1e-6);
            Assert.True(is_inference_mode_enabled());
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Parameters_get_no_gradients()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        new IntegratedGradients(network).Attribute(Row, Text(Row), SecondOverFirst, 32, TestContext.Current.CancellationToken);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
            Assert.True(parameter.grad is null, $"{name} has a gradient");
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        Assert.Throws<OperationCanceledException>(
            () => new IntegratedGradients(network).Attribute(Row, Text(Row), SecondOverFirst, 32, new CancellationToken(canceled: true)));
    }

    private static bool[] Text(int[] ids) => [.. ids.Select((_, at) => at > 0 && at < ids.Length - 1)];
}
