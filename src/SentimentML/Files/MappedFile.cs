using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace SentimentML.Files;

/// <summary>A file's bytes as read-only memory, without a copy: pages come in as they are touched.</summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    private const int DontNeed = 4; // MADV_DONTNEED, sys/mman.h

    private readonly byte* _start;
    private readonly IDisposable[] _owners;
    private readonly Action? _release;
    private bool _disposed;

    private MappedFile(byte* start, long length, string path, Action? release, params IDisposable[] owners)
    {
        _start = start;
        Length = length;
        Path = path;
        _release = release;
        _owners = owners;
    }

    /// <summary>Where the bytes come from, for messages.</summary>
    public string Path { get; }

    public long Length { get; }

    /// <summary>The first byte. Valid until disposal; check every offset against <see cref="Length"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been given back.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _start;
        }
    }

    /// <summary>A range of the file.</summary>
    /// <exception cref="ModelFileException">The range does not lie inside the file.</exception>
    public ReadOnlySpan<byte> Span(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length || length > int.MaxValue)
            throw new ModelFileException(
                $"{Path}: bytes {offset} to {offset + length} were asked for, the file has {Length}. It is cut off or damaged: download it again.");
        return new ReadOnlySpan<byte>(Pointer + offset, (int)length);
    }

    public static MappedFile Open(string path)
    {
        FileStream? file = null;
        MemoryMappedFile? map = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            long length = file.Length;
            if (length == 0) // an empty file cannot be mapped
            {
                file.Dispose();
                return new MappedFile(null, 0, path, null);
            }
            map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            MemoryMappedViewAccessor view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            return new MappedFile(start + view.PointerOffset, length, path, view.SafeMemoryMappedViewHandle.ReleasePointer, view, map);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            map?.Dispose();
            file?.Dispose();
            throw new ModelFileException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>An assembly's resource lies in memory already.</summary>
    public static MappedFile OverResource(UnmanagedMemoryStream stream, string path) =>
        new(stream.PositionPointer, stream.Length, path, null, stream);

    /// <summary>Bytes that were read already; they stay in place until disposal.</summary>
    public static MappedFile OverArray(byte[] content, string path)
    {
        var pin = GCHandle.Alloc(content, GCHandleType.Pinned);
        return new MappedFile((byte*)pin.AddrOfPinnedObject(), content.Length, path, pin.Free);
    }

    /// <summary>
    /// Takes the pages that were touched out of the process's memory; they come in again where they are touched again. Does nothing
    /// but on Linux, and nothing to what is not a file of its own.
    /// </summary>
    public void ReleasePages() => ReleasePages(0, Length);

    /// <summary>As <see cref="ReleasePages()"/>, of a range that begins with a page.</summary>
    public void ReleasePages(long offset, long length)
    {
        if (_release is not null && _owners.Length > 0 && OperatingSystem.IsLinux())
            _ = Advise((nint)(Pointer + offset), (nuint)length, DontNeed); // advice: what fails only leaves the pages where they are
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _release?.Invoke();
        foreach (IDisposable owner in _owners)
            owner.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
