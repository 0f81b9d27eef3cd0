using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2017, arXiv:1711.05101), and the norm of all gradients together, by
/// libtorch's fused kernels. TorchSharp has no binding for them, so they are called through TorchScript; its own optimizer
/// takes ten times as long for a network of roberta-base's size.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private static readonly Lazy<jit.CompilationUnit> Kernels = new(() => TorchScript.Compile("""
        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], norm: Tensor, max_norm: float, step: int, lr: float, beta1: float, beta2: float, decay: float, eps: float):
            divisor = torch.to(torch.clamp((torch.to(norm, 7) + 1e-6) / max_norm, min=1.), 6) # as clip_grad_norm_
            number = torch.full_like(norm, float(step))
            diverged = torch.to(torch.logical_not(torch.isfinite(norm)), 6) # then the kernel leaves everything as it is
            torch._fused_adamw_(p, g, m, v, [], [number] * len(p), lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False, grad_scale=divisor, found_inf=diverged)

        def norm(g: List[Tensor]):
            return torch.linalg_vector_norm(torch.cat([torch.linalg_vector_norm(x, 2, [-1]).flatten() for x in g])) # a norm for each row, which all cores share
        """));

    private readonly Group[] _groups;

    /// <param name="parameters">What is trained.</param>
    /// <param name="weightDecay">Decay of matrices and tables; biases and norms have none, as in transformers' Trainer.</param>
    public AdamW(IEnumerable<TrainedParameter> parameters, double weightDecay)
    {
        _groups = [.. parameters
            .GroupBy(p => (Decay: p.Parameter.dim() > 1 ? weightDecay : 0, Scale: p.LearningRateScale))
            .Select(g => new Group(g.Key.Decay, g.Key.Scale, [.. g.Select(p => new Moments(p.Name, p.Parameter))]))];
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The running means of gradients and of their squares, by parameter name, for a checkpoint.</summary>
    public IEnumerable<(string Name, Tensor First, Tensor Second)> State =>
        _groups.SelectMany(g => g.Moments).Select(m => (m.Name, m.First, m.Second));

    /// <summary>Resumes from a checkpoint, after <see cref="State"/> was filled.</summary>
    public void Resume(long steps) => Steps = steps;

    /// <summary>The norm of all gradients together: a scalar where the parameters are, float32. The caller disposes it.</summary>
    public Tensor GradientNorm()
    {
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Kernels.Value.invoke<Tensor>("norm", (object)_groups.SelectMany(g => g.Gradients()).ToArray()).DetachFromDisposeScope();
    }

    /// <summary>One step with the gradients clipped. Where their norm is not finite, weights and moments stay as they are.</summary>
    /// <param name="learningRate">The step's.</param>
    /// <param name="norm">
    /// What <see cref="GradientNorm"/> returned. It is not read here, so the host does not wait for a GPU that is still computing it.
    /// </param>
    /// <param name="maxNorm">What the norm is clipped to.</param>
    public void Step(double learningRate, Tensor norm, double maxNorm)
    {
        Steps++;
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach (Group group in _groups)
            group.Step(learningRate, Steps, norm, maxNorm);
    }

    /// <summary>Takes the gradients away, so that the next ones need not be added to them.</summary>
    public void ClearGradients()
    {
        foreach (Moments m in _groups.SelectMany(g => g.Moments))
            m.Parameter.grad = null;
    }

    public void Dispose()
    {
        foreach (Moments m in _groups.SelectMany(g => g.Moments))
            m.Dispose();
    }

    private static void Call(string function, params object[] arguments)
    {
        using var held = new HeldArguments(arguments);
        Kernels.Value.invoke(function, held.Values);
    }

    private sealed record Group(double Decay, double Scale, Moments[] Moments)
    {
        public IEnumerable<Tensor> Gradients() => Moments.Select(m => m.Parameter.grad!);

        public void Step(double learningRate, long step, Tensor norm, double maxNorm) =>
            Call("adamw", Moments.Select(m => (Tensor)m.Parameter).ToArray(), Gradients().ToArray(),
                Moments.Select(m => m.First).ToArray(), Moments.Select(m => m.Second).ToArray(), norm, maxNorm, step,
                learningRate * Scale, Beta1, Beta2, Decay, Epsilon);
    }

    private sealed class Moments(string name, Parameter parameter) : IDisposable
    {
        public string Name { get; } = name;
        public Parameter Parameter { get; } = parameter;
        public Tensor First { get; } = zeros_like(parameter).DetachFromDisposeScope();
        public Tensor Second { get; } = zeros_like(parameter).DetachFromDisposeScope();

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }
}
