using System.Globalization;

namespace SentimentML.Tests.Infrastructure;

/// <summary>The language of warnings, until it is disposed.</summary>
public sealed class UICulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public UICulture(string language) => CultureInfo.CurrentUICulture = new CultureInfo(language);

    public void Dispose() => CultureInfo.CurrentUICulture = _before;
}
