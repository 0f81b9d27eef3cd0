using BenchmarkDotNet.Attributes;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Inference;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Benchmarks;

/// <summary>128 reviews from text to logits: engine × precision × batching, and what others would use.</summary>
public class InferenceBenchmarks
{
    private SequenceClassifier _network = null!;
    private GatheringEngine _float32 = null!, _bfloat16 = null!, _int8 = null!;
    private OnnxRuntimePeer? _onnx, _onnxInt8;

    [GlobalSetup]
    public void Load()
    {
        _network = Workload.Network();
        _float32 = Workload.Engine(_network, InferencePrecision.Float32);
        _bfloat16 = Workload.Engine(_network, InferencePrecision.BFloat16);
        _int8 = Workload.Engine(_network, InferencePrecision.Int8);
        _onnx = OnnxRuntimePeer.Open(InferencePrecision.Float32);
        _onnxInt8 = OnnxRuntimePeer.Open(InferencePrecision.Int8);
    }

    [GlobalCleanup]
    public void Unload()
    {
        foreach (IDisposable? each in (IDisposable?[])[_float32, _bfloat16, _int8, _onnx, _onnxInt8, _network])
            each?.Dispose();
    }

    [Benchmark(Baseline = true), WholeWorkload(InferencePrecision.Float32)]
    public void OnnxRuntime_float32_sorted_16() => Peer(_onnx).Sorted(Tokenized());

    [Benchmark, WholeWorkload(InferencePrecision.Float32)]
    public void OnnxRuntime_float32_one_by_one() => OneByOne(row => Peer(_onnx).Run(row));

    [Benchmark, WholeWorkload(InferencePrecision.Int8)]
    public void OnnxRuntime_int8_sorted_16() => Peer(_onnxInt8).Sorted(Tokenized());

    [Benchmark, WholeWorkload(InferencePrecision.Int8)]
    public void OnnxRuntime_int8_one_by_one() => OneByOne(row => Peer(_onnxInt8).Run(row));

    [Benchmark, WholeWorkload(InferencePrecision.Float32)]
    public void TorchSharp_row_by_row() => OneByOne(row => new NetworkEngine(_network, CPU).Logits([row]));

    [Benchmark, WholeWorkload(InferencePrecision.Float32)]
    public void Float32() => Pipeline(_float32);

    [Benchmark, WholeWorkload(InferencePrecision.Float32)]
    public void Float32_one_by_one() => OneByOne(row => _float32.Logits([row]));

    [Benchmark, WholeWorkload(InferencePrecision.BFloat16)]
    public void BFloat16() => Pipeline(_bfloat16);

    [Benchmark, WholeWorkload(InferencePrecision.BFloat16)]
    public void BFloat16_one_by_one() => OneByOne(row => _bfloat16.Logits([row]));

    [Benchmark, WholeWorkload(InferencePrecision.Int8)]
    public void Int8() => Pipeline(_int8);

    [Benchmark, WholeWorkload(InferencePrecision.Int8)]
    public void Int8_one_by_one() => OneByOne(row => _int8.Logits([row]));

    internal static void Pipeline(IInferenceEngine engine)
    {
        Workload work = Workload.Instance;
        foreach (float[] _ in new ScoringPipeline(new TextScorer(engine, work.Tokenizer, new AnswerRule(["LABEL_0", "LABEL_1"]), 512))
            .Logits(work.Texts.Select(text => new TextInput(text))))
        {
        }
    }

    internal static void OneByOne(Action<int[]> run)
    {
        foreach (string text in Workload.Instance.Texts)
            run(Workload.Instance.Tokenizer.EncodeToIds(text));
    }

    internal static int[][] Tokenized() => [.. Workload.Instance.Texts.Select(text => Workload.Instance.Tokenizer.EncodeToIds(text))];

    private static OnnxRuntimePeer Peer(OnnxRuntimePeer? peer) =>
        peer ?? throw new InvalidOperationException("The peer's graph (shared/peers beside the checkout) is not there.");
}

/// <summary>One text at a time.</summary>
public class LatencyBenchmarks
{
    private GatheringEngine _engine = null!;
    private OnnxRuntimePeer? _onnx;
    private int[] _row = [];

    [Params(16, 32, 64, 256)]
    public int Tokens { get; set; }

    [Params(InferencePrecision.Float32, InferencePrecision.BFloat16, InferencePrecision.Int8)]
    public InferencePrecision Precision { get; set; }

    [GlobalSetup]
    public void Load()
    {
        using SequenceClassifier network = Workload.Network();
        _engine = Workload.Engine(network, Precision);
        _onnx = Precision == InferencePrecision.BFloat16 ? null : OnnxRuntimePeer.Open(Precision);
        _row = Workload.Instance.OfLength(Tokens);
    }

    [GlobalCleanup]
    public void Unload()
    {
        _engine.Dispose();
        _onnx?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public float[] SentimentML() => _engine.Logits([_row]);

    [Benchmark]
    public float[] OnnxRuntime() => _onnx?.Run(_row) ?? throw new InvalidOperationException("There is no peer in this precision.");
}
