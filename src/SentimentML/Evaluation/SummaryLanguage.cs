namespace SentimentML.Evaluation;

/// <summary>The language that a report is written in.</summary>
internal enum SummaryLanguage
{
    /// <summary>Spanish.</summary>
    Spanish,

    /// <summary>English.</summary>
    English,
}
