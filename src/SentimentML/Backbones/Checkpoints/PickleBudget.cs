namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// What the pickles of one file may cost in memory, estimated object by object before each is made: a byte of a hostile
/// pickle can ask for a hundred of memory, and no file may take more than about its own size.
/// </summary>
internal sealed class PickleBudget(string path, long fileLength)
{
    public const int Tuple = 24, Collection = 96, Item = 72, Boxed = 24, Text = 24, Tensor = 256;

    private const long Least = 256 * 1024;
    private long _left = Least + fileLength;

    public void Spend(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
            throw new SentimentMLException($"{path}: its pickle would take more memory than the file is long. That is no state dict that torch.save writes: get the file anew, or take the model's safetensors.");
    }
}
