using Microsoft.Playwright;

namespace SentimentML.Reporting.Tests.Infrastructure;

/// <summary>An open page with what it asked for and complained of.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly string _path;

    public OpenedPage(IPage page, string path)
    {
        Page = page;
        _path = path;
        page.Request += (_, request) => Requests.Add(request.Url);
        page.Console += (_, message) => Complaints.Add(message.Text);
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    public List<string> Complaints { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        File.Delete(_path);
    }
}
