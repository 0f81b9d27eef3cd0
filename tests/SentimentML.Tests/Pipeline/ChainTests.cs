using Microsoft.ML;

namespace SentimentML.Tests.Pipeline;

/// <summary>The fine-tuned model, reached from the pipeline that holds it; and what a saved one knows of itself.</summary>
public sealed class ChainTests : IDisposable
{
    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_model_is_reached_from_a_fitted_and_from_a_loaded_pipeline()
    {
        ITransformer fitted = TinyTask.Pipeline(_ml, TinyTask.Options(TinyTask.View(_ml, 20))).Fit(TinyTask.View(_ml));
        _ml.Model.Save(fitted, TinyTask.View(_ml).Schema, _folder.At("model.zip"));
        ITransformer loaded = _ml.Model.Load(_folder.At("model.zip"), out DataViewSchema _);

        using SentimentClassificationTransformer before = fitted.SentimentClassification(), after = loaded.SentimentClassification();
        Assert.Equal(3, before.Evaluations.Count);
        Assert.Equal(before.Evaluations, after.Evaluations);
        Assert.Equal(before.Record.ToJson(), after.Record.ToJson());
        before.SaveFolder(_folder.At("fitted"));
        after.SaveFolder(_folder.At("loaded"));
        Assert.Equal(File.ReadAllBytes(_folder.At("fitted/model.safetensors")), File.ReadAllBytes(_folder.At("loaded/model.safetensors")));
    }

    [Fact]
    public void A_pipeline_without_the_model_says_what_it_holds()
    {
        ITransformer other = _ml.Transforms.CopyColumns("Copy", "Text").Append(_ml.Transforms.DropColumns("Text")).Fit(TinyTask.View(_ml));
        Assert.Equal("The pipeline holds no SentimentClassificationTransformer, expected one. Its transformers are ColumnCopyingTransformer, "
            + "ColumnSelectingTransformer.",
            Assert.Throws<InvalidOperationException>(other.SentimentClassification).Message);
    }

    [Fact]
    public void A_model_is_the_same_when_it_is_saved_before_and_after_it_has_scored()
    {
        using SentimentClassificationTransformer model = TinyTask.Pipeline(_ml).Fit(TinyTask.View(_ml)).SentimentClassification();
        model.SaveFolder(_folder.At("before"));
        Assert.NotEmpty(_ml.Data.CreateEnumerable<Scored>(model.Transform(TinyTask.View(_ml)), reuseRowObject: false).ToArray());
        model.SaveFolder(_folder.At("after"));
        foreach (string file in Directory.GetFiles(_folder.At("before")).Select(path => Path.GetFileName(path)!))
            Assert.True(File.ReadAllBytes(_folder.At("before/" + file)).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.At("after/" + file))),
                $"{file} differs");
    }

    [Fact]
    public void A_disposed_model_says_so_and_who_may_have_disposed_it()
    {
        ITransformer pipeline = TinyTask.Pipeline(_ml).Fit(TinyTask.View(_ml));
        _ml.Model.CreatePredictionEngine<TinyTask.Question, TinyTask.Answer>(pipeline).Dispose();
        Assert.Contains("unless PredictionEngineOptions.OwnsTransformer is false",
            Assert.Throws<ObjectDisposedException>(() => pipeline.SentimentClassification().Transform(TinyTask.View(_ml))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "temperature": 1e9 }""", "temperature is 1000000000, expected 0.01 to 100.")]
    [InlineData("""{ "max_tokens": 2 }""", "max_tokens is 2, expected 3 or more.")]
    [InlineData("""{ "labels_kept": { "bfloat16": 1.5 } }""", "labels_kept.bfloat16 is 1.5, expected 0 to 1.")]
    [InlineData("""{ "training": { "epochs": "many" } }""", "$.training.epochs")]
    [InlineData("""[]""", "ModelRecord")]
    public void A_damaged_record_names_file_and_key(string json, string fault)
    {
        string folder = Copy();
        File.WriteAllText(Path.Combine(folder, "sentimentml.json"), json);
        string message = Assert.Throws<ModelFileException>(() => SavedModel.Open(folder)).Message;
        Assert.Contains(Path.Combine(folder, "sentimentml.json"), message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_later_versions_are_kept()
    {
        string folder = Copy();
        File.WriteAllText(Path.Combine(folder, "sentimentml.json"), """{ "temperature": 2, "sentiment_map": { "LABEL_0": "negative" } }""");
        ModelRecord record = SavedModel.Open(folder).Record;
        Assert.Equal(2, record.Temperature);
        Assert.Contains("\"sentiment_map\": {\n    \"LABEL_0\": \"negative\"", record.ToJson(), StringComparison.Ordinal);
    }

    private string Copy()
    {
        string folder = _folder.At("copy");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Shared.Golden("tiny_classifier")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
