namespace SentimentML.AspNetCore.Files;

/// <summary>Writes a file's rows with their predictions.</summary>
internal interface IPredictionWriter
{
    /// <summary>Writes a row into the buffer, with the head before the first one.</summary>
    /// <param name="row">The row.</param>
    /// <param name="prediction">Its answer; null if it has no text.</param>
    void Write(FileRow row, SentimentPrediction? prediction);
}
