namespace SentimentML.Tests.Tokenization;

/// <summary>An empty folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tokenizer-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Copies files of the tiny tokenizer, all or those named.</summary>
    public TemporaryFolder WithTiny(params string[] names)
    {
        foreach (string name in names.Length > 0 ? names : ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"])
            System.IO.File.Copy(System.IO.Path.Combine(Reference.TinyFolder, name), File(name));
        return this;
    }

    public TemporaryFolder With(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
