using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>Finds what fills a network's parameters in a checkpoint, as from_pretrained does, and says what came of every name.</summary>
internal static class WeightLoader
{
    private const int FaultsShown = 5;

    /// <summary>Matches names, and checks every shape and type. Nothing is copied.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="parameters">The network's parameters by their names in Hugging Face's checkpoints, with or without the encoder's name.</param>
    /// <param name="names">What the architecture's parts are called there.</param>
    /// <exception cref="ModelFileException">
    /// A tensor of the backbone is missing, has another shape than the network, or holds whole numbers.
    /// </exception>
    public static LoadPlan Plan(Checkpoint checkpoint, IReadOnlyDictionary<string, Destination> parameters, CheckpointNames names)
    {
        var stored = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach ((string? name, CheckpointTensor tensor) in names.Unwrapped(checkpoint.Tensors))
            if (name is not null)
                stored.TryAdd(name, tensor);
        Dictionary<string, CheckpointTensor> found = Match(stored, parameters, names);
        RefuseQuantized(found.Values);
        List<MismatchedTensor> mismatched = CheckShapes(checkpoint, parameters, found, names);
        CheckMissing(checkpoint, parameters, found, names);

        Dictionary<string, CheckpointTensor> loaded = new(found, StringComparer.Ordinal);
        foreach (MismatchedTensor tensor in mismatched)
            loaded.Remove(tensor.Name);

        string[] unused = Sorted(checkpoint.Tensors.Values.Except(found.Values).Select(tensor => tensor.Name));
        bool hasLanguageModelHead = parameters.Keys.Any(names.IsLanguageModelHead);
        HashSet<string> nothingNew = [.. stored
            .Where(tensor => names.IsBuffer(tensor.Key) || (hasLanguageModelHead && IsTiedCopy(stored, tensor.Key, found, names)))
            .Select(tensor => tensor.Value.Name)];
        string[] ignored = [.. unused.Where(nothingNew.Contains)];
        HashSet<string> heads = [.. loaded.Keys.Select(names.HeadOf).OfType<string>()];
        HashSet<string> missed = [.. stored.Where(tensor => names.BelongsTo(tensor.Key, heads)).Select(tensor => tensor.Value.Name)];
        return new LoadPlan(loaded, new LoadReport
        {
            Loaded = Sorted(loaded.Keys),
            NewlyInitialized = Sorted(parameters.Keys.Where(name => !found.ContainsKey(name))),
            Mismatched = mismatched,
            Unexpected = [.. unused.Except(ignored)],
            Missed = [.. unused.Except(ignored).Where(missed.Contains)],
            Ignored = ignored,
            Renamed = [.. Sorted(loaded.Keys).Where(name => loaded[name].Name != name).Select(name => new RenamedTensor(loaded[name].Name, name))],
        });
    }

    /// <summary>The tensor of each parameter: an exact name wins over an old one, and both over a tied one.</summary>
    private static Dictionary<string, CheckpointTensor> Match(
        Dictionary<string, CheckpointTensor> stored, IReadOnlyDictionary<string, Destination> parameters, CheckpointNames names)
    {
        var found = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach ((string name, CheckpointTensor tensor) in stored.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            string? parameter = names.InNetwork(name).FirstOrDefault(parameters.ContainsKey);
            if (parameter is not null && (parameter == name || !found.ContainsKey(parameter)))
                found[parameter] = tensor;
        }
        foreach (string parameter in parameters.Keys)
        {
            if (!found.ContainsKey(parameter) && Partner(stored, parameter, names) is { } tied)
                found.Add(parameter, tied);
        }
        return found;
    }

    /// <summary>The checkpoint's tensor under the other name of a tied pair.</summary>
    private static CheckpointTensor? Partner(Dictionary<string, CheckpointTensor> stored, string name, CheckpointNames names) =>
        names.Tied(name).Select(tied => stored.GetValueOrDefault(tied)).FirstOrDefault(tensor => tensor is not null);

    /// <summary>Whole numbers, and those of 8 bits, are weights only together with scales, each program's in its own way.</summary>
    /// <exception cref="ModelFileException">A tensor holds other numbers.</exception>
    public static void RefuseQuantized(IEnumerable<CheckpointTensor> tensors)
    {
        if (tensors.FirstOrDefault(tensor => !tensor.Dtype.IsFloat()) is not { } other)
            return;
        string numbers = other.Dtype switch
        {
            CheckpointDtype.C64 => "complex numbers",
            CheckpointDtype.F8_E5M2 or CheckpointDtype.F8_E4M3 or CheckpointDtype.F8_E8M0 => "numbers of 8 bits",
            _ => "whole numbers",
        };
        throw new ModelFileException($"{other.FilePath}: {Quoted.Name(other.Name)} is stored as {other.Dtype}, in {numbers}, expected F32, F16, BF16 "
            + "or F64. The model was quantized by another program, such as bitsandbytes: take the one that it was made from, or dequantize it in Python "
            + "(model.dequantize()) and save that.");
    }

    /// <summary>Shapes have to be equal, but for the number of labels, which the caller decides on.</summary>
    private static List<MismatchedTensor> CheckShapes(
        Checkpoint checkpoint, IReadOnlyDictionary<string, Destination> parameters, Dictionary<string, CheckpointTensor> found, CheckpointNames names)
    {
        var mismatched = new List<MismatchedTensor>();
        var faults = new List<string>();
        foreach (string name in Sorted(found.Keys))
        {
            long[] expected = parameters[name].Shape;
            CheckpointTensor tensor = found[name];
            if (tensor.Shape.AsSpan().SequenceEqual(expected))
                continue;
            if (names.IsPerLabel(name) && tensor.Shape.Length == expected.Length && tensor.Shape.AsSpan()[1..].SequenceEqual(expected.AsSpan(1)))
                mismatched.Add(new MismatchedTensor(name, expected, tensor.Shape));
            else
                faults.Add($"{name}{(tensor.Name == name ? "" : $" (there {Quoted.Name(tensor.Name)})")} should be {TensorShape.Format(expected)}, found "
                    + $"{TensorShape.Format(tensor.Shape.AsSpan())} in {tensor.FilePath}");
        }
        if (faults.Count > 0)
            throw new ModelFileException($"{checkpoint.Path} does not fit the network that config.json describes: {Listed(faults)}. The two files are not of "
                + "one model: download both again.");
        return mismatched;
    }

    private static void CheckMissing(
        Checkpoint checkpoint, IReadOnlyDictionary<string, Destination> parameters, Dictionary<string, CheckpointTensor> found, CheckpointNames names)
    {
        string[] missing = Sorted(parameters.Keys.Where(name => !found.ContainsKey(name) && !names.IsHead(name)));
        if (missing.Length == 0)
            return;
        string some = string.Join(", ", checkpoint.Tensors.Keys.Order(StringComparer.Ordinal).Take(3).Select(Quoted.Name));
        throw new ModelFileException(
            $"{checkpoint.Path} lacks {missing.Length} of the network's tensors: "
                + $"{Listed([.. missing.Select(name => $"{name} {TensorShape.Format(parameters[name].Shape)}")])}. "
            + (checkpoint.Tensors.Count == 0 ? "It holds none at all." : $"It holds {checkpoint.Tensors.Count}, such as {some}.")
            + $" Expected the names that transformers gives this architecture ({names.Encoder}.…), and as many layers as config.json says.");
    }

    private static string Listed(List<string> faults) =>
        string.Join("; ", faults.Take(FaultsShown)) + (faults.Count > FaultsShown ? $"; and {faults.Count - FaultsShown} more" : "");

    /// <summary>A tied tensor stored twice is ignored if both copies are equal.</summary>
    private static bool IsTiedCopy(
        Dictionary<string, CheckpointTensor> stored, string name, Dictionary<string, CheckpointTensor> found, CheckpointNames names) =>
        Partner(stored, name, names) is { } partner && found.ContainsValue(partner) && !found.ContainsValue(stored[name]) && stored[name].Dtype.IsFloat()
        && partner.HasSameValues(stored[name]);

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
