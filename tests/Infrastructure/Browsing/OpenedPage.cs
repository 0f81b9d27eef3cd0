using Microsoft.Playwright;

namespace SentimentML.Tests.Infrastructure;

/// <summary>An open page with what it asked for and complained of.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private string? _file;

    public OpenedPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Requests.Add(request.Url);
        page.Console += (_, message) => Complaints.Add(message.Text);
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    public List<string> Complaints { get; } = [];

    public async Task GoToFileAsync(string html)
    {
        _file = Path.Combine(Path.GetTempPath(), $"sentimentml-page-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(_file, html);
        await Page.GotoAsync(new Uri(_file).AbsoluteUri);
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        if (_file is not null)
            File.Delete(_file);
    }
}
