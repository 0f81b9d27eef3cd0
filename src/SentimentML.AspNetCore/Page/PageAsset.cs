using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SentimentML.AspNetCore.Page;

/// <summary>A file of the page, as it is embedded in the assembly.</summary>
internal sealed class PageAsset
{
    /// <summary>
    /// The browser takes scripts and styles from this server alone, sends data to this server alone, and runs nothing that stands in the
    /// page itself; no other page can frame it.
    /// </summary>
    private const string SecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] Names = ["page.html", "page.css", "icon.svg", "api.js", "charts.js", "files.js", "main.js", "rows.js", "words.js"];

    private readonly byte[] _content;
    private readonly string _type;
    private readonly EntityTagHeaderValue _tag;

    private PageAsset(string name)
    {
        Name = name;
        using Stream stream = typeof(PageAsset).Assembly.GetManifestResourceStream($"page/{name}")!;
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_content).AsSpan(0, 16))}\"");
        _type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "text/javascript; charset=utf-8",
        };
    }

    /// <summary>All of them; the first is the page itself.</summary>
    public static IReadOnlyList<PageAsset> All { get; } = [.. Names.Select(name => new PageAsset(name))];

    public string Name { get; }

    public int Length => _content.Length;

    /// <summary>Answers with the file, or with 304 if the browser has it.</summary>
    public Task WriteAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = SecurityPolicy;
        headers.XFrameOptions = "DENY"; // for browsers that do not know frame-ancestors
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        headers.CacheControl = "no-cache"; // kept, and asked for by its tag each time: a new version is seen at once
        return TypedResults.Bytes(_content, _type, entityTag: _tag).ExecuteAsync(context);
    }
}
