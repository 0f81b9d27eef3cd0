using SentimentML.Pipeline;

namespace SentimentML.Tests.Pipeline;

public class StratifiedFoldsTests
{
    [Fact]
    public void Every_fold_has_the_labels_in_the_same_shares()
    {
        int[] labels = [.. Enumerable.Repeat(0, 50), .. Enumerable.Repeat(1, 23), .. Enumerable.Repeat(2, 7)];
        int[] folds = StratifiedFolds.Deal(labels, 4, seed: 3);
        Assert.Equal([20, 20, 20, 20], Enumerable.Range(0, 4).Select(fold => folds.Count(f => f == fold)));
        foreach ((int label, int least) in ((int, int)[])[(0, 12), (1, 5), (2, 1)])
            Assert.All(Enumerable.Range(0, 4), fold => Assert.InRange(folds.Where((f, row) => f == fold && labels[row] == label).Count(), least, least + 1));
        Assert.Equal(folds, StratifiedFolds.Deal(labels, 4, seed: 3));
        Assert.NotEqual(folds, StratifiedFolds.Deal(labels, 4, seed: 4));
    }
}
