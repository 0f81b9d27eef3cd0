using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>The two thin matrices of a LoRA (Hu et al., 2022, arXiv:2106.09685) whose product is added to a module's matrix.</summary>
/// <param name="Module">The module's name in the network.</param>
/// <param name="First">A: [rank, columns of the module's matrix].</param>
/// <param name="Second">B: [rows of the module's matrix, rank].</param>
internal sealed record ThinMatrices(string Module, Tensor First, Tensor Second)
{
    /// <summary>What peft calls the two beside their module.</summary>
    public const string FirstEnding = ".lora_A.weight", SecondEnding = ".lora_B.weight";

    public string FirstName => Module + FirstEnding;

    public string SecondName => Module + SecondEnding;

    public int Rank => (int)First.shape[0];

    /// <summary>Whether a tensor of that name is one of the two.</summary>
    public static bool IsOne(string name) => name.EndsWith(FirstEnding, StringComparison.Ordinal) || name.EndsWith(SecondEnding, StringComparison.Ordinal);

    /// <summary>Those among named tensors.</summary>
    public static IEnumerable<ThinMatrices> Of(IReadOnlyList<(string Name, Tensor Values)> tensors)
    {
        Dictionary<string, Tensor> byName = tensors.ToDictionary(t => t.Name, t => t.Values, StringComparer.Ordinal);
        return byName.Keys.Where(name => name.EndsWith(FirstEnding, StringComparison.Ordinal)).Select(name => name[..^FirstEnding.Length])
            .Select(module => new ThinMatrices(module, byName[module + FirstEnding], byName[module + SecondEnding]));
    }
}
