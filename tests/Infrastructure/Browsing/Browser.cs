using Microsoft.Playwright;

namespace SentimentML.Tests.Infrastructure;

/// <summary>This machine's Chromium, for the tests of a class; without one they are skipped with the reason.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    /// <summary>Milliseconds that a busy machine may take for what is otherwise done at once.</summary>
    private const float Patience = 120_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    public async ValueTask InitializeAsync()
    {
        string? chromium = Usual.Prepend(Environment.GetEnvironmentVariable("CHROMIUM") ?? "").FirstOrDefault(File.Exists);
        if (chromium is null)
        {
            _missing = "needs Chromium (on Debian: apt-get install chromium), or CHROMIUM to name one; none was found";
            return;
        }
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            Timeout = Patience,
        });
    }

    /// <summary>Opens a page from a file, which is deleted with it.</summary>
    public async Task<OpenedPage> OpenAsync(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        OpenedPage opened = await NewAsync(width, scheme, scripts, "es-ES");
        await opened.GoToFileAsync(html);
        return opened;
    }

    /// <summary>Opens a page of a server.</summary>
    public async Task<OpenedPage> OpenAsync(Uri address, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "es-ES")
    {
        OpenedPage opened = await NewAsync(width, scheme, scripts: true, locale);
        await opened.Page.GotoAsync(address.AbsoluteUri);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<OpenedPage> NewAsync(int width, ColorScheme scheme, bool scripts, string locale)
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            Locale = locale,
            BypassCSP = false,
        });
        context.SetDefaultTimeout(Patience);
        return new OpenedPage(await context.NewPageAsync());
    }
}
