using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>Which rows come in which batch.</summary>
public class EpochPlanTests
{
    private static readonly int[] Lengths = [.. TinyRun.Rows(2000).Select(row => row.Tokens.Length)];
    private static readonly TrainingRecipe Grouped = TinyRun.Recipe with { BatchSize = 16 };
    private static readonly TrainingRecipe Random = Grouped with { GroupByLength = false };

    [Fact]
    public void Every_row_comes_once_an_epoch()
    {
        foreach (TrainingRecipe recipe in (TrainingRecipe[])[Grouped, Random, Grouped with { GradientAccumulation = 3 }, Grouped with { Shuffle = false }])
            Assert.Equal(Enumerable.Range(0, Lengths.Length), Rows(EpochPlan.Steps(recipe, Lengths, 0)).Order());
    }

    [Fact]
    public void An_epoch_has_as_many_steps_as_the_schedule_counts()
    {
        foreach (int rows in (int[])[1, 15, 16, 17, 1999, 2000])
            foreach (int accumulation in (int[])[1, 3])
            {
                TrainingRecipe recipe = Grouped with { GradientAccumulation = accumulation };
                Assert.Equal(recipe.StepsPerEpoch(rows), EpochPlan.Steps(recipe, Lengths[..rows], 0).Length);
            }
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_whole_epoch()
    {
        foreach (TrainingRecipe recipe in (TrainingRecipe[])[Grouped, Random, Grouped with { Shuffle = false }])
        {
            TrainingRecipe whole = recipe with { BatchSize = int.MaxValue, GradientAccumulation = int.MaxValue };
            Assert.Equal(1, whole.StepsPerEpoch(Lengths.Length));
            Assert.Equal(Enumerable.Range(0, Lengths.Length), Assert.Single(Assert.Single(EpochPlan.Steps(whole, Lengths, 0))).Order());
        }
    }

    [Fact]
    public void Batches_of_like_length_are_little_padding()
    {
        double grouped = Padding(Grouped), random = Padding(Random);
        Assert.True(grouped < 0.05 && random > 0.3, $"padding {grouped:P1} grouped, {random:P1} random");
    }

    [Fact]
    public void A_batch_is_not_the_same_rows_in_every_epoch()
    {
        int[][] first = [.. EpochPlan.Steps(Grouped, Lengths[..200], 0).Select(step => step[0])];
        int[][] second = [.. EpochPlan.Steps(Grouped, Lengths[..200], 1).Select(step => step[0])];
        double together = first.Max(batch => second.Max(other => batch.Intersect(other).Count()));
        Assert.True(together < 13, $"{together} of 16 rows are in one batch again");
    }

    [Fact]
    public void Batches_of_like_length_come_in_random_order_the_longest_first()
    {
        int[] longest = [.. EpochPlan.Steps(Grouped, Lengths, 0).Select(step => step[0].Max(row => Lengths[row]))];
        Assert.Equal(longest.Max(), longest[0]);
        int rises = longest.Zip(longest.Skip(1), (a, b) => b > a ? 1 : 0).Sum();
        Assert.InRange(rises, longest.Length / 4, longest.Length * 3 / 4);
    }

    [Fact]
    public void The_order_depends_on_the_seed_and_the_epoch_alone()
    {
        foreach (TrainingRecipe recipe in (TrainingRecipe[])[Grouped, Random])
        {
            Assert.Equal(Rows(EpochPlan.Steps(recipe, Lengths, 1)), Rows(EpochPlan.Steps(recipe, Lengths, 1)));
            Assert.NotEqual(Rows(EpochPlan.Steps(recipe, Lengths, 0)), Rows(EpochPlan.Steps(recipe, Lengths, 1)));
            Assert.NotEqual(Rows(EpochPlan.Steps(recipe, Lengths, 0)), Rows(EpochPlan.Steps(recipe with { Seed = 6 }, Lengths, 0)));
        }
    }

    [Fact]
    public void Without_shuffling_rows_come_as_given() =>
        Assert.Equal(Enumerable.Range(0, Lengths.Length), Rows(EpochPlan.Steps(Grouped with { Shuffle = false }, Lengths, 3)));

    private static IEnumerable<int> Rows(int[][][] steps) => steps.SelectMany(step => step).SelectMany(batch => batch);

    private static double Padding(TrainingRecipe recipe)
    {
        int[][] batches = [.. EpochPlan.Steps(recipe, Lengths, 0).SelectMany(step => step)];
        double cells = batches.Sum(batch => batch.Length * batch.Max(row => Lengths[row]));
        return 1 - Lengths.Sum() / cells;
    }
}
