namespace SentimentML;

/// <summary>The language that metrics are named in and a report is written in.</summary>
public enum ReportLanguage
{
    /// <summary>Spanish.</summary>
    Spanish,

    /// <summary>English.</summary>
    English,
}
