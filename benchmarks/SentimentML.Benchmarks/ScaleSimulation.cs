namespace SentimentML.Benchmarks;

/// <summary>
/// An array of equal tasks on the nodes of a cluster, event by event: a free core takes the next task; a node that fails loses the tasks of its
/// cores, which are requeued and done again from the beginning, as a shard is. Everything random is drawn from the seed.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="tasks">How many tasks.</param>
/// <param name="startSeconds">Seconds from a task's begin to its first row, on a core of usual speed.</param>
/// <param name="workSeconds">Seconds of its rows there.</param>
/// <param name="seed">The seed.</param>
internal sealed class ScaleSimulation(ScaleCluster cluster, int tasks, double startSeconds, double workSeconds, int seed)
{
    private readonly Node[] _nodes = [.. Enumerable.Range(0, (cluster.Cores + ScaleCluster.CoresOfNode - 1) / ScaleCluster.CoresOfNode)
        .Select(node => new Node(cluster, new Random(unchecked(seed * 1_000_003 + node))))];

    private readonly PriorityQueue<Event, double> _events = new();
    private readonly Stack<int> _idle = new();
    private int _waiting, _done;

    /// <summary>Seconds until the last task has ended.</summary>
    public double Run()
    {
        _waiting = tasks;
        for (int core = 0; core < cluster.Cores; core++)
            _events.Enqueue(new Event(core), 0);
        double end = 0;
        while (_done < tasks)
        {
            _events.TryDequeue(out Event happened, out double now);
            if (happened.EndsTask)
            {
                _done++;
                end = now;
            }
            if (happened.Core is { } core)
                _idle.Push(core);
            else
                _waiting++; // a lost task is back in the queue
            while (_waiting > 0 && _idle.TryPop(out int free))
                Begin(free, now);
        }
        return end;
    }

    private void Begin(int core, double now)
    {
        _waiting--;
        Node node = _nodes[core / ScaleCluster.CoresOfNode];
        double ends = now + cluster.SchedulerSeconds + (startSeconds + workSeconds) * node.Slowness, fails = node.FailureAfter(now);
        if (ends <= fails)
        {
            _events.Enqueue(new Event(core, EndsTask: true), ends);
            return;
        }
        _events.Enqueue(new Event(core), fails + cluster.DownSeconds);
        _events.Enqueue(new Event(Core: null), fails + cluster.RequeueSeconds);
    }

    /// <param name="Core">The core that becomes free; null if a lost task comes back to the queue.</param>
    /// <param name="EndsTask">Whether a task of the core has ended.</param>
    private readonly record struct Event(int? Core, bool EndsTask = false);

    private sealed class Node(ScaleCluster cluster, Random random)
    {
        private readonly List<double> _failures = [];

        public double Slowness { get; } = random.NextDouble() < cluster.SlowShare ? cluster.SlowFactor : 1;

        /// <summary>When the node fails next: times between failures are exponentially distributed.</summary>
        public double FailureAfter(double now)
        {
            while (_failures.Count == 0 || _failures[^1] <= now)
                _failures.Add((_failures.Count == 0 ? 0 : _failures[^1]) - Math.Log(1 - random.NextDouble()) * cluster.HoursBetweenFailures * 3600);
            int place = _failures.BinarySearch(now);
            return _failures[place < 0 ? ~place : place + 1];
        }
    }
}
