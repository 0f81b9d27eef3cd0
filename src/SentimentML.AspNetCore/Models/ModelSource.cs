using System.Text.RegularExpressions;

namespace SentimentML.AspNetCore.Models;

/// <summary>Where a served model is loaded from.</summary>
/// <param name="Name">What clients call it.</param>
/// <param name="Id">What it is: its id on the hub, else its name. Never a path of this machine.</param>
/// <param name="Load">Loads it.</param>
internal sealed partial record ModelSource(string Name, string Id, Func<CancellationToken, SentimentClassifier> Load)
{
    public static ModelSource At(string name, string path, SentimentClassifierOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckedName(name);
        return new ModelSource(name, Path.Exists(path) ? name : path, cancellation =>
            SentimentClassifier.Load(path, options ?? new SentimentClassifierOptions(), cancellation));
    }

    public static string CheckedName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Allowed().IsMatch(name)
            ? name
            : throw new ArgumentException($"'{name}' is not a model's name, expected letters, digits, '.', '-' and '_', at most 100.", nameof(name));
    }

    /// <summary>The name of a model that was not given one: its file's or folder's, or its hub id's last part.</summary>
    public static string NameOf(string path)
    {
        string id = Path.Exists(path) ? path : path.Split('@')[0]; // without the revision
        string last = Path.GetFileName(Path.TrimEndingDirectorySeparator(id));
        if (last.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            last = last[..^".zip".Length];
        string name = NotAllowed().Replace(last, "-");
        return Allowed().IsMatch(name) ? name : "sentiment";
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();

    [GeneratedRegex("[^A-Za-z0-9._-]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotAllowed();
}
