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
    public void A_stopped_search_resumes_from_its_results()
    {
        string results = _folder.At("results");
        IReadOnlyList<SearchTrial> whole = Search(results).Run(Train()).Trials;
        Assert.Equal(["results.json", "round-1-trial-0000.json", "round-1-trial-0001.json", "round-1-trial-0002.json", "round-2-trial-0000.json"],
            Names(results));
        File.Delete(Path.Combine(results, "round-2-trial-0000.json"));
        string third = Path.Combine(results, "round-1-trial-0002.json");
        File.WriteAllText(third, File.ReadAllText(third)[..60]); // damaged: it is done again
        IReadOnlyList<SearchTrial> resumed = Search(results).Run(Train()).Trials;
        Assert.Equal(whole.Take(2), resumed.Take(2)); // to the second: they were not made again
        Assert.Equal(whole.Select(t => t with { Seconds = 0 }), resumed.Select(t => t with { Seconds = 0 }));
        Assert.Equal(resumed, Search(results).Run(Train()).Trials);
    }

    [Fact]
    public void Trials_run_one_by_one_in_any_order_give_the_result_of_one_search()
    {
        SearchResult whole = Search().Run(Train());
        string results = _folder.At("results");
        Assert.Equal([3, 1], Search().TrialsByRound);
        Assert.Equal((1, "0, 1, 2"), Gap(results));
        Search(results).RunTrial(Train(), 1, 2);
        string early = Assert.Throws<SentimentMLException>(() => Search(results).RunTrial(Train(), 2, 0)).Message;
        Assert.Equal("Round 2 trains the best of round 1, of which 2 trials have not ended (0, 1). Run them first.", early);
        Assert.Equal((1, "0, 1"), Gap(results));
        SearchTrial first = Search(results).RunTrial(Train(), 1, 0);
        Search(results).RunTrial(Train(), 1, 1);
        Assert.Equal((2, "0"), Gap(results));
        Search(results).RunTrial(Train(), 2, 0);
        Assert.Null(Gap(results));

        Assert.Equal(first, Search(results).RunTrial(Train(), 1, 0)); // to the second: it was not made again
        SearchResult collected = Search(results).Run(Train());
        Assert.Equal(whole.Trials.Select(t => t with { Seconds = 0 }), collected.Trials.Select(t => t with { Seconds = 0 }));
        Assert.Equal(whole.Best with { Seconds = 0 }, collected.Best with { Seconds = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Search(results).RunTrial(Train(), 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Search(results).RunTrial(Train(), 1, 3));
        Assert.Throws<InvalidOperationException>(() => Search().RunTrial(Train(), 1, 0));
    }

    [Fact]
    public void The_results_of_another_search_are_refused_and_stay_as_they_are()
    {
        string results = _folder.At("results");
        Search(results).Run(Train());
        string[] Contents() => [.. Directory.GetFiles(results).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        string[] before = Contents();
        SentimentClassificationOptions others = TinyTask.Options(TinyTask.View(_ml, 20));
        others.WeightDecay = 0.5;
        void Refused(string said, HyperparameterSearch search, IDataView train)
        {
            search.ResultsFolder = results;
            Assert.Contains(said, Assert.Throws<SentimentMLException>(() => search.Run(train)).Message, StringComparison.Ordinal);
            Assert.Contains(said, Assert.Throws<SentimentMLException>(() => search.RunTrial(train, 1, 0)).Message, StringComparison.Ordinal);
        }

        Refused("what differs: the options (there", Search(others), Train());
        Refused("what differs: the training rows.", Search(), Train(38));
        Refused("what differs: the validation rows.", Search(TinyTask.Options(TinyTask.View(_ml, 22))), Train());
        HyperparameterSearch wider = Search();
        wider.MaxLearningRate = 2e-2;
        Refused("what differs: the trainings (there a search of 3 trials drawn by seed 42, learning rates 0.0001 to 0.01, epochs 1, batch sizes 4, 8; here",
            wider, Train());
        using var backbone = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("tiny_mlm")))
            backbone.With(Path.GetFileName(file), File.ReadAllBytes(file));
        SentimentClassificationOptions copied = TinyTask.Options(TinyTask.View(_ml, 20));
        copied.Backbone = Backbone.FromFolder(backbone.Path);
        HyperparameterSearch sameFiles = Search(copied);
        sameFiles.ResultsFolder = results;
        Assert.Equal(4, sameFiles.Run(Train()).Trials.Count); // another place, the same files
        byte[] weights = File.ReadAllBytes(backbone.At("model.safetensors"));
        weights[^1] ^= 1;
        File.WriteAllBytes(backbone.At("model.safetensors"), weights);
        Refused("what differs: the backbone's files.", sameFiles, Train());
        Assert.Equal(before, Contents());

        string header = Path.Combine(results, "results.json");
        File.WriteAllText(header, "{}");
        Refused("was not written by a search or a cross-validation of this version", Search(), Train());
        Assert.Equal("{}", File.ReadAllText(header));
        string other = _folder.At("other");
        Search(other).RunTrial(Train(), 1, 0);
        File.WriteAllText(header, before[0]);
        File.WriteAllText(Path.Combine(other, "round-1-trial-0000.json"), before[1].Replace("\"work\": \"", "\"work\": \"0", StringComparison.Ordinal));
        Assert.Contains("is a result of other work", Assert.Throws<SentimentMLException>(() => Search(other).RunTrial(Train(), 1, 0)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_diverges_is_the_worst_and_ends_nothing()
    {
        SentimentClassificationOptions options = TinyTask.Options(TinyTask.View(_ml, 20));
        options.MaxGradientNorm = double.PositiveInfinity;
        var search = new HyperparameterSearch(
            _ml, options) { Trials = 3, MinLearningRate = 1e-60, MaxLearningRate = 1e50, Epochs = [1], BatchSizes = [8],
            ResultsFolder = _folder.At("results") };
        SearchResult result = search.Run(Train());
        Assert.Contains(result.Trials, trial => double.IsPositiveInfinity(trial.Loss));
        Assert.True(double.IsFinite(result.Best.Loss), string.Join('\n', result.Trials));
        Assert.Equal(result.Trials, search.Run(Train()).Trials); // as the results have it
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
        Assert.Equal("MinLearningRate is 0.0001, expected at most MaxLearningRate, which is 1E-09. Epochs is empty or has a number below 1, expected numbers "
            + "of 1 or more. Trials is 0, expected 1 to 10,000.",
            Assert.Throws<ArgumentException>(() => search.Run(Train())).Message);
        Assert.Throws<ArgumentException>(() => new HyperparameterSearch(_ml, TinyTask.Options()));
    }

    private HyperparameterSearch Search(string? results = null)
    {
        HyperparameterSearch search = Search(TinyTask.Options(TinyTask.View(_ml, 20)));
        search.ResultsFolder = results;
        return search;
    }

    private HyperparameterSearch Search(SentimentClassificationOptions options) => new(_ml, options)
    {
        Trials = 3,
        MinLearningRate = 1e-4,
        MaxLearningRate = 1e-2,
        Epochs = [1],
        BatchSizes = [4, 8],
    };

    private (int Round, string Missing)? Gap(string results) =>
        Search(results).FindGap(Train()) is { } gap ? (gap.Round, string.Join(", ", gap.Missing)) : null;

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private IDataView Train(int rows = 40)
    {
        IDataView view = TinyTask.View(_ml, rows);
        return _ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view);
    }
}
