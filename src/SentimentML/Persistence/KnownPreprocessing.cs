using SentimentML.Backbones;
using SentimentML.Backbones.Hub;
using SentimentML.Files;

namespace SentimentML.Persistence;

/// <summary>How texts are rewritten for models of the hub whose files do not say so.</summary>
internal static class KnownPreprocessing
{
    /// <summary>
    /// By the hub's id, as the folder of its cache has it, or that of the model which an adapter changes; null if texts are read as they are, and for a model
    /// with a record, which says what it needs.
    /// </summary>
    public static TweetPreprocessingOptions? Of(ModelFiles files)
    {
        if (files.Contains(ModelRecord.FileName))
            return null;
        string? id = HubReference.IdOfCached(files.Location);
        if (id is null && files.Contains(AdapterFiles.Config) && AdapterFiles.BaseOf(files) is { } name)
            id = HubReference.IdOfCached(name) ?? name;
        // Its authors trained it on rewritten tweets (https://huggingface.co/pysentimiento/robertuito-base-uncased).
        return id?.StartsWith("pysentimiento/robertuito", StringComparison.Ordinal) == true ? TweetPreprocessing.Robertuito.Options : null;
    }
}
