using SentimentML.Files;

namespace SentimentML;

public sealed partial class PretrainedTokenizer
{
    /// <summary>
    /// The tokenizer as files that transformers reads: tokenizer.json, vocab.json, merges.txt, tokenizer_config.json,
    /// special_tokens_map.json. Those that it was read from have the same bytes; the others are made from them.
    /// </summary>
    internal IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> Files => _files.Value;

    /// <summary>Writes <see cref="Files"/> into a folder, which is made if need be. A file appears whole or not at all.</summary>
    /// <exception cref="SentimentMLException">The folder cannot be written to.</exception>
    internal void Save(string folder)
    {
        try
        {
            foreach ((string name, ReadOnlyMemory<byte> content) in Files)
                WholeFile.Write(Path.Combine(folder, name), content.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The tokenizer cannot be written to {Path.GetFullPath(folder)}: {e.Message}", e);
        }
    }
}
