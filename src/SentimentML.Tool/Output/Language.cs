using System.Globalization;
using Microsoft.Win32;
using SentimentML.Wording;

namespace SentimentML.Tool.Output;

/// <summary>
/// The language of what the tool says to people, its help and usage errors included, one per process: --language's, else the system's. It is set before
/// there are options, which are described in it. Errors of the work are in English.
/// </summary>
internal static class Language
{
    private const string WindowsLocale = @"HKEY_CURRENT_USER\Control Panel\International";

    /// <summary>The variables that name a system's language, the strongest first.</summary>
    private static readonly string[] Variables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    public static ReportText Text => ReportText.Current;

    /// <param name="chosen">What --language says; null for the system's language.</param>
    public static void Use(ReportLanguage? chosen)
    {
        string code = ReportText.In(chosen ?? ReportText.Of(SystemLocale())).Code;
        CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = new CultureInfo(code); // System.CommandLine and the library follow it
    }

    /// <summary>What --language says on a command line that is not yet parsed; null if it says nothing that is known.</summary>
    public static ReportLanguage? Named(string[] words)
    {
        const string Option = "--language";
        for (int i = 0; i < words.Length && words[i] != "--"; i++)
        {
            string? value = words[i] == Option ? words.ElementAtOrDefault(i + 1)
                : words[i].StartsWith(Option + "=", StringComparison.Ordinal) || words[i].StartsWith(Option + ":", StringComparison.Ordinal)
                ? words[i][(Option.Length + 1)..] : null;
            if (Known(value) is { } language)
                return language;
        }
        return null;
    }

    /// <summary>The language of --language's value; null for any other word.</summary>
    public static ReportLanguage? Known(string? word) => word switch { "es" => ReportLanguage.Spanish, "en" => ReportLanguage.English, _ => null };

    public static string Say(string spanish, string english) => Text.Say(spanish, english);

    public static string Format(FormattableString spanish, FormattableString english) => Text.Format(spanish, english);

    /// <inheritdoc cref="ReportText.Counted"/>
    public static string Counted(long count, (string One, string Many) spanish, (string One, string Many) english) => Text.Counted(count, spanish, english);

    /// <summary>
    /// Read from the system itself: the tool runs with invariant globalization, which spares its users ICU, so CultureInfo does not know the language.
    /// </summary>
    private static string? SystemLocale() => Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value))
        ?? (OperatingSystem.IsWindows() ? Registry.GetValue(WindowsLocale, "LocaleName", null) as string : null);
}
