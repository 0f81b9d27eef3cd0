using SentimentML.Encoders;
using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>
/// A batch's gradients by data parallelism: its rows are divided among the threads of a <see cref="ThreadTeam"/>, which share the weights, and
/// the parts' gradients are added up in a fixed order. Where many parameters are trained the batch stays whole, because each thread needs
/// gradients of its own.
/// </summary>
/// <param name="task">Gives the rows' loss.</param>
/// <param name="trained">What has gradients.</param>
/// <param name="dropout">Seeded again for each part.</param>
/// <param name="team">The threads.</param>
internal sealed class DataParallel(ITrainingTask task, TrainedParameters trained, DropoutSource dropout, ThreadTeam team)
{
    /// <summary>A smaller part takes as long to call the operators as to compute them.</summary>
    private const int MinTokens = 128;

    private const long MaxGradientBytes = 32 << 20; // of a thread

    private readonly Parameter[] _parameters = [.. trained.All.Select(each => each.Parameter)];
    private readonly bool _divides = team.Size > 1 && trained.All.Sum(each => each.Parameter.numel()) * sizeof(float) <= MaxGradientBytes;
    private long _seed;
    private long _parts; // of this step so far

    /// <summary>Begins a step.</summary>
    /// <param name="seed">What the dropout's numbers come from.</param>
    public void Begin(long seed)
    {
        _seed = seed;
        _parts = 0;
        dropout.Seed(seed);
    }

    /// <summary>Adds the gradients of the rows' loss to those of the parameters.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="groupWeight">The weight of all rows of the group.</param>
    /// <returns>The loss: a scalar where the network is. The caller disposes it.</returns>
    public Tensor Backward(int[] rows, double groupWeight)
    {
        using DisposeScope scope = NewDisposeScope();
        int[][] parts = _divides ? Divide(rows) : [rows];
        if (parts.Length > 1)
            return Sum(parts, groupWeight).DetachFromDisposeScope();
        using BatchLoss loss = task.Loss(rows, groupWeight);
        BackwardPass.Run(loss.Value);
        return loss.Value.detach().DetachFromDisposeScope();
    }

    /// <summary>As many parts as there are threads, or fewer if rows are too few or one is longer than a thread's share.</summary>
    private int[][] Divide(int[] rows)
    {
        int tokens = rows.Sum(row => task.Lengths[row]);
        int least = Math.Max(MinTokens, rows.Max(row => task.Lengths[row]));
        var parts = new List<int>[Math.Clamp(tokens / least, 1, team.Size)];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = [];
        foreach (int row in rows.OrderByDescending(row => task.Lengths[row])) // the longest first, so that the parts end together
            parts.MinBy(part => part.Sum(each => task.Lengths[each]))!.Add(row);
        return Array.ConvertAll(parts, part => part.ToArray());
    }

    private Tensor Sum(int[][] parts, double groupWeight)
    {
        var computed = new (Tensor Loss, Tensor[] Gradients)[parts.Length];
        long first = _parts + 1;
        _parts += parts.Length;
        try
        {
            team.Run(parts.Length, part =>
            {
                using DisposeScope scope = NewDisposeScope();
                dropout.Seed(_seed ^ (first + part << 48));
                using BatchLoss loss = task.Loss(parts[part], groupWeight);
                Tensor[] gradients = BackwardPass.Gradients(loss.Value, _parameters);
                computed[part] = (loss.Value.detach().DetachFromDisposeScope(), Array.ConvertAll(gradients, gradient => gradient.DetachFromDisposeScope()));
            });
            using var _ = no_grad();
            for (int i = 0; i < _parameters.Length; i++)
                AddTo(_parameters[i], computed.Select(part => part.Gradients[i]));
            return stack(computed.Select(part => part.Loss)).sum();
        }
        finally
        {
            foreach ((Tensor? loss, Tensor[]? gradients) in computed)
            {
                loss?.Dispose();
                foreach (Tensor gradient in gradients ?? [])
                    gradient.Dispose();
            }
        }
    }

    private static void AddTo(Parameter parameter, IEnumerable<Tensor> gradients)
    {
        foreach (Tensor gradient in gradients)
        {
            if (parameter.grad is { } sum)
                sum.Add(gradient);
            else
                parameter.grad = gradient;
        }
    }
}
