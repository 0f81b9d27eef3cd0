namespace SentimentML.Tool.Commands;

/// <summary>How a backbone is named on the command line.</summary>
internal static class BackboneName
{
    /// <summary>"mini", "roberta-base-bne", a folder, or a hub id.</summary>
    /// <exception cref="ArgumentException">The name is no folder's and cannot be a hub id.</exception>
    public static Backbone Parse(string name) => name switch
    {
        "mini" => SpanishMini.Backbone,
        "roberta-base-bne" => Backbone.RobertaBaseBne,
        _ => Directory.Exists(name) || LooksLikePath(name) ? Backbone.FromFolder(name) : Backbone.FromHub(name),
    };

    /// <summary>A hub id has at most one slash and begins with a letter or a digit: the rest is told that there is no such folder.</summary>
    private static bool LooksLikePath(string name) =>
        name.StartsWith('.') || name.StartsWith('~') || Path.IsPathRooted(name) || name.Contains('\\', StringComparison.Ordinal)
        || name.EndsWith('/') || name.Count(c => c == '/') > 1;
}
