using SentimentML.Files;
using SentimentML.Persistence;

namespace SentimentML.Tests.Persistence;

public sealed class ModelDigestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelDigestTests()
    {
        foreach (string file in Directory.GetFiles(Shared.Golden("tiny_classifier")))
            File.Copy(file, _folder.At(Path.GetFileName(file)));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    public void A_byte_in_a_file_changes_it(string name)
    {
        string before = Digest();
        byte[] content = File.ReadAllBytes(_folder.At(name));
        content[^2] ^= 1;
        File.WriteAllBytes(_folder.At(name), content);
        Assert.NotEqual(before, Digest());
    }

    [Fact]
    public void A_byte_of_a_shard_in_a_folder_changes_it()
    {
        Directory.CreateDirectory(_folder.At("sub"));
        File.Move(_folder.At("model.safetensors"), _folder.At("sub", "a.safetensors"));
        _folder.With("model.safetensors.index.json", """{"weight_map": {"roberta.embeddings.LayerNorm.bias": "sub/a.safetensors"}}""");
        string before = Digest();
        byte[] content = File.ReadAllBytes(_folder.At("sub", "a.safetensors"));
        content[^2] ^= 1;
        File.WriteAllBytes(_folder.At("sub", "a.safetensors"), content);
        Assert.NotEqual(before, Digest());
    }

    [Fact]
    public void A_files_name_changes_it()
    {
        string before = Digest();
        File.Move(_folder.At("tokenizer.json"), _folder.At("tokenizer2.json"));
        Assert.NotEqual(before, Digest());
    }

    [Fact]
    public void The_card_and_where_the_folder_lies_do_not()
    {
        string before = Digest();
        _folder.With("README.md", "# A card");
        Assert.Equal(before, Digest());
        Assert.Equal(before, ModelDigest.Of(ModelFiles.InFolder(Shared.Golden("tiny_classifier")), TestContext.Current.CancellationToken));
    }

    private string Digest() => ModelDigest.Of(ModelFiles.InFolder(_folder.Path), TestContext.Current.CancellationToken);
}
