using System.Text.Json.Nodes;

namespace SentimentML.Tests.Persistence;

/// <summary>Texts are rewritten by what the model is, however it is named.</summary>
public sealed class KnownPreprocessingTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567", Robertuito = "pysentimiento/robertuito-sentiment-analysis";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pysentimiento--robertuito-base-uncased", true)]
    [InlineData("dccuchile--bert-base-spanish-wwm-cased", false)]
    public void The_folder_of_the_hubs_cache_says_which_model_it_holds(string name, bool isRewritten)
    {
        string snapshot = Path.Combine($"models--{name}", "snapshots", Commit);
        Copy(snapshot);
        Assert.Equal(isRewritten, SavedModel.Open(_folder.At(snapshot)).Preprocessing is not null);
    }

    [Theory]
    [InlineData(Robertuito, true)]
    [InlineData("../models--pysentimiento--robertuito-base-uncased/snapshots/" + Commit, true)]
    [InlineData("dccuchile/bert-base-spanish-wwm-cased", false)]
    [InlineData("robertuito", false)]
    public void An_adapter_needs_what_the_model_that_it_changes_needs(string changed, bool isRewritten)
    {
        Copy("adapter");
        _folder.With("adapter/adapter_config.json", new JsonObject
        {
            ["peft_type"] = "LORA", ["r"] = 2, ["lora_alpha"] = 4, ["base_model_name_or_path"] = changed,
        }.ToJsonString());
        Assert.Equal(isRewritten, SavedModel.Open(_folder.At("adapter")).Preprocessing is not null);
        _folder.With($"adapter/{ModelRecord.FileName}", new ModelRecord().ToJson()); // its training read texts as they are
        Assert.Null(SavedModel.Open(_folder.At("adapter")).Preprocessing);
    }

    private void Copy(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("tiny_classifier")))
            _folder.With(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
    }
}
