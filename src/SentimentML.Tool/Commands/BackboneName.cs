namespace SentimentML.Tool.Commands;

/// <summary>How a backbone is named on the command line.</summary>
internal static class BackboneName
{
    /// <summary>The embedded backbone with the ready sentiment model.</summary>
    public const string Small = "small";

    /// <summary>The small embedded backbone, which has no head.</summary>
    public const string Mini = "mini";

    /// <summary>A folder, "small", "mini", "roberta-base-bne", or a hub id. A folder that has one of these names goes first.</summary>
    /// <exception cref="ArgumentException">The name is no folder's and cannot be a hub id.</exception>
    public static Backbone Parse(string name) => name switch
    {
        _ when Directory.Exists(name) => Backbone.FromFolder(name),
        Small => SpanishSmall.Backbone,
        Mini => SpanishMini.Backbone,
        "roberta-base-bne" => Backbone.RobertaBaseBne,
        _ => LooksLikePath(name) ? Backbone.FromFolder(name) : Backbone.FromHub(name),
    };

    /// <summary>What a table calls a backbone: the last part of its folder, hub id or assembly.</summary>
    public static string Short(Backbone backbone)
    {
        if (backbone.Name == SpanishSmall.Backbone.Name)
            return nameof(SpanishSmall);
        if (backbone.Name == SpanishMini.Backbone.Name)
            return nameof(SpanishMini);
        string last = backbone.Name.TrimEnd('/', '\\').Split('/', '\\')[^1];
        return last.Length > 0 ? last : backbone.Name;
    }

    /// <summary>
    /// A hub id has at most one slash and begins with a letter or a digit. Any other name is a path, so that the error says that the folder
    /// does not exist.
    /// </summary>
    private static bool LooksLikePath(string name) =>
        name.StartsWith('.') || name.StartsWith('~') || Path.IsPathRooted(name) || name.Contains('\\', StringComparison.Ordinal)
        || name.EndsWith('/') || name.Count(c => c == '/') > 1;
}
