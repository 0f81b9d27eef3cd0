using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

/// <summary>
/// What evaluating costs, in processor time, since the machine may be busy with other work; alone, since processor time is the
/// whole process's.
/// </summary>
[Collection(nameof(EvaluationSpeedTests))]
[CollectionDefinition(nameof(EvaluationSpeedTests), DisableParallelization = true)]
public class EvaluationSpeedTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void The_metrics_of_four_thousand_rows_a_thousand_times_cost_less_than_two_seconds_on_two_cores(int classes)
    {
        (int[] labels, double[][] logits) = Rows.Drawn(4000, classes);

        AssertCosts(2 * 2, () => SentimentMetrics.FromLogits(labels, logits, Rows.Names(classes)));
    }

    [Fact]
    public void Finding_duplicates_of_two_thousand_real_reviews_among_four_thousand_costs_less_than_two_seconds()
    {
        string[] train = [.. Reviews.Texts("test").Take(4000)], validation = [.. Reviews.Texts("dev").Take(2000)];

        AssertCosts(2, () => NearDuplicates.Between(train, validation));
    }

    [Fact]
    public void Texts_out_of_one_mould_do_not_make_time_grow_without_limit()
    {
        string[] texts = [.. Enumerable.Range(0, 20_000).Select(i => $"compra número {i} recibida en perfecto estado y en el plazo que se dijo, muchas gracias")];

        Assert.Equal(19_999, NearDuplicates.Within(texts, 0.7).Length);
        AssertCosts(5, () => NearDuplicates.Between(texts[..10_000], texts[10_000..], 0.7));
    }

    private static void AssertCosts(double mostSeconds, Action work)
    {
        work();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        work();
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;

        TestContext.Current.TestOutputHelper?.WriteLine($"{seconds:F3} s of processor time");
        Assert.True(seconds < mostSeconds, $"{seconds:F2} s of processor time, at most {mostSeconds} expected");
    }
}
