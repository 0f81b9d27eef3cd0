using SentimentML.Reviews;

namespace SentimentML.Tool.Data;

/// <summary>
/// Standard input as a file: it can be read once, and a file of reviews is read several times (its layout, its rows, their number). It is
/// copied to a temporary file, which goes when this is disposed, in constant memory.
/// </summary>
internal sealed class StandardInput : IDisposable
{
    public const string Word = "-";

    /// <summary>What messages call it.</summary>
    public const string Name = "standard input";

    private StandardInput(string path) => Path = path;

    public string Path { get; }

    public static StandardInput Copy(CancellationToken cancellation)
    {
        var input = new StandardInput(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sentimentml-{Guid.NewGuid():N}.txt"));
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using Stream from = Console.OpenStandardInput();
            using var to = new FileStream(input.Path, options);
            from.CopyToAsync(to, cancellation).GetAwaiter().GetResult();
            return input;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>The format that the content looks like, since there is no extension that says it; null for other text: a table, or one text a line.</summary>
    public ReviewFileFormat? GuessFormat()
    {
        using FileContent content = FileContent.Open(File.OpenRead(Path), Name);
        if (FileKinds.FormatOf(content.Kind) is { } format)
            return format;
        if (content.Kind == FileKind.Xml)
            return ReviewFileFormat.Json;
        Span<byte> start = stackalloc byte[4096];
        ReadOnlySpan<byte> first = start[..content.Stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)].TrimStart("\uFEFF \t\r\n"u8);
        return first.StartsWith("{"u8) ? ReviewFileFormat.JsonLines
            : first.StartsWith("["u8) || JsonScript.HasName(first) ? ReviewFileFormat.Json
            : null;
    }

    public void Dispose() => File.Delete(Path);
}
