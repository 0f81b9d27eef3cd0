using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace SentimentML.Backbones.Hub;

/// <summary>Fetches one blob: resumes an earlier download, checks the content and moves the whole file into its place.</summary>
internal sealed class BlobDownload(
    HubSettings settings, HubConnection connection, string file, RemoteFile remote, string blobPath, string partPath, IProgress<HubProgress>? progress)
{
    private readonly TransferMeter _meter = new(file, remote.Size, progress);
    private Uri _location = remote.Location;

    /// <summary>Downloads the blob. The caller holds its lock.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        CheckSpace();
        for (int discarded = 0; ; discarded++)
        {
            if (await FillAsync(cancellation).ConfigureAwait(false) && await remote.Tag.MatchesAsync(partPath, cancellation).ConfigureAwait(false))
                break;
            File.Delete(partPath);
            if (discarded == 1)
                throw new HubException(HubFailure.Damaged,
                    $"{HubConnection.Display(_location)}: what came twice is not the {file} that the hub announced ({remote.Size} bytes with the ETag "
                        + $"{remote.Tag}); it was discarded. "
                    + "A proxy or a mirror may be changing files on the way, or its copy is damaged: try another network or HF_ENDPOINT, or put the model's "
                    + "files into a folder.");
            await RenewLocationAsync(cancellation).ConfigureAwait(false); // the branch may have moved between the answer and the bytes
        }
        File.Move(partPath, blobPath, overwrite: true);
    }

    /// <summary>Fetches until all bytes are there, over as many connections as it takes.</summary>
    /// <returns>False when the server gives another number of bytes than it announced.</returns>
    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        long most = PartLength();
        for (int failures = 0; ;)
        {
            try
            {
                return await ContinueAsync(cancellation).ConfigureAwait(false);
            }
            catch (HubException e) when (e.MayPass)
            {
                // A connection that made progress does not count towards the failures after which the download gives up.
                long now = PartLength();
                failures = now > most ? 1 : failures + 1;
                most = Math.Max(most, now);
                await connection.PauseAsync(e, failures, settings.Retries, cancellation).ConfigureAwait(false);
                if (e.Failure is HubFailure.AddressExpired)
                    await RenewLocationAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> ContinueAsync(CancellationToken cancellation)
    {
        await using var part = new FileStream(partPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        if (part.Length > remote.Size)
            part.SetLength(0);
        if (part.Length == remote.Size)
            return true;

        using HttpResponseMessage response = await connection.OpenAsync(_location, part.Length, cancellation).ConfigureAwait(false);
        if (response.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
            throw new HubException(HubFailure.NotAHub,
                $"GET {HubConnection.Display(_location)}: the bytes came compressed although they were asked for as they are. A proxy may be changing them.");
        if (response.StatusCode is HttpStatusCode.OK)
            part.SetLength(0); // the server ignored Range and sends the file from its start
        else if (!Continues(response, part.Length))
        {
            long asked = part.Length;
            part.SetLength(0);
            throw new HubException(HubFailure.Unreachable,
                string.Create(CultureInfo.InvariantCulture, $"GET {HubConnection.Display(_location)}: the server does not go on at byte {asked}."));
        }
        if (response.Content.Headers.ContentLength is { } length && length != remote.Size - part.Length)
            return false;
        await CopyAsync(response, part, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream part, CancellationToken cancellation)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        long at = part.Seek(0, SeekOrigin.End);
        _meter.Start(at);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            while (at < remote.Size)
            {
                int wanted = (int)Math.Min(buffer.Length, remote.Size - at);
                int read = await connection.ReadAsync(body, buffer.AsMemory(0, wanted), _location, cancellation).ConfigureAwait(false);
                if (read == 0)
                    throw new HubException(HubFailure.Unreachable,
                        string.Create(CultureInfo.InvariantCulture, $"GET {HubConnection.Display(_location)}: the bytes ended after {at} of {remote.Size}."));
                await part.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                at += read;
                _meter.Advance(at);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        part.Flush(flushToDisk: true);
    }

    /// <summary>Asks again where the bytes are: a signed address is good for a while only. Fails when they are no longer the same.</summary>
    private async Task RenewLocationAsync(CancellationToken cancellation)
    {
        HubAnswer answer = await connection.DescribeAsync(file, null, settings.Retries, cancellation).ConfigureAwait(false);
        if (answer.File is not { } now || now.Tag != remote.Tag)
            throw new HubException(HubFailure.Moved, $"{file} was changed on the hub while it was being downloaded. Start the download again.");
        _location = now.Location;
    }

    private static bool Continues(HttpResponseMessage response, long from) =>
        response.StatusCode is HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is ContentRangeHeaderValue range && range.From == from;

    private long PartLength() => new FileInfo(partPath) is { Exists: true } part ? part.Length : 0;

    /// <summary>Some network drives say that nothing is free, or nothing at all: only a number that is too small counts.</summary>
    private void CheckSpace()
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(partPath))!;
        if (OperatingSystem.IsWindows() && folder.StartsWith(@"\\", StringComparison.Ordinal))
            return;
        long free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        long needed = remote.Size - PartLength();
        if (free > 0 && free < needed)
            throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture,
                $"{file} needs {needed / 1e6:0.#} MB more in {folder}, where {free / 1e6:0.#} MB are free. Make room, or set HF_HOME or HF_HUB_CACHE to a "
                    + $"folder on a larger disk."));
    }
}
