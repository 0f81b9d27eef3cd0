using System.Globalization;
using Microsoft.Extensions.Options;

namespace SentimentML.AspNetCore;

/// <summary>Finds every fault of the options, each named by its property.</summary>
internal sealed class SentimentServerOptionsCheck : IValidateOptions<SentimentServerOptions>
{
    private const int LongestBody = 1 << 30;

    private static readonly TimeSpan MaxBodyTimeout = TimeSpan.FromHours(1), MaxShutdownDelay = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, SentimentServerOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(SentimentServerOptions options)
    {
        (string Name, long Value)[] counts =
        [
            (nameof(options.MaxTextsPerRequest), options.MaxTextsPerRequest), (nameof(options.MaxRequestBytes), options.MaxRequestBytes),
            (nameof(options.MaxTextCharacters), options.MaxTextCharacters), (nameof(options.MaxFileBytes), options.MaxFileBytes),
            (nameof(options.MaxConcurrentFiles), options.MaxConcurrentFiles), (nameof(options.MaxWordsPerExplanation), options.MaxWordsPerExplanation),
            (nameof(options.MaxConcurrentExplanations), options.MaxConcurrentExplanations),
        ];
        foreach ((string property, long value) in counts)
            if (value < 1)
                yield return string.Create(CultureInfo.InvariantCulture, $"{property} is {value}, expected 1 or more.");
        if (options.MaxRequestBytes > LongestBody)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{nameof(options.MaxRequestBytes)} is {options.MaxRequestBytes}, expected at most {LongestBody}: a request's body is held in memory.");
        if (options.MaxWaitingTexts < options.MaxTextsPerRequest)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{nameof(options.MaxWaitingTexts)} is {options.MaxWaitingTexts}, expected {nameof(options.MaxTextsPerRequest)} "
                    + $"({options.MaxTextsPerRequest}) or more.");
        if (options.BodyTimeout <= TimeSpan.Zero || options.BodyTimeout > MaxBodyTimeout)
            yield return $"{nameof(options.BodyTimeout)} is {options.BodyTimeout}, expected above 0 and at most an hour.";
        if (options.ShutdownDelay < TimeSpan.Zero || options.ShutdownDelay > MaxShutdownDelay)
            yield return $"{nameof(options.ShutdownDelay)} is {options.ShutdownDelay}, expected 0 to 5 minutes.";
        if (options.ApiKey is { } key && (key.Length == 0 || key.Any(character => character is < '!' or > '~')))
            yield return $"{nameof(options.ApiKey)} is empty or has characters that a header cannot carry, expected visible ASCII characters, or null for no "
                + "key.";
    }
}
