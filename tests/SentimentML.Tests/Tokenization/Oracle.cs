using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace SentimentML.Tests.Tokenization;

/// <summary>One tokenizer.json read by ours and by the reference's own code (Rust, in the package Tokenizers.DotNet), text for text.</summary>
internal sealed class Oracle : IDisposable
{
    private readonly Tokenizers.DotNet.Tokenizer _reference;
    private readonly List<string> _differences = [];
    private int _texts;

    private Oracle(string name, string tokenizerJson)
    {
        Name = name;
        using TemporaryFolder folder = new TemporaryFolder().With("tokenizer.json", tokenizerJson);
        _reference = new Tokenizers.DotNet.Tokenizer(vocabPath: folder.At("tokenizer.json"));
        Ours = PretrainedTokenizer.FromFolder(folder.Path);
    }

    public string Name { get; }

    public PretrainedTokenizer Ours { get; }

    /// <summary>A kind of tokenizer as the goldens have it, or with something changed.</summary>
    /// <param name="family">The goldens' folder.</param>
    /// <param name="name">What is changed.</param>
    /// <param name="change">Changes the file.</param>
    public static Oracle Of(string family, string name = "", Action<JsonNode>? change = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux()
            && RuntimeInformation.ProcessArchitecture == Architecture.X64, "the reference's code is here for Linux on x64 alone");
        string path = family == "small" ? Shared.Path("small", "tokenizer.json") : Shared.Golden("families", family, "classifier", "tokenizer.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        change?.Invoke(json);
        return new Oracle($"{family} {name}", json.ToJsonString());
    }

    public void Compare(string text, bool decode = false)
    {
        _texts++;
        int[] expected = [.. _reference.Encode(text).Select(id => (int)id)];
        Reference.Compare(_differences, $"ids by {Name}", text, expected, Ours.EncodeToIds(text, maxTokens: int.MaxValue));
        Reference.Compare(_differences, $"ids with offsets by {Name}", text, expected, Ours.Encode(text, maxTokens: int.MaxValue).Ids);
        if (decode && expected.Length > 0)
            Reference.Compare(_differences, $"decoded text by {Name}", text, _reference.Decode([.. expected.Select(id => (uint)id)]), Ours.Decode(expected));
    }

    public void AssertSame() => Reference.AssertSame(_differences, _texts);

    public void Dispose() => _reference.Dispose();
}
