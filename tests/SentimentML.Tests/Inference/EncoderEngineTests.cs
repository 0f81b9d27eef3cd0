using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Tokenization;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Tests.Inference;

/// <summary>The compiled encoder against the reference and against the network as it was trained.</summary>
public class EncoderEngineTests
{
    private const double Exact = 1e-5;

    private static readonly Lazy<JsonElement> Golden = new(() => Goldens.Json("tiny_forward.json"));

    [Fact]
    public void Float32_logits_of_one_batch_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        Goldens.Near("logits", Golden.Value.GetProperty("classifier_logits_padded_batch").Rows(), Logits(engine, Ids()), Exact);
    }

    [Fact]
    public void Float32_logits_of_single_rows_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        double[][] single = [.. Ids().Select(row => Logits(engine, [row])[0])];
        Goldens.Near("logits", Golden.Value.GetProperty("classifier_logits_single").Rows(), single, Exact);
    }

    [Fact]
    public void Logits_of_three_classes_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier_3");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        Goldens.Near("logits", Golden.Value.GetProperty("classifier3_logits").Rows(), Logits(engine, Ids()), Exact);
    }

    [Fact]
    public void Float32_logits_at_full_size_equal_the_reference()
    {
        JsonElement[] cases = [.. Goldens.Json("base_forward.json").GetProperty("cases").EnumerateArray()];
        var tokenizer = PretrainedTokenizer.FromFolder(Shared.Path("tokenizers", "bne"));
        using SequenceClassifier network = FormulaWeights.Base();
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        TokenRow[] rows = [.. cases.Select(each => (TokenRow)tokenizer.EncodeToIds(each.GetProperty("text").GetString()!))];
        Goldens.Near("logits", [.. cases.Select(each => each.GetProperty("logits").Doubles())], Logits(engine, rows), Exact);
    }

    [Theory]
    [InlineData(InferencePrecision.Float32, Exact)]
    [InlineData(InferencePrecision.BFloat16, 0.03)]
    [InlineData(InferencePrecision.Int8, 0.06)]
    public void Every_precision_is_near_the_network(InferencePrecision precision, double tolerance)
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, precision);
        TokenRow[] rows = Rows(network.Config, 1, 2, 3, 17, 17, 17, 64, 127, 255, 512);
        Goldens.Near($"{engine.Description}, logits", Goldens.Logits(network, rows), Logits(engine, rows), tolerance);
    }

    [Fact]
    public void The_script_for_GPUs_compiles_everywhere()
    {
        using OwnedScript script = EncoderScript.Load("packed", "aten", FormulaWeights.BaseConfig);
        Assert.NotNull(script.invoke("calibrate", true));
    }

    [Theory]
    [InlineData("Gelu", 32, 4, 1)]
    [InlineData("GeluTanh", 32, 4, 2)]
    [InlineData("Relu", 48, 2, 3)]
    [InlineData("Gelu", 40, 5, 2)]
    [InlineData("Relu", 96, 3, 2)]
    [InlineData("GeluTanh", 64, 4, 1)]
    public void Every_activation_and_odd_sizes_equal_the_network(string activation, int hidden, int heads, int layers)
    {
        EncoderConfig config = FormulaWeights.BaseConfig with
        {
            VocabularySize = 101, HiddenSize = hidden, Heads = heads, Layers = layers, IntermediateSize = 3 * hidden + 1, MaxPositions = 70,
            TokenTypes = 1, Activation = Enum.Parse<Activation>(activation), Labels = ["a", "b", "c", "d", "e"],
        };
        using SequenceClassifier network = Drawn(config);
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        TokenRow[] rows = Rows(config, 3, 3, 5, 8, 13, 68);
        Goldens.Near("logits", Goldens.Logits(network, rows), Logits(engine, rows), Exact);
    }

    /// <summary>Those that oneDNN computes with the matrix before them, and those that are a step of their own; in ModernBERT all of them are.</summary>
    [Theory]
    [InlineData("bert_beto")]
    [InlineData("modernbert")]
    public void Every_activation_answers_as_its_network_in_every_precision(string family)
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            SequenceClassifier given = Families.Classifier(family);
            using SequenceClassifier network = new(given.Config with { Activation = activation, HeadActivation = activation });
            using (given)
                Copy(given, network);
            TokenRow[] rows = Rows(network.Config, 3, 9, 9, 60);
            double[][] expected = Goldens.Logits(network, rows);
            double size = expected.Max(row => row.Max(Math.Abs));
            foreach ((InferencePrecision precision, double tolerance) in new[] { (InferencePrecision.Float32, Exact), (InferencePrecision.BFloat16, 0.1),
                (InferencePrecision.Int8, 0.3) })
            {
                using EncoderEngine engine = Engine(network, precision);
                Goldens.Near($"{activation}, {engine.Description}, logits", expected, Logits(engine, rows), tolerance * Math.Max(1, size));
            }
            using EncoderEngine portable = EncoderEngine.Of(network, InferencePrecision.Float32, CPU, portable: true);
            Goldens.Near($"{activation}, {portable.Description}, logits", expected, Logits(portable, rows), Exact * Math.Max(1, size));
        }
    }

    private static void Copy(SequenceClassifier from, SequenceClassifier to)
    {
        using var _ = no_grad();
        foreach ((var source, var target) in from.named_parameters().Zip(to.named_parameters()))
            target.parameter.copy_(source.parameter);
        to.eval();
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Every_kind_of_encoder_answers_as_its_network_in_every_precision(string family)
    {
        using SequenceClassifier network = Families.Classifier(family);
        TokenRow[] rows = [.. Rows(network.Config, 3, 9, 9, 60, 127)
            .Select(row => row with { PairStart = network.Config.TellsTextsOfPairsApart ? row.Length / 2 : 0 }), .. Rows(network.Config, 4, 40)];
        double[][] expected = Goldens.Logits(network, rows);
        foreach ((InferencePrecision precision, double tolerance) in new[] { (InferencePrecision.Float32, Exact), (InferencePrecision.BFloat16, 0.1),
            (InferencePrecision.Int8, 0.3) })
        {
            using EncoderEngine engine = Engine(network, precision);
            Goldens.Near($"{engine.Description}, logits", expected, Logits(engine, rows), tolerance);
        }
        using EncoderEngine portable = EncoderEngine.Of(network, InferencePrecision.Float32, CPU, portable: true);
        Goldens.Near($"{portable.Description}, logits", expected, Logits(portable, rows), Exact);
        foreach (TokenRow[] part in (TokenRow[][])[rows, rows[..1], rows[1..3]]) // with padding, and without
        {
            using EncoderEngine padded = EncoderEngine.Of(network, InferencePrecision.Float32, CPU, portable: true, padded: true);
            Goldens.Near($"padded, {part.Length} rows, logits", Goldens.Logits(network, part), Logits(padded, part), Exact);
        }
    }

    public static TheoryData<string> AllFamilies => Families.Data;

    [Fact]
    public void A_pad_token_in_a_text_has_the_position_of_padding_and_is_attended_to()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        int pad = network.Config.PadTokenId;
        TokenRow[] rows = [new[] { 0, 17, pad, pad, 40, 2 }, new[] { 0, pad, 2 }, new[] { 0, 9, 8, 7, 6, pad, 2 }];
        Goldens.Near("logits", Goldens.Logits(network, rows), Logits(engine, rows), Exact);
    }

    [Theory]
    [InlineData(InferencePrecision.Float32)]
    [InlineData(InferencePrecision.Int8)]
    public void A_text_gets_the_same_answer_alone_and_in_any_batch(InferencePrecision precision)
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, precision);
        TokenRow[] rows = Rows(network.Config, [.. Enumerable.Range(0, 60).Select(i => 3 + i * 7 % 40)]);
        double[][] alone = [.. rows.Select(row => Logits(engine, [row])[0])];
        Goldens.Near("all together", alone, Logits(engine, rows), Exact);
        Goldens.Near("backwards", [.. alone.Reverse()], Logits(engine, [.. rows.Reverse()]), Exact);
        foreach (int size in new[] { 2, 5, 16 })
            Goldens.Near($"batches of {size}", alone, [.. rows.Chunk(size).SelectMany(batch => Logits(engine, batch))], Exact);
    }

    [Theory]
    [InlineData(InferencePrecision.Float32)]
    [InlineData(InferencePrecision.BFloat16)]
    [InlineData(InferencePrecision.Int8)]
    public void A_texts_answer_does_not_depend_on_the_worker_nor_on_how_many_there_are(InferencePrecision precision)
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, precision);
        TokenRow[] rows = Rows(network.Config, [.. Enumerable.Range(0, 400).Select(i => 3 + i * 7 % 120)]);
        float[][]? expected = null;
        foreach (int workers in new[] { 1, 2, 3, 3 })
        {
            using var pool = new WorkerPool(workers);
            var shared = new GatheringEngine(new SharedEngine(engine, workers), TimeSpan.Zero, pool: pool); // not disposed: the engine is used again
            float[][] answers = ScoringPipeline.Score(shared, rows, TestContext.Current.CancellationToken);
            expected ??= answers;
            for (int row = 0; row < rows.Length; row++)
                Assert.True(expected[row].AsSpan().SequenceEqual(answers[row]),
                    $"row {row} of {rows[row].Length} tokens: {string.Join(", ", answers[row])} with {workers} workers, {string.Join(", ", expected[row])} "
                    + "with 1");
        }
        Goldens.Near("logits", Logits(engine, rows), Array.ConvertAll(expected!, row => Array.ConvertAll(row, logit => (double)logit)),
            precision == InferencePrecision.Float32 ? Exact : 0.02);
    }

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void From_a_models_files_it_answers_bit_for_bit_as_from_the_network(string family)
    {
        var files = ModelFiles.InFolder(Families.Folder(family, "classifier"));
        using SequenceClassifier network = Families.Classifier(family);
        TokenRow[] rows = Rows(network.Config, 3, 9, 9, 60, 127);
        Func<TokenRow[]> calibration = () => rows;
        foreach ((InferencePrecision precision, bool portable) in new[] { (InferencePrecision.Float32, false), (InferencePrecision.Float32, true),
            (InferencePrecision.BFloat16, false), (InferencePrecision.Int8, false) })
        {
            using EncoderEngine expected = EncoderEngine.Of(network, precision, CPU, calibration, portable);
            using StoredNetwork stored = StoredNetwork.OfClassifier(files, network.Config);
            using EncoderEngine actual = EncoderEngine.From(
                stored, precision, CPU, calibration, portable: portable, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(expected.Logits(rows), actual.Logits(rows));
        }
    }

    [Fact]
    public void The_operators_that_every_machine_has_equal_the_network_too()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = EncoderEngine.Of(network, InferencePrecision.Float32, CPU, portable: true);
        Assert.DoesNotContain("oneDNN", engine.Description, StringComparison.Ordinal);
        TokenRow[] rows = Rows(network.Config, 3, 9, 9, 100);
        Goldens.Near("logits", Goldens.Logits(network, rows), Logits(engine, rows), Exact);
    }

    [Fact]
    public void Int8_says_when_the_weights_are_not_numbers()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using (no_grad())
            network.Encoder.Layers[1].Parts.QueryKeyValue[0].Weight.fill_(float.NaN);
        SentimentMLException error = Assert.Throws<SentimentMLException>(() => Engine(network, InferencePrecision.Int8));
        Assert.Contains("not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_calibration_of_an_engine_can_be_cancelled()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => EncoderEngine.InPlaceOf(network, InferencePrecision.Int8, CPU, () =>
        {
            cancel.Cancel();
            return Rows(network.Config, 3, 9);
        }, cancellationToken: cancel.Token));
    }

    internal static EncoderEngine Engine(SequenceClassifier network, InferencePrecision precision) =>
        EncoderEngine.Of(network, precision, CPU, () => Rows(network.Config, 1, 2, 3, 20, 40, 80));

    /// <summary>Rows of the given lengths with tokens drawn from the vocabulary, the pad token among them now and then.</summary>
    internal static TokenRow[] Rows(EncoderConfig config, params int[] lengths)
    {
        var random = new Random(11);
        return [.. lengths.Select(
            length => (TokenRow)Enumerable.Range(0, length).Select(at => at == 0 ? 0 : at == length - 1 ? 2 : random.Next(config.VocabularySize)).ToArray())];
    }

    private static SequenceClassifier Drawn(EncoderConfig config)
    {
        var network = new SequenceClassifier(config);
        using var generator = new Generator(5, CPU);
        using (no_grad())
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
                parameter.normal_(name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1 : 0, 0.2, generator);
        network.eval();
        return network;
    }

    private static TokenRow[] Ids() => Golden.Value.GetProperty("ids").IdRows();

    internal static double[][] Logits(IInferenceEngine engine, TokenRow[] rows)
    {
        float[] flat = engine.Logits(rows);
        return [.. flat.Select(x => (double)x).Chunk(flat.Length / rows.Length)];
    }

    /// <summary>An engine with a stated number of workers, which its user disposes.</summary>
    private sealed class SharedEngine(EncoderEngine engine, int workers) : IInferenceEngine
    {
        public string Description => engine.Description;

        public int Workers => workers;

        public float[] Logits(IReadOnlyList<TokenRow> rows) => engine.Logits(rows);

        public float[] LogitsOnOneCore(IReadOnlyList<TokenRow> rows) => engine.LogitsOnOneCore(rows);

        public void Dispose()
        {
        }
    }
}
