using SentimentML.Reviews;

namespace SentimentML.AspNetCore.Files;

/// <summary>A row of a file.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Columns">Its other columns' values, in their order.</param>
internal readonly record struct FileRow(string Text, string[] Columns)
{
    /// <summary>Whether there is nothing to classify.</summary>
    public bool IsMissing => MissingValue.IsMissingText(Text);
}
