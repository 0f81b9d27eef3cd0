using System.Text.Json;
using Microsoft.Extensions.AI;
using SentimentML.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Embeddings;

/// <summary>An encoder's pooled vectors.</summary>
public class TextEmbedderTests
{
    private static readonly string[] Texts = ["Muy bueno", "", "no", "Pésima calidad, se rompió a los dos días y no lo recomiendo", "Me encanta"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Backbone Classifier => Backbone.FromFolder(Shared.Golden("tiny_classifier"));

    [Fact]
    public void Vectors_of_first_tokens_equal_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_forward.json");
        JsonElement last = golden.GetProperty("hidden_states").EnumerateArray().Last();
        using TextEmbedder embedder = Load(Classifier, new() { Pooling = TextPooling.First });
        float[][] vectors = [.. embedder.Embed(golden.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!), Stop)];
        double[][] expected = [.. last.EnumerateArray().Select(row => row.GetProperty("first").Doubles())];
        Goldens.Near("first tokens", expected, Doubles(vectors), 1e-4);
    }

    [Fact]
    public void The_mean_of_a_row_of_two_tokens_equals_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_forward.json");
        JsonElement last = golden.GetProperty("hidden_states").EnumerateArray().Last();
        string[] texts = [.. golden.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        using TextEmbedder embedder = Load(Classifier);
        float[][] vectors = [.. embedder.Embed(texts, Stop)];
        int empty = Array.IndexOf(texts, "");
        double[] first = last[empty].GetProperty("first").Doubles(), end = last[empty].GetProperty("last").Doubles();
        Goldens.Near("mean of <s> and </s>", [.. first.Zip(end, (a, b) => (a + b) / 2)], Doubles(vectors)[empty], 1e-4);
    }

    [Theory]
    [InlineData(TextPooling.Mean, "mean")]
    [InlineData(TextPooling.First, "first_token")]
    public void A_BERT_with_a_Unigram_vocabulary_in_4_bits_equals_the_reference_in_mean_and_first_token(TextPooling pooling, string field)
    {
        string small = Shared.Path("small");
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])["config.json", "tokenizer.json", "tokenizer_config.json"])
            File.Copy(Path.Combine(small, file), folder.At(file));
        File.CreateSymbolicLink(folder.At("model.safetensors"), Path.Combine(small, "model.q4.safetensors"));
        JsonElement[] golden = [.. File.ReadLines(Path.Combine(small, "forward.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        using TextEmbedder embedder = Load(Backbone.FromFolder(folder.Path), new() { Pooling = pooling });
        float[][] vectors = [.. embedder.Embed(golden.Select(row => row.GetProperty("text").GetString()!), Stop)];
        Goldens.Near(field, [.. golden.Select(row => row.GetProperty(field).Doubles())], Doubles(vectors), 1e-4);
    }

    [Fact]
    public void The_mean_is_over_the_rows_own_tokens_for_a_backbone_and_for_a_saved_model()
    {
        SavedModel model = SavedModel.Open(Shared.Golden("tiny_classifier"));
        using SequenceClassifier network = model.LoadNetwork(CPU, Stop);
        using TextEmbedder ofBackbone = Load(Classifier), ofModel = TextEmbedder.Load(model, new() { Device = TorchDevice.Cpu }, Stop);
        float[][] vectors = [.. ofBackbone.Embed(Texts, Stop)], ofModels = [.. ofModel.Embed(Texts, Stop)];
        for (int i = 0; i < Texts.Length; i++)
        {
            using var _ = no_grad();
            using DisposeScope scope = NewDisposeScope();
            using var batch = TokenBatch.Padded([model.Tokenizer.EncodeToIds(Texts[i])], network.Config, CPU);
            double[] expected = [.. network.Encoder.forward(batch).mean([0, 1]).data<float>().ToArray()];
            Goldens.Near($"'{Texts[i]}' by the backbone", expected, Doubles(vectors)[i], 1e-5);
            Goldens.Near($"'{Texts[i]}' by the saved model", expected, Doubles(ofModels)[i], 1e-5);
        }
    }

    [Fact]
    public void Normalized_vectors_are_the_same_divided_by_their_lengths()
    {
        using TextEmbedder plain = Load(TinyTask.Backbone), normalized = Load(TinyTask.Backbone, new() { Normalize = true });
        double[][] expected = [.. Doubles([.. plain.Embed(Texts, Stop)])
            .Select(vector => Array.ConvertAll(vector, x => x / Math.Sqrt(vector.Sum(y => y * y))))];
        Goldens.Near("vector / length", expected, Doubles([.. normalized.Embed(Texts, Stop)]), 1e-6);
    }

    [Fact]
    public void A_prefix_stands_in_front_of_each_text_and_counts_among_the_tokens()
    {
        using TextEmbedder plain = Load(TinyTask.Backbone), prefixed = Load(TinyTask.Backbone, new() { Prefix = "query: " });
        using TextEmbedder cut = Load(TinyTask.Backbone, new() { Prefix = "query: ", MaxTokens = 3 });
        Goldens.Near("with the prefix", Doubles([.. plain.Embed(Texts.Select(text => "query: " + text), Stop)]),
            Doubles([.. prefixed.Embed(Texts, Stop)]), 1e-5);
        Assert.Equal(3, cut.MaxTokens);
        Assert.Equal(cut.Embed("bueno"), cut.Embed("malo")); // nothing of the texts is left
        Assert.NotEqual(prefixed.Embed("bueno"), prefixed.Embed("malo"));
    }

    [Fact]
    public void Texts_are_rewritten_as_a_saved_models_record_says_and_prefixed_then()
    {
        const string tweet = "@ana Es buenísimooooo!!! jajajajaja https://example.com/x";
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("tiny_classifier")))
            File.Copy(file, folder.At(Path.GetFileName(file)));
        File.WriteAllText(folder.At(ModelRecord.FileName), new ModelRecord { Preprocessing = TweetPreprocessing.Robertuito.Options }.ToJson());
        TextEmbedderOptions options = new() { Device = TorchDevice.Cpu, Prefix = "@query: " };
        using TextEmbedder plain = Load(Classifier, options), ofTweets = TextEmbedder.Load(SavedModel.Open(folder.Path), options, Stop);
        Assert.NotEqual(plain.Embed(tweet), ofTweets.Embed(tweet));
        Goldens.Near("rewritten", Doubles([plain.Embed(TweetPreprocessing.Robertuito.Apply(tweet))]), Doubles([ofTweets.Embed(tweet)]), 1e-5);
        using TextEmbedder asBackbone = TextEmbedder.Load(Backbone.FromFolder(folder.Path), options, Stop);
        Assert.Equal(ofTweets.Embed(tweet), asBackbone.Embed(tweet));
    }

    [Fact]
    public void A_folder_of_sentence_transformers_says_how_its_vectors_are_made()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("tiny_classifier")))
            File.Copy(file, folder.At(Path.GetFileName(file)));
        string Module(string type, string path = "") => $$"""{"idx": 0, "name": "0", "path": "{{path}}", "type": "sentence_transformers.models.{{type}}"}""";
        folder.With("modules.json", $"[{Module("Transformer")}, {Module("Pooling", "1_Pooling")}, {Module("Normalize", "2_Normalize")}]");
        folder.With("1_Pooling/config.json", """{"word_embedding_dimension": 32, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""");
        folder.With("sentence_bert_config.json", """{"max_seq_length": 7, "do_lower_case": false}""");
        var saved = Backbone.FromFolder(folder.Path);
        using (TextEmbedder own = Load(saved), first = Load(Classifier, new() { Pooling = TextPooling.First, MaxTokens = 7, Normalize = true }))
        {
            Assert.Equal(7, own.MaxTokens);
            Assert.Equal(first.Embed("Muy bueno, pero se rompió"), own.Embed("Muy bueno, pero se rompió"));
        }
        using (TextEmbedder stated = Load(saved, new() { Pooling = TextPooling.Mean, MaxTokens = 9, Normalize = false }), mean = Load(Classifier))
        {
            Assert.Equal(9, stated.MaxTokens);
            Assert.Equal(mean.Embed("Muy bueno"), stated.Embed("Muy bueno"));
        }

        folder.With("sentence_bert_config.json", """{"max_seq_length": 7, "do_lower_case": true}""");
        folder.With("config_sentence_transformers.json", """{"prompts": {"query": "Query: "}, "default_prompt_name": "query"}""");
        using (TextEmbedder own = Load(saved), plain = Load(saved, new() { Prefix = "" }))
        {
            Assert.Equal(plain.Embed("query: muy bueno"), own.Embed("MUY bueno"));
            Assert.NotEqual(plain.Embed("muy bueno"), own.Embed("muy bueno"));
        }
        Refused("has the default_prompt_name 'query'", "config_sentence_transformers.json", """{"prompts": {}, "default_prompt_name": "query"}""");
        folder.With("config_sentence_transformers.json", """{"prompts": {"query": "q "}, "default_prompt_name": "query"}""");
        Refused("pools the tokens of a text without those of 'q '", "1_Pooling/config.json", """{"pooling_mode_cls_token": true, "include_prompt": false}""");

        Refused("pools by max_tokens", "1_Pooling/config.json", """{"pooling_mode_cls_token": false, "pooling_mode_max_tokens": true}""");
        Refused("which is not in the folder", "modules.json", $"[{Module("Transformer")}, {Module("Pooling", "../elsewhere")}]");
        Refused("go through a module 'Dense'", "modules.json", $"[{Module("Transformer")}, {Module("Dense", "2_Dense")}]");
        Refused("modules.json is damaged", "modules.json", "{");

        void Refused(string words, string file, string content)
        {
            folder.With(file, content);
            Assert.Contains(words, Assert.Throws<ModelFileException>(() => Load(saved)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Vectors_keep_the_texts_order_over_many_batches_however_they_are_asked_for()
    {
        using TextEmbedder embedder = await TextEmbedder.LoadAsync(TinyTask.Backbone, new() { Device = TorchDevice.Cpu }, Stop);
        string[] many = [.. Enumerable.Range(0, 1500).Select(i => string.Concat(Enumerable.Repeat("bueno ", i * 7 % 41)) + i)];
        float[][] vectors = [.. embedder.Embed(many, Stop)];
        float[][] streamed = await embedder.EmbedAsync(many.ToAsyncEnumerable(), Stop).ToArrayAsync(Stop);
        GeneratedEmbeddings<Embedding<float>> generated = await embedder.GenerateAsync(many, cancellationToken: Stop);
        Assert.Equal((many.Length, many.Length, many.Length), (vectors.Length, streamed.Length, generated.Count));
        for (int i = 0; i < many.Length; i += 97)
        {
            double[] expected = Doubles([embedder.Embed(many[i])])[0];
            Goldens.Near($"text {i}", expected, Doubles(vectors)[i], 1e-5);
            Goldens.Near($"text {i} of the stream", expected, Doubles(streamed)[i], 1e-5);
            Goldens.Near($"text {i} generated", expected, Doubles([generated[i].Vector.ToArray()])[0], 1e-5);
        }
    }

    [Fact]
    public async Task An_embedder_is_a_generator_of_embeddings_with_metadata_and_usage()
    {
        using TextEmbedder embedder = Load(TinyTask.Backbone, new() { Prefix = "a " });
        IEmbeddingGenerator<string, Embedding<float>> generator = embedder;
        var metadata = Assert.IsType<EmbeddingGeneratorMetadata>(generator.GetService(typeof(EmbeddingGeneratorMetadata)));
        Assert.Equal(("sentimentml", TinyTask.Backbone.Name, embedder.Dimensions),
            (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(embedder, generator.GetService<TextEmbedder>());
        Assert.Null(generator.GetService(typeof(TextEmbedder), "key"));
        Assert.Null(generator.GetService(typeof(PretrainedTokenizer)));

        var tokenizer = PretrainedTokenizer.FromFolder(TinyTask.Backbone.Name);
        GeneratedEmbeddings<Embedding<float>> embeddings =
            await generator.GenerateAsync(Texts, new() { Dimensions = embedder.Dimensions, ModelId = metadata.DefaultModelId }, Stop);
        Assert.All(embeddings, embedding => Assert.Equal((embedder.Dimensions, metadata.DefaultModelId), (embedding.Dimensions, embedding.ModelId)));
        long tokens = Texts.Sum(text => tokenizer.EncodeToIds("a " + text).Length);
        Assert.Equal((tokens, tokens), (embeddings.Usage!.InputTokenCount, embeddings.Usage.TotalTokenCount));
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: Stop));
        Assert.Equal(embedder.Embed("bueno"), await generator.GenerateVectorAsync("bueno", cancellationToken: Stop));

        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(Texts, new() { Dimensions = embedder.Dimensions / 2 }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(Texts, new() { ModelId = "other/model" }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a", null!], cancellationToken: Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Texts, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void No_more_than_two_windows_of_texts_are_read_ahead_of_the_vectors()
    {
        using TextEmbedder embedder = Load(TinyTask.Backbone);
        int read = 0, answered = 0, most = 0;
        IEnumerable<string> Endless()
        {
            for (; ; read++)
                yield return $"texto {read}";
        }
        foreach (float[] _ in embedder.Embed(Endless(), Stop).Take(4000))
            most = Math.Max(most, read - ++answered);
        Assert.InRange(most, 1, 2 * 1024);
    }

    [Fact]
    public async Task Many_threads_get_the_vectors_that_one_gets()
    {
        using TextEmbedder embedder = Load(TinyTask.Backbone);
        double[][] alone = [.. Texts.Select(text => Doubles([embedder.Embed(text)])[0])];
        await Parallel.ForAsync(0, 400, Stop, async (i, stop) =>
        {
            int text = i % Texts.Length;
            float[] vector = i % 2 == 0
                ? embedder.Embed(Texts[text])
                : (await embedder.GenerateAsync([Texts[text]], cancellationToken: stop))[0].Vector.ToArray();
            Goldens.Near($"'{Texts[text]}'", alone[text], Doubles([vector])[0], 1e-5);
        });
    }

    [Fact]
    public async Task A_disposed_embedder_says_so_and_work_in_between_ends()
    {
        TextEmbedder embedder = Load(TinyTask.Backbone);
        using IEnumerator<float[]> vectors = embedder.Embed(Enumerable.Range(0, int.MaxValue).Select(i => $"texto {i}"), Stop).GetEnumerator();
        Assert.True(vectors.MoveNext());
        embedder.Dispose();
        embedder.Dispose();
        var late = Assert.Throws<ObjectDisposedException>(() =>
        {
            while (vectors.MoveNext())
            {
            }
        });
        Assert.Equal(nameof(TextEmbedder), late.ObjectName);
        Assert.Throws<ObjectDisposedException>(() => embedder.Embed("a"));
        Assert.Throws<ObjectDisposedException>(() => embedder.Embed(Texts, Stop));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => embedder.GenerateAsync(Texts, cancellationToken: Stop));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await embedder.EmbedAsync(Texts.ToAsyncEnumerable(), Stop).CountAsync(Stop));
    }

    [Fact]
    public async Task Wrong_calls_are_rejected_and_work_and_loading_can_be_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        using TextEmbedder embedder = Load(TinyTask.Backbone);
        Assert.Empty(embedder.Embed([], Stop));
        Assert.Throws<ArgumentException>(() => embedder.Embed(["a", null!], Stop).Count());
        Assert.Throws<OperationCanceledException>(() => embedder.Embed(Texts, cancelled).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextEmbedderOptions { Pooling = (TextPooling)5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextEmbedderOptions { MaxTokens = 2 });
        Assert.ThrowsAny<OperationCanceledException>(() => TextEmbedder.Load(TinyTask.Backbone, new() { Device = TorchDevice.Cpu }, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TextEmbedder.LoadAsync(TinyTask.Backbone, cancellationToken: cancelled));
        await Assert.ThrowsAsync<ModelFileException>(() => TextEmbedder.LoadAsync(Backbone.FromFolder("nowhere"), cancellationToken: Stop));
    }

    private static TextEmbedder Load(Backbone backbone, TextEmbedderOptions? options = null)
    {
        options ??= new TextEmbedderOptions();
        options.Device = TorchDevice.Cpu;
        return TextEmbedder.Load(backbone, options, Stop);
    }

    private static double[][] Doubles(float[][] vectors) => [.. vectors.Select(vector => vector.Select(x => (double)x).ToArray())];
}
