using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SentimentML.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>What a run's outcome depends on, so that a checkpoint is resumed only by the run that wrote it.</summary>
/// <param name="Recipe">The recipe as JSON.</param>
/// <param name="TrainingRows">SHA-256 of the training rows' tokens, labels and weights.</param>
/// <param name="ValidationRows">The same of the validation rows; null without any.</param>
/// <param name="Start">SHA-256 of the weights before the first step.</param>
internal sealed record RunFingerprint(string Recipe, string TrainingRows, string? ValidationRows, string Start)
{
    public static RunFingerprint Of(TrainingRecipe recipe, IReadOnlyList<Example> train, IReadOnlyList<Example>? validation, SequenceClassifier network) =>
        new(JsonSerializer.Serialize(recipe, TrainingJson.Default.TrainingRecipe), Digest(train), validation is null ? null : Digest(validation),
            Digest(network));

    /// <summary>In words, what another run has otherwise; empty when nothing.</summary>
    public IEnumerable<string> Differences(RunFingerprint other)
    {
        if (Recipe != other.Recipe)
            yield return $"the recipe (there {other.Recipe}, here {Recipe})";
        if (TrainingRows != other.TrainingRows)
            yield return "the training rows";
        if (ValidationRows != other.ValidationRows)
            yield return "the validation rows";
        if (Start != other.Start)
            yield return "the backbone's weights or the new head's seed";
    }

    public static string Digest(IReadOnlyList<Example> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        foreach (Example row in rows)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, row.Tokens.Length);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], row.Label);
            BinaryPrimitives.WriteSingleLittleEndian(numbers[8..], row.Weight);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], row.Tokens.PairStart);
            hash.AppendData(numbers);
            hash.AppendData(MemoryMarshal.AsBytes(row.Tokens.Ids.Span));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Digest(SequenceClassifier network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var _ = no_grad();
        foreach ((string _, Parameter parameter) in network.named_parameters())
        {
            using Tensor onCpu = parameter.detach().cpu();
            hash.AppendData(onCpu.bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
