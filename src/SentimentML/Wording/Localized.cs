namespace SentimentML.Wording;

/// <summary>
/// What warnings and the log say, in the language of <see cref="ReportText.Current"/>. Exceptions are in English: what people search for has
/// one text.
/// </summary>
internal static class Localized
{
    public static string Say(string spanish, string english) => ReportText.Current.Say(spanish, english);

    /// <inheritdoc cref="ReportText.Format"/>
    public static string Format(FormattableString spanish, FormattableString english) => ReportText.Current.Format(spanish, english);
}
