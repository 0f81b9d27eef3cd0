namespace SentimentML;

/// <summary>How far the download of one of a model's files is.</summary>
/// <param name="File">The file's name in its repository, for instance "pytorch_model.bin".</param>
/// <param name="Bytes">Bytes that are there, with those of an earlier download that is resumed. Falls back to 0 when wrong bytes were discarded.</param>
/// <param name="TotalBytes">The file's size in bytes.</param>
/// <param name="BytesPerSecond">The speed over the last seconds, in bytes per second; 0 until something came.</param>
/// <param name="TimeLeft">The time that the rest takes at that speed; null until the speed is known.</param>
public sealed record HubProgress(string File, long Bytes, long TotalBytes, double BytesPerSecond, TimeSpan? TimeLeft);
