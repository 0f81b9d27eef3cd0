using SentimentML.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>What an engine takes a network's weights from.</summary>
internal abstract class EngineWeights(SequenceClassifier network) : IDisposable
{
    private readonly Dictionary<Parameter, string> _names =
        network.named_parameters().ToDictionary(p => p.parameter, p => p.name, (IEqualityComparer<Parameter>)ReferenceEqualityComparer.Instance);

    /// <summary>The network; its parameters hold values only if the weights come from it.</summary>
    public SequenceClassifier Network { get; } = network;

    /// <summary>Whether weights that are not numbers are refused. The default value is false.</summary>
    public bool MustBeFinite { get; init; }

    /// <summary>Weights from a network in memory.</summary>
    /// <param name="network">The network.</param>
    /// <param name="consume">Whether its parameters are freed when they were taken over.</param>
    /// <param name="mustBeFinite">Whether weights that are not numbers are refused.</param>
    public static EngineWeights Of(SequenceClassifier network, bool consume, bool mustBeFinite) =>
        new InMemory(network, consume) { MustBeFinite = mustBeFinite };

    /// <summary>Weights from a model's files, which are read when they are asked for.</summary>
    /// <param name="stored">The files.</param>
    /// <param name="mustBeFinite">Whether weights that are not numbers are refused.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static EngineWeights Of(StoredNetwork stored, bool mustBeFinite, CancellationToken cancellationToken) =>
        new InFiles(stored, cancellationToken) { MustBeFinite = mustBeFinite };

    /// <summary>A parameter's values, to keep.</summary>
    public Tensor Keep(Parameter parameter) => Checked(Kept(parameter), parameter);

    /// <summary>A parameter's values, to read until <see cref="Release"/>.</summary>
    public Tensor Borrow(Parameter parameter) => Checked(Borrowed(parameter), parameter);

    /// <summary>The rows of several parameters below one another, to read and to overwrite until <see cref="Release"/>.</summary>
    public Tensor Stack(IReadOnlyList<Parameter> parameters) => Checked(Stacked(parameters), [.. parameters]);

    /// <summary>Frees what was borrowed and what is not needed any more.</summary>
    public abstract void Release();

    public virtual void Dispose() => Release();

    protected string NameOf(Parameter parameter) => _names[parameter];

    protected abstract Tensor Kept(Parameter parameter);

    protected abstract Tensor Borrowed(Parameter parameter);

    protected abstract Tensor Stacked(IReadOnlyList<Parameter> parameters);

    /// <summary>In float32 weights that are not numbers give answers that are not numbers; as integers they would give any.</summary>
    private Tensor Checked(Tensor values, params Parameter[] parameters) => !MustBeFinite || QuantizedMatrix.IsFinite(values) ? values
        : throw new SentimentMLException($"The weights {string.Join(", ", parameters.Select(NameOf))} are not finite everywhere, and Int8 cannot hold them. "
            + "The model is damaged or its training diverged: download it again, or train it again with a lower learning rate.");

    private sealed class InMemory(SequenceClassifier network, bool consume) : EngineWeights(network)
    {
        private readonly List<Parameter> _taken = [];

        public override void Release()
        {
            if (consume)
                _taken.ForEach(parameter => parameter.Dispose());
            _taken.Clear();
        }

        protected override Tensor Kept(Parameter parameter)
        {
            _taken.Add(parameter);
            return parameter.detach();
        }

        protected override Tensor Borrowed(Parameter parameter) => Kept(parameter);

        protected override Tensor Stacked(IReadOnlyList<Parameter> parameters)
        {
            _taken.AddRange(parameters);
            return parameters.Count == 1 ? parameters[0].clone() : cat([.. parameters]); // of one, TorchSharp's cat makes no copy
        }
    }

    /// <summary>
    /// What is borrowed lies in the same memory for every layer. New memory for each would cost more than the reading: the system clears
    /// every page before it gives it.
    /// </summary>
    private sealed class InFiles(StoredNetwork stored, CancellationToken cancellationToken) : EngineWeights(stored.Network)
    {
        private readonly List<Tensor> _free = [], _lent = [];

        public override void Release()
        {
            _free.AddRange(_lent);
            _lent.Clear();
        }

        public override void Dispose()
        {
            base.Dispose();
            _free.ForEach(tensor => tensor.Dispose());
        }

        protected override Tensor Kept(Parameter parameter) => Filled(empty(parameter.shape), [parameter]);

        protected override Tensor Borrowed(Parameter parameter) => Filled(Rent(parameter.shape), [parameter]);

        protected override Tensor Stacked(IReadOnlyList<Parameter> parameters) =>
            Filled(Rent([parameters.Sum(parameter => parameter.shape[0]), .. parameters[0].shape[1..]]), parameters);

        private Tensor Rent(long[] shape)
        {
            int at = _free.FindIndex(tensor => tensor.shape.AsSpan().SequenceEqual(shape));
            Tensor tensor = at < 0 ? empty(shape).DetachFromDisposeScope() : _free[at];
            if (at >= 0)
                _free.RemoveAt(at);
            _lent.Add(tensor);
            return tensor;
        }

        private Tensor Filled(Tensor tensor, IReadOnlyList<Parameter> parameters)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] parts = tensor.split([.. parameters.Select(parameter => parameter.shape[0])]);
            stored.Read(parameters.Zip(parts, (parameter, part) => (NameOf(parameter), part)), cancellationToken);
            stored.ReleasePages();
            return tensor;
        }
    }
}
