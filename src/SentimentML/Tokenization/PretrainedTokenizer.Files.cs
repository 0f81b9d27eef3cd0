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
            Directory.CreateDirectory(folder);
            foreach ((string name, ReadOnlyMemory<byte> content) in Files)
                WriteWhole(Path.Combine(folder, name), content.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The tokenizer cannot be written to {Path.GetFullPath(folder)}: {e.Message}", e);
        }
    }

    private static void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        string partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (FileStream file = new(partial, FileMode.CreateNew))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial); // there only when something went wrong
        }
    }
}
