using Microsoft.ML;
using SentimentML.Tests.Infrastructure;
using SentimentML.Tests.Tokenization;

namespace SentimentML.Tests.Training;

/// <summary>The search for learning rate, epochs and batch size.</summary>
public sealed class SearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = TinyTask.Context();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_round_trains_the_better_third_on_three_times_the_rows()
    {
        IReadOnlyList<SearchTrial> trials = Search().Run(Train());
        Assert.Equal([1, 1, 1, 2], trials.Select(t => t.Round));
        Assert.Equal([13, 13, 13, 40], trials.Select(t => t.Rows));
        Assert.Equal(trials.Take(3).MaxBy(t => t.Accuracy)!.LearningRate, trials[3].LearningRate);
        Assert.All(trials, t => Assert.InRange(t.LearningRate, 1e-4, 1e-2));
        Assert.All(trials, t => Assert.Contains(t.BatchSize, (int[])[4, 8]));
        Assert.True(trials.Select(t => t.LearningRate).Distinct().Count() >= 3);
    }

    [Fact]
    public void A_stopped_search_goes_on_from_its_table()
    {
        string table = _folder.File("search.jsonl");
        IReadOnlyList<SearchTrial> whole = Search(table).Run(Train());
        string[] lines = File.ReadAllLines(table);
        Assert.Equal(4, lines.Length);
        File.WriteAllText(table, lines[0] + "\n" + lines[1] + "\n" + lines[2][..20]); // stopped in the midst of the third
        IReadOnlyList<SearchTrial> resumed = Search(table).Run(Train());
        Assert.Equal(whole.Take(2), resumed.Take(2)); // to the second: they were not made again
        Assert.Equal(whole.Select(t => t with { Seconds = 0 }), resumed.Select(t => t with { Seconds = 0 }));
        Assert.Equal(resumed, Search(table).Run(Train()));
    }

    [Fact]
    public void Faults_are_named_together()
    {
        var search = Search();
        search.Trials = 0;
        search.Epochs = [];
        search.HighestLearningRate = 1e-9;
        Assert.Equal("LowestLearningRate is 0.0001 and HighestLearningRate 1E-09, expected numbers above 0 in this order. Epochs is empty or has a number below 1. Trials is 0, expected 1 to 10,000.",
            Assert.Throws<ArgumentException>(() => search.Run(Train())).Message);
        Assert.Throws<ArgumentException>(() => new RobertaHyperparameterSearch(_ml, TinyTask.Options()));
    }

    private RobertaHyperparameterSearch Search(string? table = null) => new(_ml, TinyTask.Options(TinyTask.View(_ml, 20)))
    {
        Trials = 3,
        LowestLearningRate = 1e-4,
        HighestLearningRate = 1e-2,
        Epochs = [1],
        BatchSizes = [4, 8],
        TablePath = table,
    };

    private IDataView Train()
    {
        IDataView view = TinyTask.View(_ml);
        return _ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view);
    }
}
