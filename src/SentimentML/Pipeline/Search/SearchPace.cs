namespace SentimentML.Pipeline.Search;

/// <summary>The rounds of a successive halving, how far it is, and the time that the rest will take.</summary>
/// <param name="trials">Trials in the first round.</param>
/// <param name="fewer">How many times fewer trials, and more rows, each round has than the one before.</param>
/// <param name="rows">Training rows of the last round.</param>
/// <param name="validationRows">Rows that each trial is measured on before the first epoch and after each.</param>
/// <param name="epochs">Epochs of a trial that is not drawn yet, about.</param>
internal sealed class SearchPace(int trials, int fewer, int rows, int validationRows, double epochs)
{
    /// <summary>A row that is learned from takes about three times what one takes that is only scored.</summary>
    private const int LearningOverScoring = 3;

    private readonly List<SearchTrial> _ended = [];
    private double _seconds, _work;

    public int Rounds { get; } = RoundsOf(trials, fewer);

    /// <summary>The number of trials of each round.</summary>
    public IReadOnlyList<int> TrialsByRound => [.. Enumerable.Range(1, Rounds).Select(TrialsOf)];

    /// <summary>The trials that have ended, in their order.</summary>
    public IReadOnlyList<SearchTrial> Ended => _ended;

    /// <summary>The last round has all rows.</summary>
    public int RowsOf(int round) => Math.Clamp((int)(rows / Math.Pow(fewer, Rounds - round)), 1, rows);

    /// <summary>Counts a trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="made">Whether its time says anything: false if its result was read from the folder.</param>
    public void End(SearchTrial trial, bool made)
    {
        _ended.Add(trial);
        if (!made)
            return;
        _seconds += trial.Seconds;
        _work += Work(trial.Rows, trial.Epochs);
    }

    /// <summary>Where the search is.</summary>
    /// <param name="round">The trial's round.</param>
    /// <param name="index">Its place in the round, from 0.</param>
    /// <param name="result">The trial, when it has ended; null when it begins.</param>
    /// <param name="fromResults">Whether its result was there.</param>
    public SearchProgress Report(int round, int index, SearchTrial? result = null, bool fromResults = false) => new()
    {
        Trial = Before(round, index) + 1,
        Trials = TrialsByRound.Sum(),
        Round = round,
        Rounds = Rounds,
        Result = result,
        FromResults = fromResults,
        TimeLeft = _work > 0 ? TimeSpan.FromSeconds(_seconds / _work * WorkAfter(Before(round, index) + (result is null ? 0 : 1))) : null,
    };

    /// <summary>How many trials stand before one.</summary>
    private int Before(int round, int index) => Enumerable.Range(1, round - 1).Sum(TrialsOf) + index;

    /// <summary>The work of the trials behind so many.</summary>
    private double WorkAfter(int trialsDone) => Enumerable.Range(1, Rounds)
        .SelectMany(round => Enumerable.Repeat(Work(RowsOf(round), epochs), TrialsOf(round)))
        .Skip(trialsDone).Sum();

    private double Work(int rowsLearned, double times) => LearningOverScoring * rowsLearned * times + validationRows * (times + 1);

    private int TrialsOf(int round) => Math.Max(1, (int)(trials / Math.Pow(fewer, round - 1)));

    private static int RoundsOf(int trials, int fewer) => trials < fewer ? 1 : 1 + RoundsOf(trials / fewer, fewer);
}
