using System.Text;
using System.Text.RegularExpressions;
using SentimentML.Files;

namespace SentimentML.Persistence;

/// <summary>The licence that a model card states in its metadata, as the hub reads it.</summary>
internal static partial class Licence
{
    private const int MaxHead = 1 << 16;

    /// <summary>The licence's identifier, such as "apache-2.0"; null if there is no card or it names none.</summary>
    public static string? Of(ModelFiles files)
    {
        if (!files.Contains(ModelParts.CardFile))
            return null;
        // A card is prose that no answer depends on: bytes that are not UTF-8 must not stop a model from loading.
        using MappedFile card = files.Map(ModelParts.CardFile);
        Match metadata = Metadata().Match(Encoding.UTF8.GetString(card.Span(0, Math.Min(card.Length, MaxHead))));
        Match licence = Line().Match(metadata.Value);
        return licence.Success ? licence.Groups["id"].Value.Trim('"', '\'') : null;
    }

    /// <summary>Whether an identifier says that commercial use is excluded.</summary>
    public static bool IsNonCommercial(string licence) =>
        licence.Split('-', ' ').Contains("nc", StringComparer.OrdinalIgnoreCase) || licence.Contains("non-commercial", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A\uFEFF?---\r?\n.*?^---\s*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Metadata();

    [GeneratedRegex(@"^license:[ \t]*(?<id>[^\s#]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
