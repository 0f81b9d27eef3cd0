using System.Runtime.CompilerServices;

namespace SentimentML.Inference;

/// <summary>
/// The threads that compute for all engines of a process. Each worker takes a turn and computes it alone, on one core: workers wait for
/// nobody, so that a core which another process needs too holds up one batch and not all of them. A turn that is the only one, with no
/// worker at work, may have all cores instead. Threads that wait sleep.
/// </summary>
/// <remarks>
/// The threads are few and stay: libtorch, OpenMP and malloc keep pools for each thread that calls them. They refer to an engine while one
/// of its turns waits or is in work, so that an engine that is dropped can be collected.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    private readonly object _gate = new(); // waited on, which a Lock cannot be
    private readonly Queue<(Action<bool> Turn, bool MayHaveAllCores)> _turns = [];
    private readonly int _maxWorkers;
    private int _workers, _working;
    private bool _hasAllCores; // a turn in work has them
    private bool _stopping;

    /// <param name="workers">The default value is null: the processors that the process may use.</param>
    public WorkerPool(int? workers = null)
    {
        _maxWorkers = workers ?? Environment.ProcessorCount;
        Start(allCores: true);
    }

    /// <summary>The process's pool; its threads end with the process.</summary>
    public static WorkerPool Shared { get; } = new();

    /// <summary>Queues turns.</summary>
    /// <param name="turn">What is run, with true if it has all cores and false if it has one. It must not throw.</param>
    /// <param name="count">How many turns. The default value is 1.</param>
    /// <param name="mayHaveAllCores">Whether it has them where it is the only one. The default value is true.</param>
    public void Post(Action<bool> turn, int count = 1, bool mayHaveAllCores = true)
    {
        lock (_gate)
        {
            for (int i = 0; i < count; i++)
                _turns.Enqueue((turn, mayHaveAllCores));
            int wanted = _turns.Count + _working;
            while ((wanted > 1 || !mayHaveAllCores) && _workers < Math.Min(wanted, _maxWorkers))
            {
                _workers++;
                Start(allCores: false);
            }
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the threads after the turns in work.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Start(bool allCores) => new Thread(() => Work(allCores)) { IsBackground = true, Name = "SentimentML inference" }.Start();

    private void Work(bool allCores)
    {
        while (TakeTurn(allCores))
        {
        }
    }

    /// <summary>A frame of its own: while a thread waits for its next turn, no local of it keeps the last one's engine alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TakeTurn(bool allCores)
    {
        Action<bool> turn;
        lock (_gate)
        {
            while (!MayTakeTurn(allCores))
            {
                if (_stopping)
                    return false;
                Monitor.Wait(_gate);
            }
            turn = _turns.Dequeue().Turn;
            _working++;
            _hasAllCores = allCores;
        }
        turn(allCores);
        lock (_gate)
        {
            _working--;
            _hasAllCores = false;
            Monitor.PulseAll(_gate);
        }
        return true;
    }

    private bool MayTakeTurn(bool allCores) =>
        !_stopping && !_hasAllCores && _turns.Count > 0 && allCores == (_turns.Count == 1 && _working == 0 && _turns.Peek().MayHaveAllCores);
}
