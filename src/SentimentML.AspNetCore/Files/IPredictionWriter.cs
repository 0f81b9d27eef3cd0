namespace SentimentML.AspNetCore.Files;

/// <summary>Writes a file's rows with their predictions.</summary>
internal interface IPredictionWriter
{
    /// <summary>Writes a row into the buffer, with the head before the first one.</summary>
    void Write(FileRow row, SentimentPrediction prediction);
}
