using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using TorchSharp;

namespace SentimentML.Tests.Persistence;

/// <summary>Models of every kind of tokenizer with the vocabulary of a few sentences.</summary>
public sealed class VocabularyTrimTests : IDisposable
{
    private static readonly string[] Corpus =
    [
        "La mesa tiene las patas bonitas y llegó antes de lo previsto.",
        "No funciona, se rompió al segundo día y nadie contesta.",
        "El libro es muy bueno: lo he leído dos veces y me encanta la historia.",
        "¡Qué mal! La batería dura poco para lo que cuesta, 30 euros…",
    ];

    /// <summary>Words that the corpus lacks, other scripts, emoji, and special tokens as text.</summary>
    private static readonly string[] Strange =
        ["Absolutamente maravilloso, extraordinariamente cómodo", "日本語の文章 и русский", "😀👍🏽 ok", "", "  dos   espacios \n y líneas", "<mask> [MASK] @usuario",
            "ñandú ÑANDÚ çà"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Families =>
        ["bert_beto", "bert_uncased", "bert_unigram", "distilbert", "xlm_roberta", "robertuito", "modernbert", "mmbert"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_that_lies_alone_is_told_as_one()
    {
        _folder.With("adapter/adapter_config.json", new JsonObject
        {
            ["peft_type"] = "LORA", ["r"] = 2, ["lora_alpha"] = 4, ["base_model_name_or_path"] = Shared.Golden("tiny_classifier"),
        }.ToJsonString());
        Assert.Contains("is an adapter (adapter_config.json), expected a model's own weights", Assert.Throws<ModelFileException>(
            () => VocabularyTrim.Write(SavedModel.Open(_folder.At("adapter")), Corpus, _folder.At("model"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Texts_whose_tokens_are_kept_have_the_same_tokens_and_logits(string family)
    {
        SavedModel whole = SavedModel.Open(Shared.Golden($"families/{family}/classifier"));
        VocabularyTrimResult result = VocabularyTrim.Write(whole, Corpus, _folder.At("model"));
        SavedModel trimmed = SavedModel.Open(_folder.At("model"));

        Assert.Equal((Corpus.Length, Corpus.Length), (result.Texts, result.UnchangedTexts));
        Assert.Equal(result.TokensPerTextBefore, result.TokensPerTextAfter);
        Assert.Equal((whole.Config.VocabularySize, trimmed.Config.VocabularySize), (result.VocabularySizeBefore, result.VocabularySizeAfter));
        Assert.Equal(trimmed.Tokenizer.VocabularySize, result.VocabularySizeAfter);
        Assert.True(result.VocabularySizeAfter < result.VocabularySizeBefore / 2, $"{result}");
        Assert.Equal((long)(result.VocabularySizeBefore - result.VocabularySizeAfter) * whole.Config.HiddenSize,
            result.ParametersBefore - result.ParametersAfter);
        Assert.Equal((whole.CountParameters(), trimmed.CountParameters()), (result.ParametersBefore, result.ParametersAfter));
        Assert.Equal(new FileInfo(_folder.At("model", "model.safetensors")).Length, result.BytesAfter);

        using SequenceClassifier before = whole.LoadNetwork(torch.CPU), after = trimmed.LoadNetwork(torch.CPU);
        int same = 0;
        foreach (string text in Corpus.Concat(Texts(family)))
        {
            int[] old = whole.Tokenizer.EncodeToIds(text), now = trimmed.Tokenizer.EncodeToIds(text);
            int?[] kept = [.. old.Select(id => trimmed.Tokenizer.TokenToId(whole.Tokenizer.IdToToken(id)!))];
            if (kept.Contains(null) || old.Contains(whole.Tokenizer.UnkTokenId ?? -1))
                continue;
            same++;
            Assert.True(now.SequenceEqual(kept.OfType<int>()), $"'{text}' has the tokens {Tokens(trimmed, now)}, expected {Tokens(whole, old)}");
            Assert.Equal(whole.Tokenizer.Decode(old), trimmed.Tokenizer.Decode(now));
            Assert.Equal(Goldens.Logits(before, [old])[0], Goldens.Logits(after, [now])[0]);
        }
        Assert.True(same > Corpus.Length, $"only {same} texts have all their tokens in the trimmed vocabulary");
    }

    [Fact]
    public void Weights_whose_names_a_wrapper_begins_are_trimmed_alike()
    {
        string source = Shared.Golden("families/bert_beto/classifier"), wrapped = Copy(source, "wrapped");
        VocabularyTrim.Write(SavedModel.Open(source), Corpus, _folder.At("expected"));
        using (Checkpoint plain = Checkpoint.Open(ModelFiles.InFolder(source)))
        using (FileStream file = File.Create(Path.Combine(wrapped, Checkpoint.Safetensors)))
            SafetensorsWriter.Write(file, [.. plain.Tensors.Values.Select(tensor =>
            {
                byte[] bytes = [.. Values(tensor).SelectMany(BitConverter.GetBytes)];
                return new SafetensorsEntry("module." + tensor.Name, CheckpointDtype.F32, [.. tensor.Shape],
                    (offset, count) => bytes.AsSpan((int)offset, count));
            })]);
        VocabularyTrim.Write(SavedModel.Open(wrapped), Corpus, _folder.At("trimmed"));
        using SequenceClassifier expected = SavedModel.Open(_folder.At("expected")).LoadNetwork(torch.CPU),
            trimmed = SavedModel.Open(_folder.At("trimmed")).LoadNetwork(torch.CPU);
        int[] ids = SavedModel.Open(_folder.At("trimmed")).Tokenizer.EncodeToIds(Corpus[0]);
        Assert.Equal(Goldens.Logits(expected, [ids])[0], Goldens.Logits(trimmed, [ids])[0]);
    }

    /// <summary>With byte tokens nothing is unknown; elsewhere a character of the old vocabulary is lost only if it is of another script.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Other_texts_are_cut_into_smaller_tokens(string family)
    {
        SavedModel whole = SavedModel.Open(Shared.Golden($"families/{family}/classifier"));
        VocabularyTrim.Write(whole, Corpus, _folder.At("model"));
        SavedModel trimmed = SavedModel.Open(_folder.At("model"));
        foreach (string text in Strange.Concat(Texts(family)))
        {
            TokenizedText old = whole.Tokenizer.Encode(text, maxTokens: int.MaxValue), now = trimmed.Tokenizer.Encode(text, maxTokens: int.MaxValue);
            if (text.Any(c => c > 0x24F && char.IsLetter(c)) || whole.Tokenizer.UnkTokenId is { } unknown && old.Ids.Contains(unknown))
                continue;
            Assert.Equal(whole.Tokenizer.Decode([.. old.Ids]), trimmed.Tokenizer.Decode([.. now.Ids]));
        }
    }

    [Theory]
    [InlineData("bert_beto", "cls.predictions.bias")]
    [InlineData("xlm_roberta", "lm_head.bias")]
    [InlineData("robertuito", "lm_head.bias")]
    [InlineData("modernbert", "decoder.bias")]
    [InlineData("mmbert", "decoder.bias")]
    public void A_language_model_s_head_is_trimmed_with_its_embeddings(string family, string bias)
    {
        SavedModel whole = SavedModel.Open(Shared.Golden($"families/{family}/mlm"));
        VocabularyTrimResult result = VocabularyTrim.Write(whole, Corpus, _folder.At("model"));
        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(_folder.At("model"));
        using Checkpoint before = Checkpoint.Open(ModelFiles.InFolder(whole.Location)), after = Checkpoint.Open(ModelFiles.InFolder(_folder.At("model")));
        Assert.Equal(before.Tensors.Keys.Order(StringComparer.Ordinal), after.Tensors.Keys.Order(StringComparer.Ordinal));
        string words = before.Tensors.Keys.Single(
            name => name.EndsWith("word_embeddings.weight", StringComparison.Ordinal) || name.EndsWith("tok_embeddings.weight", StringComparison.Ordinal));
        foreach (string name in before.Tensors.Keys)
        {
            float[] old = Values(before.Tensors[name]), now = Values(after.Tensors[name]);
            if (name != words && name != bias)
            {
                Assert.Equal(old, now);
                continue;
            }
            int width = old.Length / result.VocabularySizeBefore;
            Assert.Equal(result.VocabularySizeAfter * width, now.Length);
            for (int id = 0; id < result.VocabularySizeAfter; id++)
            {
                int oldId = whole.Tokenizer.TokenToId(tokenizer.IdToToken(id)!)!.Value;
                Assert.Equal(old[(oldId * width)..((oldId + 1) * width)], now[(id * width)..((id + 1) * width)]);
            }
        }
    }

    /// <summary>Nibbles and scales of a kept token's row stay bit for bit, so that its numbers do too.</summary>
    [Theory]
    [InlineData("bert_beto")]
    [InlineData("xlm_roberta")]
    public void Embeddings_in_4_bits_stay_in_4_bits(string family)
    {
        string source = Shared.Golden($"families/{family}/classifier"), packed = Copy(source, "packed");
        string words;
        using (Checkpoint plain = Checkpoint.Open(ModelFiles.InFolder(source)))
        {
            words = plain.Tensors.Keys.Single(name => name.EndsWith("word_embeddings.weight", StringComparison.Ordinal));
            Pack(plain, words, Path.Combine(packed, "model.safetensors"));
        }

        SavedModel whole = SavedModel.Open(packed);
        VocabularyTrimResult result = VocabularyTrim.Write(whole, Corpus, _folder.At("model"));
        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(_folder.At("model"));
        using Checkpoint before = Checkpoint.Open(ModelFiles.InFolder(packed)), after = Checkpoint.Open(ModelFiles.InFolder(_folder.At("model")));
        Assert.Equal(before.Tensors.Keys.Order(StringComparer.Ordinal), after.Tensors.Keys.Order(StringComparer.Ordinal));
        int width = whole.Config.HiddenSize;
        Assert.Equal([result.VocabularySizeBefore, width], before.Tensors[words].Shape);
        Assert.Equal([result.VocabularySizeAfter, width], after.Tensors[words].Shape);
        Assert.Equal([CheckpointDtype.U8, CheckpointDtype.F16], after.Tensors[words].Stored.Select(tensor => tensor.Dtype));
        Assert.Equal((long)(result.VocabularySizeBefore - result.VocabularySizeAfter) * width, result.ParametersBefore - result.ParametersAfter);
        float[] old = Values(before.Tensors[words]), now = Values(after.Tensors[words]);
        for (int id = 0; id < result.VocabularySizeAfter; id++)
        {
            int oldId = whole.Tokenizer.TokenToId(tokenizer.IdToToken(id)!)!.Value;
            Assert.Equal(old[(oldId * width)..((oldId + 1) * width)], now[(id * width)..((id + 1) * width)]);
        }
    }

    [Fact]
    public void The_most_frequent_tokens_stay_where_few_are_allowed()
    {
        SavedModel whole = SavedModel.Open(Shared.Golden("families/xlm_roberta/classifier"));
        int all = VocabularyTrim.Write(whole, Corpus, _folder.At("all")).VocabularySizeAfter;
        string[] often = [.. Enumerable.Repeat("muy bueno", 50), .. Corpus];
        VocabularyTrimResult result = VocabularyTrim.Write(whole, often, _folder.At("few"), new VocabularyTrimOptions { MaxVocabularySize = all - 20 });
        Assert.Equal(all - 20, result.VocabularySizeAfter);
        Assert.True(result.TokensPerTextAfter > result.TokensPerTextBefore, $"{result}");
        Assert.InRange(result.UnchangedTexts, 50, 53);
        Assert.Equal(whole.Tokenizer.Encode("muy bueno").Ids.Count, SavedModel.Open(_folder.At("few")).Tokenizer.Encode("muy bueno").Ids.Count);
    }

    [Theory]
    [InlineData("modernbert")]
    [InlineData("bert_beto")]
    public void Fewer_tokens_than_always_stay_are_refused(string family)
    {
        SavedModel whole = SavedModel.Open(Shared.Golden($"families/{family}/classifier"));
        var error = Assert.Throws<SentimentMLException>(
            () => VocabularyTrim.Write(whole, Corpus, _folder.At("model"), new VocabularyTrimOptions { MaxVocabularySize = 10 }));
        Assert.Contains("at most 10 tokens, expected", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    /// <summary>config.json, the templates and the lists of added tokens agree with the new vocabulary.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Every_id_in_the_files_is_of_the_token_that_it_was_of(string family)
    {
        SavedModel whole = SavedModel.Open(Shared.Golden($"families/{family}/classifier"));
        VocabularyTrim.Write(whole, Corpus, _folder.At("model"));
        JsonObject before = JsonNode.Parse(File.ReadAllText(Path.Combine(whole.Location, "config.json")))!.AsObject(),
            after = JsonNode.Parse(_folder.Read("model/config.json"))!.AsObject();
        JsonNode tokenizer = JsonNode.Parse(_folder.Read("model/tokenizer.json"))!;
        Dictionary<int, string> tokens = Tokens(tokenizer);
        Assert.Equal(Enumerable.Range(0, tokens.Count), tokens.Keys.Order());
        Assert.Equal(tokens.Count, (int)after["vocab_size"]!);
        foreach ((string key, JsonNode? value) in before)
        {
            if (key.EndsWith("_token_id", StringComparison.Ordinal) && value is not null)
                Assert.Equal(whole.Tokenizer.IdToToken((int)value), after[key] is { } id ? tokens[(int)id] : null);
            else if (key != "vocab_size")
                Assert.Equal(value?.ToJsonString(), after[key]?.ToJsonString());
        }
        foreach (JsonNode? token in tokenizer["added_tokens"]!.AsArray())
            Assert.Equal((string)token!["content"]!, tokens[(int)token["id"]!]);
        if (tokenizer["model"]!["merges"] is JsonArray merges)
        {
            foreach (JsonNode? merge in merges)
            {
                string[] parts = merge is JsonArray pair ? [.. pair.Select(part => (string)part!)] : ((string)merge!).Split(' ');
                Assert.All((string[])[parts[0], parts[1], parts[0] + parts[1]], token => Assert.Contains(token, tokens.Values));
            }
        }
        Assert.False(File.Exists(_folder.At("model", "sentencepiece.bpe.model")));
        if (File.Exists(_folder.At("model", "vocab.txt")))
            Assert.Equal(tokenizer["model"]!["vocab"]!.AsObject().Select(token => token.Key), File.ReadAllLines(_folder.At("model", "vocab.txt")));
    }

    [Fact]
    public void A_byte_level_vocabulary_s_older_files_are_trimmed_too()
    {
        SavedModel whole = SavedModel.Open(Shared.Golden("tiny_classifier"));
        VocabularyTrim.Write(whole, Corpus, _folder.At("model"));
        using var older = new TemporaryFolder();
        foreach (string name in (string[])["vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"])
            File.Copy(_folder.At("model", name), older.At(name));
        PretrainedTokenizer newer = PretrainedTokenizer.FromFolder(_folder.At("model")), old = PretrainedTokenizer.FromFolder(older.Path);
        Assert.Equal(newer.VocabularySize, old.VocabularySize);
        foreach (string text in Corpus.Concat(Strange))
            Assert.Equal(newer.EncodeToIds(text), old.EncodeToIds(text));
    }

    [Fact]
    public void A_trimmed_model_can_be_trimmed_again_and_is_then_the_same()
    {
        VocabularyTrim.Write(SavedModel.Open(Shared.Golden("families/mmbert/classifier")), Corpus, _folder.At("first"));
        VocabularyTrim.Write(SavedModel.Open(_folder.At("first")), Corpus, _folder.At("second"));
        foreach (string path in Directory.GetFiles(_folder.At("first")))
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.At("second", Path.GetFileName(path)))),
                $"{Path.GetFileName(path)} differs");
    }

    [Fact]
    public void What_cannot_be_trimmed_is_refused_and_nothing_is_written()
    {
        string source = Shared.Golden("families/bert_beto/classifier");
        foreach (string name in (string[])["config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json"])
            _folder.With($"older/{name}", File.ReadAllBytes(Path.Combine(source, name)));
        Assert.Contains("no tokenizer.json", Refusal(SavedModel.Open(_folder.At("older")), Corpus, "model").Message, StringComparison.Ordinal);
        Assert.Contains("no texts", Refusal(SavedModel.Open(source), [], "model").Message, StringComparison.Ordinal);
        Assert.Contains("not empty", Refusal(SavedModel.Open(source), Corpus, "older").Message, StringComparison.Ordinal);
        Assert.Equal(["older"], _folder.Names);
    }

    /// <summary>After the first pass over the texts, and after the second, when the weights are to be written.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cancelled_it_writes_nothing(int reports)
    {
        SavedModel whole = SavedModel.Open(Shared.Golden("families/bert_beto/classifier"));
        using var cancellation = new CancellationTokenSource();
        var options = new VocabularyTrimOptions { Progress = new CancelAfter(cancellation, reports), CancellationToken = cancellation.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => VocabularyTrim.Write(whole, Corpus, _folder.At("model"), options));
        Assert.Empty(_folder.Names);
    }

    /// <summary>Of two ids of one added token the later counts; the earlier is of a token that does not stay.</summary>
    [Fact]
    public void An_added_token_that_is_listed_twice_keeps_the_id_that_counts()
    {
        string source = Shared.Golden("families/bert_beto/classifier"), folder = Copy(source, "twice");
        SavedModel whole = SavedModel.Open(source);
        VocabularyTrim.Write(whole, Corpus, _folder.At("once"));
        PretrainedTokenizer trimmed = PretrainedTokenizer.FromFolder(_folder.At("once"));
        int left = Enumerable.Range(0, whole.Tokenizer.VocabularySize)
            .First(id => whole.Tokenizer.IdToToken(id) is { } token && trimmed.TokenToId(token) is null);
        ListAddedTokens(folder, whole.Tokenizer, left, whole.Tokenizer.PadTokenId);

        VocabularyTrim.Write(SavedModel.Open(folder), Corpus, _folder.At("model"));
        JsonObject listed = JsonNode.Parse(_folder.Read("model/tokenizer_config.json"))!["added_tokens_decoder"]!.AsObject();
        Assert.Equal([$"{PretrainedTokenizer.FromFolder(_folder.At("model")).PadTokenId}"], listed.Select(token => token.Key));
    }

    /// <summary>Which is not read where tokenizer_config.json lists the added tokens.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void A_damaged_added_tokens_json_is_refused(string content)
    {
        string source = Shared.Golden("families/bert_beto/classifier"), folder = Copy(source, "damaged");
        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(source);
        ListAddedTokens(folder, tokenizer, tokenizer.PadTokenId);
        _folder.With("damaged/added_tokens.json", content);
        SentimentMLException error = Refusal(SavedModel.Open(folder), Corpus, "model");
        Assert.Contains("added_tokens.json is damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(["damaged"], _folder.Names);
    }

    private string Copy(string source, string name)
    {
        foreach (string path in Directory.GetFiles(source))
            _folder.With($"{name}/{Path.GetFileName(path)}", File.ReadAllBytes(path));
        return _folder.At(name);
    }

    /// <summary>Writes tokenizer_config.json's added_tokens_decoder with the padding token under each of the ids.</summary>
    private static void ListAddedTokens(string folder, PretrainedTokenizer tokenizer, params int[] ids)
    {
        string path = Path.Combine(folder, "tokenizer_config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        var listed = new JsonObject();
        foreach (int id in ids)
            listed[$"{id}"] = new JsonObject { ["content"] = tokenizer.IdToToken(tokenizer.PadTokenId), ["normalized"] = false, ["special"] = true };
        config["added_tokens_decoder"] = listed;
        File.WriteAllText(path, config.ToJsonString());
    }

    /// <summary>Writes a checkpoint with random nibbles and scales in the place of a matrix, other tensors as floats.</summary>
    private static void Pack(Checkpoint plain, string matrix, string path)
    {
        var entries = new List<SafetensorsEntry>();
        foreach (CheckpointTensor tensor in plain.Tensors.Values)
        {
            if (tensor.Name != matrix)
            {
                byte[] floats = MemoryMarshal.AsBytes(Values(tensor).AsSpan()).ToArray();
                entries.Add(new SafetensorsEntry(tensor.Name, CheckpointDtype.F32, [.. tensor.Shape], (offset, count) => floats.AsSpan((int)offset, count)));
                continue;
            }
            long rows = tensor.Shape[0], columns = tensor.Shape[1];
            byte[] nibbles = new byte[rows * columns / 2];
            new Random(1).NextBytes(nibbles);
            Half[] values = [.. Enumerable.Range(1, (int)(rows * columns / 32)).Select(block => (Half)(block / 65536f))];
            byte[] scales = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
            entries.Add(new SafetensorsEntry(matrix, CheckpointDtype.U8, [rows, columns / 2], (offset, count) => nibbles.AsSpan((int)offset, count)));
            entries.Add(new SafetensorsEntry(matrix + ".scale", CheckpointDtype.F16, [rows, columns / 32],
                (offset, count) => scales.AsSpan((int)offset, count)));
        }
        using FileStream file = File.Create(path);
        SafetensorsWriter.Write(file, entries);
    }

    private sealed class CancelAfter(CancellationTokenSource cancellation, int reports) : IProgress<long>
    {
        private int _reports;

        public void Report(long value)
        {
            if (++_reports == reports)
                cancellation.Cancel();
        }
    }

    private SentimentMLException Refusal(SavedModel model, string[] texts, string output) =>
        Assert.ThrowsAny<SentimentMLException>(() => VocabularyTrim.Write(model, texts, _folder.At(output)));

    private static IEnumerable<string> Texts(string family) => File.ReadLines(Shared.Golden($"families/{family}/tokenizer.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.TryGetProperty("text", out _))
            .Select(row => row.GetProperty("text").GetString()!);

    private static float[] Values(CheckpointTensor tensor)
    {
        var values = new float[tensor.Count];
        tensor.CopyTo(values);
        return values;
    }

    private static string Tokens(SavedModel model, int[] ids) => string.Join(' ', ids.Select(model.Tokenizer.IdToToken));

    private static Dictionary<int, string> Tokens(JsonNode tokenizer)
    {
        var tokens = new Dictionary<int, string>();
        JsonNode vocabulary = tokenizer["model"]!["vocab"]!;
        if (vocabulary is JsonArray pieces)
        {
            foreach (JsonNode? piece in pieces)
                tokens.Add(tokens.Count, (string)piece![0]!);
        }
        else
        {
            foreach ((string token, JsonNode? id) in vocabulary.AsObject())
                tokens.Add((int)id!, token);
        }
        foreach (JsonNode? added in tokenizer["added_tokens"]!.AsArray())
            tokens.TryAdd((int)added!["id"]!, (string)added["content"]!);
        return tokens;
    }
}
