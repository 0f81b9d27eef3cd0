namespace SentimentML.Reviews;

/// <summary>Where a row begins in a file.</summary>
/// <param name="Offset">The byte.</param>
/// <param name="Line">The line, from 1.</param>
internal readonly record struct RowStart(long Offset, long Line);

/// <summary>A part of a file that is read without what is before it.</summary>
/// <param name="FirstRow">The place of its first row among the file's, from 0.</param>
/// <param name="Start">The byte at which it begins.</param>
/// <param name="End">The byte behind it.</param>
/// <param name="FirstLine">The line of its first row; 0 in Parquet, which has no lines.</param>
internal sealed record FilePart(long FirstRow, long Start, long End, long FirstLine);
