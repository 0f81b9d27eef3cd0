using SentimentML.Encoders;
using SentimentML.Tokenization;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>A <see cref="PackedLayout"/> in tensors, as the encoder's script takes it.</summary>
internal sealed class PackedRows : IDisposable
{
    private PackedRows(PackedLayout layout, Device device, bool isPacked)
    {
        Layout = layout;
        Ids = tensor(layout.Ids).MovedTo(device);
        Positions = tensor(layout.Positions).MovedTo(device);
        TokenTypes = tensor(layout.TokenTypes).MovedTo(device);
        Starts = tensor(layout.Starts).MovedTo(device);
        Mask = (isPacked ? tensor([.. layout.Starts.Append(layout.Ids.Length).Select(start => (int)start)])
            : layout.Present.Length == 0 ? empty(0, ScalarType.Bool)
            : tensor(layout.Present, [layout.Groups[0].Rows, 1, 1, layout.Groups[0].Length])).MovedTo(device);
        IReadOnlyList<(long Rows, long Length)> groups = isPacked ? [(layout.Starts.Length, layout.Groups.Max(group => group.Length))] : layout.Groups;
        Groups = tensor(groups.SelectMany(group => (long[])[group.Rows, group.Length]).ToArray(), [groups.Count, 2]);
    }

    /// <summary>What the tensors hold.</summary>
    public PackedLayout Layout { get; }

    /// <summary>[tokens] int64</summary>
    public Tensor Ids { get; }

    /// <summary>[tokens] int64</summary>
    public Tensor Positions { get; }

    /// <summary>[tokens] int64; [0] if all are of type 0</summary>
    public Tensor TokenTypes { get; }

    /// <summary>[rows] int64: where each row's first token stands.</summary>
    public Tensor Starts { get; }

    /// <summary>
    /// [rows, 1, 1, length] bool, false at padding; [0] if no row is padded. For <see cref="RowPlacement.Packed"/>: [rows + 1] int32, the
    /// start of each row and the end of the last one.
    /// </summary>
    public Tensor Mask { get; }

    /// <summary>
    /// [groups, 2] int64, on the CPU: the number of rows and their length; for <see cref="RowPlacement.Packed"/> one group, with the longest
    /// length.
    /// </summary>
    public Tensor Groups { get; }

    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="config">How the network counts positions and types.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="placement">How the rows are arranged.</param>
    public static PackedRows From(IReadOnlyList<TokenRow> rows, EncoderConfig config, Device device, RowPlacement placement) => placement switch
    {
        RowPlacement.Padded => new(PackedLayout.Padded(rows, config), device, isPacked: false),
        RowPlacement.Packed => new(PackedLayout.Of(rows, config, filled: false), device, isPacked: true),
        _ => new(PackedLayout.Of(rows, config), device, isPacked: false),
    };

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        TokenTypes.Dispose();
        Starts.Dispose();
        Mask.Dispose();
        Groups.Dispose();
    }
}
