using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// What LoRA (Hu et al., 2021, arXiv:2106.09685) trains in a matrix's stead: W + (alpha / rank) B A, with two thin matrices A
/// and B. It follows peft's LoraLayer: A starts uniform within ±1/√inputs, B at zero, so that nothing is added at first.
/// </summary>
internal sealed class LowRankAdapter : IDisposable
{
    private readonly Linear _target;
    private readonly Scalar _scale; // alpha over the rank; held here, where libtorch may read it at any time

    /// <param name="target">The matrix that is adapted; it holds the adapter until <see cref="Merge"/>.</param>
    /// <param name="rank">Rows of A, columns of B.</param>
    /// <param name="alpha">What the product is scaled by, over the rank.</param>
    /// <param name="random">What A is drawn from.</param>
    public LowRankAdapter(Linear target, int rank, double alpha, Generator random)
    {
        _target = target;
        _scale = alpha / rank;
        (long outputs, long inputs) = (target.Weight.shape[0], target.Weight.shape[1]);
        double bound = 1 / Math.Sqrt(inputs);
        using Tensor drawn = empty(rank, inputs).uniform_(-bound, bound, random);
        A = new Parameter(drawn.to(target.Weight.device, copy: true).DetachFromDisposeScope());
        B = new Parameter(zeros(outputs, rank, device: target.Weight.device).DetachFromDisposeScope());
        target.Adapter = this;
    }

    /// <summary>[rank, inputs]</summary>
    public Parameter A { get; }

    /// <summary>[outputs, rank]</summary>
    public Parameter B { get; }

    /// <summary>The matrix's product with what is trained in its stead.</summary>
    /// <param name="y">[…, outputs]: the matrix's own product with <paramref name="x"/></param>
    /// <param name="x">[…, inputs], in the type of <paramref name="y"/></param>
    /// <returns>[…, outputs]</returns>
    public Tensor AddTo(Tensor y, Tensor x)
    {
        Tensor inner = OneDnn.Linear(x, A.to(x.dtype), bias: null), outer = B.to(x.dtype);
        return OneDnn.AddProduct(y.flatten(0, -2), inner.flatten(0, -2), outer.t(), _scale).view(y.shape); // flattened to rows of tokens
    }

    /// <summary>Adds the product to the matrix and takes the adapter off it: the same function, and no more work than before.</summary>
    public void Merge()
    {
        using var _ = no_grad();
        using Tensor product = B.matmul(A);
        _target.Weight.add_(product, _scale);
        _target.Adapter = null;
    }

    public void Dispose()
    {
        if (_target.Adapter == this)
            _target.Adapter = null;
        A.Dispose();
        B.Dispose();
        _scale.Dispose();
    }
}
