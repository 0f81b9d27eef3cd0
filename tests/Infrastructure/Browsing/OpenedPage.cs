using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SentimentML.Tests.Infrastructure;

/// <summary>An open page with what it asked for and complained of; both may grow while a test reads them.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private string? _file;

    public OpenedPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Requests.Enqueue(request.Url);
        page.Console += (_, message) => Complaints.Enqueue(message.Text);
        page.PageError += (_, error) => Complaints.Enqueue(error);
    }

    public IPage Page { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Complaints { get; } = new();

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
