using Microsoft.ML;

namespace SentimentML.Tests.Pipeline.Search;

/// <summary>The search for learning rate, epochs and batch size.</summary>
public sealed class SearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = TinyTask.Context();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_round_trains_the_better_third_on_three_times_the_rows()
    {
        IReadOnlyList<SearchTrial> trials = Search().Run(Train()).Trials;
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
        string table = _folder.At("search.jsonl");
        IReadOnlyList<SearchTrial> whole = Search(table).Run(Train()).Trials;
        string[] lines = File.ReadAllLines(table);
        Assert.Equal(5, lines.Length); // the first says whose table it is
        File.WriteAllText(table, lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n" + lines[3][..20]); // stopped in the midst of the third
        IReadOnlyList<SearchTrial> resumed = Search(table).Run(Train()).Trials;
        Assert.Equal(whole.Take(2), resumed.Take(2)); // to the second: they were not made again
        Assert.Equal(whole.Select(t => t with { Seconds = 0 }), resumed.Select(t => t with { Seconds = 0 }));
        Assert.Equal(resumed, Search(table).Run(Train()).Trials);
    }

    [Fact]
    public void The_table_of_another_search_is_refused_and_stays_as_it_is()
    {
        string table = _folder.At("search.jsonl");
        Search(table).Run(Train());
        string before = File.ReadAllText(table);
        SentimentClassificationOptions others = TinyTask.Options(TinyTask.View(_ml, 20));
        others.WeightDecay = 0.5;
        string Refused(HyperparameterSearch search, IDataView train) => Assert.Throws<SentimentMLException>(() => search.Run(train)).Message;
        Assert.Contains("what differs: the options (there", Refused(new HyperparameterSearch(_ml, others) { TablePath = table }, Train()), StringComparison.Ordinal);
        Assert.Contains("what differs: the training rows.", Refused(Search(table), Train(38)), StringComparison.Ordinal);
        Assert.Contains("what differs: the validation rows.", Refused(new HyperparameterSearch(_ml, TinyTask.Options(TinyTask.View(_ml, 22))) { TablePath = table }, Train()), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(table));
        File.WriteAllText(table, "text,stars\nbueno,5\n");
        Assert.Contains("is no table of a search", Refused(Search(table), Train()), StringComparison.Ordinal);
        Assert.Equal("text,stars\nbueno,5\n", File.ReadAllText(table));
    }

    [Fact]
    public void A_trial_that_diverges_is_the_worst_and_ends_nothing()
    {
        SentimentClassificationOptions options = TinyTask.Options(TinyTask.View(_ml, 20));
        options.MaxGradientNorm = double.PositiveInfinity;
        var search = new HyperparameterSearch(_ml, options) { Trials = 3, MinLearningRate = 1e-60, MaxLearningRate = 1e50, Epochs = [1], BatchSizes = [8], TablePath = _folder.At("search.jsonl") };
        SearchResult result = search.Run(Train());
        Assert.Contains(result.Trials, trial => double.IsPositiveInfinity(trial.Loss));
        Assert.True(double.IsFinite(result.Best.Loss), string.Join('\n', result.Trials));
        Assert.Equal(result.Trials, search.Run(Train()).Trials); // as the table has it
    }

    [Fact]
    public void The_best_trial_is_one_on_all_rows()
    {
        HyperparameterSearch search = Search();
        SearchTrial Trial(int round, double accuracy) => new()
        {
            Round = round, Rows = round * 10, LearningRate = 1e-4, Epochs = 1, BatchSize = 8, Accuracy = accuracy, MacroF1 = 0.5, Loss = 1, Seconds = 1,
        };
        Assert.Equal(0.7, search.Best([Trial(1, 0.9), Trial(2, 0.6), Trial(2, 0.7), Trial(2, 0.5)]).Accuracy);
    }

    [Fact]
    public void The_first_rounds_rows_are_drawn_from_all_of_a_sorted_file()
    {
        // Sorted by stars: the first third has but one label, and a training on it would be refused.
        IDataView sorted = _ml.Data.LoadFromEnumerable(TinyTask.Reviews(60).OrderBy(review => review.Stars));
        IDataView train = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(sorted).Transform(sorted);
        Assert.Equal(4, Search().Run(train).Trials.Count);
    }

    [Fact]
    public void Progress_tells_trials_and_the_time_left()
    {
        var told = new List<SearchProgress>();
        HyperparameterSearch search = Search();
        search.Progress = new Reported<SearchProgress>(told.Add);
        IReadOnlyList<SearchTrial> trials = search.Run(Train()).Trials;
        Assert.Equal(trials, told.Where(t => t.Result is not null).Select(t => t.Result));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], told.Select(t => t.Trial));
        Assert.All(told, t => Assert.Equal((4, 2), (t.Trials, t.Rounds)));
        Assert.Null(told[0].TimeLeft);
        Assert.Equal(TimeSpan.Zero, told[^1].TimeLeft);
        Assert.All(told.Skip(1).SkipLast(1), t => Assert.True(t.TimeLeft > TimeSpan.Zero, $"{t}"));
    }

    [Fact]
    public void Faults_are_named_together()
    {
        var search = Search();
        search.Trials = 0;
        search.Epochs = [];
        search.MaxLearningRate = 1e-9;
        Assert.Equal("MinLearningRate is 0.0001, expected at most MaxLearningRate, which is 1E-09. Epochs is empty or has a number below 1, expected numbers of 1 or more. Trials is 0, expected 1 to 10,000.",
            Assert.Throws<ArgumentException>(() => search.Run(Train())).Message);
        Assert.Throws<ArgumentException>(() => new HyperparameterSearch(_ml, TinyTask.Options()));
    }

    private HyperparameterSearch Search(string? table = null) => new(_ml, TinyTask.Options(TinyTask.View(_ml, 20)))
    {
        Trials = 3,
        MinLearningRate = 1e-4,
        MaxLearningRate = 1e-2,
        Epochs = [1],
        BatchSizes = [4, 8],
        TablePath = table,
    };

    private IDataView Train(int rows = 40)
    {
        IDataView view = TinyTask.View(_ml, rows);
        return _ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view);
    }
}
