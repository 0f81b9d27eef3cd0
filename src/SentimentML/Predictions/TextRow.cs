using SentimentML.Reviews;

namespace SentimentML.Predictions;

/// <summary>A row to classify.</summary>
/// <param name="Text">Its text; blank if it has none.</param>
/// <param name="Names">The names of the columns that come along.</param>
/// <param name="Carried">Its values of these columns.</param>
internal sealed record TextRow(string Text, string[] Names, CarriedValue[] Carried)
{
    public bool IsMissing => MissingValue.IsMissingText(Text);
}
