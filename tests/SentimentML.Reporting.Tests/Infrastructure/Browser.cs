using Microsoft.Playwright;

namespace SentimentML.Reporting.Tests.Infrastructure;

/// <summary>A Chromium of this machine, for the tests of a class; where there is none, they are skipped and say so.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    public async ValueTask InitializeAsync()
    {
        string? chromium = Usual.Prepend(Environment.GetEnvironmentVariable("CHROMIUM") ?? "").FirstOrDefault(File.Exists);
        if (chromium is null)
        {
            _missing = "needs Chromium (on Debian: apt-get install chromium), or CHROMIUM to name one; there is none";
            return;
        }
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            Timeout = 120_000,
        });
    }

    /// <summary>Opens a page from a file, and keeps every request that it makes beyond that.</summary>
    public async Task<OpenedPage> OpenAsync(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        string path = Path.Combine(Path.GetTempPath(), $"sentimentml-report-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(path, html);
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            BypassCSP = false,
        });
        IPage page = await context.NewPageAsync();
        var opened = new OpenedPage(page, path);
        await page.GotoAsync(new Uri(path).AbsoluteUri, new PageGotoOptions { Timeout = 120_000 });
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
