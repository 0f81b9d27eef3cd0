using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using SentimentML.Reporting.Tests.Infrastructure;

namespace SentimentML.Reporting.Tests;

public sealed class PageInChromiumTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Two = ["negative", "positive"];
    private static readonly Lazy<string> Html = new(() =>
    {
        EvaluationRows rows = SyntheticRows.Of(1000, Two);
        return SyntheticRows.Report(rows).ToHtml();
    });

    public static TheoryData<int, ColorScheme> Screens => new(
        from width in (int[])[360, 768, 1280]
        from scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark]
        select (width, scheme));

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Nothing_is_wider_than_the_screen(int width, ColorScheme scheme)
    {
        await using OpenedPage opened = await browser.OpenAsync(Html.Value, width, scheme);
        foreach (string language in (string[])["es", "en"])
        {
            await Choose(opened.Page, language);
            int needed = await opened.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(needed <= width, $"in {language} the page needs {needed} of {width} pixels");
            await Keep(opened.Page, $"{width}-{scheme}-{language}");
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_no_serious_fault(ColorScheme scheme)
    {
        await using OpenedPage opened = await browser.OpenAsync(Html.Value, 1280, scheme);
        AxeResult result = await opened.Page.RunAxe();
        string[] faults = [.. result.Violations.Select(v => $"{v.Impact} {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(node => node.Html))}")];
        Assert.True(faults.Length == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public async Task It_asks_for_nothing_and_complains_of_nothing()
    {
        await using OpenedPage opened = await browser.OpenAsync(Html.Value);
        await opened.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Single(opened.Requests);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task A_script_in_a_review_stays_text()
    {
        await using OpenedPage opened = await browser.OpenAsync(Html.Value);
        Assert.Equal("Informe de evaluación · mini-reseñas", await opened.Page.TitleAsync());
        Assert.Equal(0, await opened.Page.Locator("script, img, main b:not(.label)").CountAsync());
        Assert.Contains("<script>document.title='taken'</script>", await opened.Page.Locator("main[lang=es] .texts").First.InnerTextAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_is_switched_by_keyboard_and_without_scripts()
    {
        await using OpenedPage opened = await browser.OpenAsync(Html.Value, scripts: false);
        await Assertions.Expect(opened.Page.GetByText("En pocas palabras").First).ToBeVisibleAsync();
        await opened.Page.Keyboard.PressAsync("Tab");
        await opened.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Name = "In short" })).ToBeVisibleAsync();
        await Assertions.Expect(opened.Page.Locator("main[lang=es]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task It_prints()
    {
        await using OpenedPage opened = await browser.OpenAsync(Html.Value, scheme: ColorScheme.Dark);
        byte[] pdf = await opened.Page.PdfAsync(
            new PagePdfOptions { Format = "A4", Margin = new Margin { Top = "15mm", Bottom = "15mm", Left = "15mm", Right = "15mm" } });
        Assert.True(pdf.Length > 50_000, $"the PDF has {pdf.Length} bytes");
        if (Kept is { } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "print.pdf"), pdf, TestContext.Current.CancellationToken);
        await opened.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        string background = await opened.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal("rgb(255, 255, 255)", background);
        await Assertions.Expect(opened.Page.Locator("header.bar")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public async Task Every_number_shown_is_in_the_json(string language)
    {
        EvaluationRows rows = SyntheticRows.Of(1000, Two);
        EvaluationReport report = SyntheticRows.Report(rows);
        await using OpenedPage opened = await browser.OpenAsync(report.ToHtml());
        await Choose(opened.Page, language);
        string[] shown = [.. await opened.Page.Locator($"main[lang={language}] :is(.number, .value, .interval, .share):not(.derived)").AllInnerTextsAsync()];
        NumbersOfJson json = NumbersOfJson.In(report.ToJson());
        string[] missing = [.. shown.SelectMany(text => NumbersShown(text, language)).Distinct().Where(number => !json.Has(number))];
        Assert.True(shown.Length > 150, $"only {shown.Length} figures are shown");
        Assert.True(missing.Length == 0, $"not in the JSON: {string.Join("; ", missing)}");
    }

    private static IEnumerable<string> NumbersShown(string text, string language)
    {
        foreach (string word in text.Replace("\u202F", "", StringComparison.Ordinal)
            .Split([' ', '\n', '\t', '\u00A0', '–'], StringSplitOptions.RemoveEmptyEntries))
        {
            string number = language == "es" ? word.Replace(',', '.') : word.Replace(",", "", StringComparison.Ordinal);
            if (double.TryParse(number.TrimEnd('%'), CultureInfo.InvariantCulture, out _))
                yield return number.TrimEnd('%');
        }
    }

    private static Task Choose(IPage page, string language) => page.Locator($"label[for=language-{language}]").ClickAsync();

    /// <summary>Where a person wants to look at the page: REPORT_SCREENSHOTS names a folder.</summary>
    private static string? Kept => Environment.GetEnvironmentVariable("REPORT_SCREENSHOTS");

    private static async Task Keep(IPage page, string name)
    {
        if (Kept is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
