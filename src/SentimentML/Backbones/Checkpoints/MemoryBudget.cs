namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// What describing one file's tensors may cost in memory, estimated object by object before each is made: a byte of a
/// hostile header or pickle can ask for a hundred of memory, and no file may take more than about its own size.
/// </summary>
internal sealed class MemoryBudget(string path, long fileLength)
{
    /// <summary>Rough sizes in bytes, with what growing collections leave behind.</summary>
    public const int Tuple = 24, Collection = 96, Item = 72, Boxed = 24, Text = 24, Tensor = 256;

    private const long Least = 256 * 1024;
    private long _left = Least + fileLength;

    public void Spend(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
            throw new ModelFileException(
                $"{path}: the description of its tensors would take more memory than the file is long. That is no model's weights: get the file again.");
    }
}
