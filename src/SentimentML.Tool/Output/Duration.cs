using System.Globalization;

namespace SentimentML.Tool.Output;

/// <summary>Times as people read them.</summary>
internal static class Duration
{
    /// <summary>"0:42", "1:05:00".</summary>
    public static string Left(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString("m\\:ss", CultureInfo.InvariantCulture);

    /// <summary>", 0:42 left".</summary>
    public static string Phrase(TimeSpan time) => Language.Format($", quedan {Left(time)}", $", {Left(time)} left");
}
