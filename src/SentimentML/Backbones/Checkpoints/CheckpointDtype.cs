namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// What a checkpoint's elements are, named as safetensors names them and in its order of rising alignment
/// (the writer sorts by it).
/// </summary>
internal enum CheckpointDtype
{
    BOOL,
    U8,
    I8,
    F8_E5M2,
    F8_E4M3,
    F8_E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64,
}

internal static class CheckpointDtypes
{
    private static readonly CheckpointDtype[] All = Enum.GetValues<CheckpointDtype>();

    /// <summary>Bytes of one element.</summary>
    public static int Size(this CheckpointDtype dtype) => dtype switch
    {
        CheckpointDtype.BOOL or CheckpointDtype.U8 or CheckpointDtype.I8
            or CheckpointDtype.F8_E5M2 or CheckpointDtype.F8_E4M3 or CheckpointDtype.F8_E8M0 => 1,
        CheckpointDtype.I16 or CheckpointDtype.U16 or CheckpointDtype.F16 or CheckpointDtype.BF16 => 2,
        CheckpointDtype.I32 or CheckpointDtype.U32 or CheckpointDtype.F32 => 4,
        CheckpointDtype.C64 or CheckpointDtype.F64 or CheckpointDtype.I64 or CheckpointDtype.U64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not a dtype of a checkpoint"),
    };

    /// <summary>
    /// Whether elements are numbers as weights are; whole numbers and those of 8 bits are some program's quantized weights. Others may be in a file that
    /// has no use for them.
    /// </summary>
    public static bool IsFloat(this CheckpointDtype dtype) =>
        dtype is CheckpointDtype.F16 or CheckpointDtype.BF16 or CheckpointDtype.F32 or CheckpointDtype.F64;

    /// <summary>Reads a dtype's name exactly as safetensors writes it ("F32"); no numbers, no other case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out CheckpointDtype dtype)
    {
        foreach (CheckpointDtype candidate in All)
        {
            if (System.Text.Ascii.Equals(name, Enum.GetName(candidate)))
            {
                dtype = candidate;
                return true;
            }
        }
        dtype = default;
        return false;
    }
}
