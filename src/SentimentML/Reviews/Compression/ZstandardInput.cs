using System.Globalization;
using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace SentimentML.Reviews;

/// <summary>
/// A Zstandard file's content. Archives are written with windows of up to 2 GiB (zstd --long=31), which the decoder keeps in memory, and by default it
/// refuses those of more than 128 MiB. Here up to an eighth of the memory is given, so that a file's few bytes cannot take all of it.
/// </summary>
internal sealed class ZstandardInput : ReadOnlyStream
{
    private const int DefaultWindowLog = 27, MaxWindowLog = 31;
    private const int ShareOfMemory = 8;

    private readonly DecompressionStream _unpacked;
    private readonly string _path;
    private readonly int _windowLog;

    /// <param name="packed">The compressed data; owned.</param>
    /// <param name="path">For messages.</param>
    public ZstandardInput(Stream packed, string path)
    {
        _path = path;
        _windowLog = Math.Clamp(BitOperations.Log2((ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory), DefaultWindowLog, MaxWindowLog);
        _unpacked = new DecompressionStream(packed, checkEndOfStream: true, leaveOpen: false);
        _unpacked.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, _windowLog);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (ZstdException e) when (e.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture, $"{_path}: the Zstandard data needs a window of more than "
                + $"{1L << (_windowLog - 20)} MiB in memory, which is the limit here. Unpack it by zstd -d --long=31, and give the unpacked file."), e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
