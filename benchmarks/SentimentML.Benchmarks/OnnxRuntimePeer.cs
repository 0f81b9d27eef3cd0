using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using SentimentML.Encoders;
using SentimentML.Tokenization;

namespace SentimentML.Benchmarks;

/// <summary>
/// ONNX Runtime on the graph that torch.onnx.export writes for a network of roberta-base's size, and on the same after
/// onnxruntime.quantization.quantize_dynamic (../shared/peers). Its weights are made up: speed does not depend on them.
/// </summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    /// <summary>
    /// How long to wait before each measurement beside a peer, its own included: its threads spin for a while after their work, as ONNX
    /// Runtime has it by default, and would take cores from the next contestant.
    /// </summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private const int BatchRows = 16;
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "sentimentml-benchmarks");

    private readonly SessionOptions _options = new();
    private readonly InferenceSession _session;

    private OnnxRuntimePeer(string graph, bool oneCore, bool spins = true)
    {
        if (oneCore)
            _options.IntraOpNumThreads = 1;
        if (!spins)
            _options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(graph, _options);
    }

    /// <summary>On the graph that our own package writes for a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="precision">Float32 or Int8.</param>
    /// <param name="oneCore">One thread for an operator. The default value is false: one for each core.</param>
    public static OnnxRuntimePeer Of(SequenceClassifier network, InferencePrecision precision, bool oneCore = false)
    {
        string path = Path.Combine(Folder, $"{network.Config.Architecture.ModelTypes[0]}-{network.Config.HiddenSize}-{precision}.onnx");
        OnnxExport.WriteGraph(network, path, precision == InferencePrecision.Int8 ? OnnxPrecision.Int8 : OnnxPrecision.Float32);
        return new OnnxRuntimePeer(path, oneCore);
    }

    /// <summary>On the graph in the shared materials; null if it is missing.</summary>
    /// <param name="precision">Float32 or Int8.</param>
    /// <param name="oneCore">One thread for an operator. The default value is false: one for each core.</param>
    /// <param name="spins">Whether threads that wait spin. The default value is true, as ONNX Runtime's.</param>
    public static OnnxRuntimePeer? Open(InferencePrecision precision, bool oneCore = false, bool spins = true) =>
        Prepare(precision) ? new OnnxRuntimePeer(Path.Combine(Folder, NameOf(precision) + ".onnx"), oneCore, spins) : null;

    /// <summary>Puts the graph of the shared materials and its weights in place, unless they are there.</summary>
    /// <returns>False where the materials are missing.</returns>
    public static bool Prepare(InferencePrecision precision)
    {
        string name = NameOf(precision), copy = Path.Combine(Folder, name + ".onnx");
        if (Workload.Shared("peers", name + ".onnx") is not { } graph)
            return false;
        Directory.CreateDirectory(Folder);
        if (!File.Exists(copy))
            File.Copy(graph, copy);
        WriteWeights(Path.Combine(Folder, name + ".weights"), precision);
        return true;
    }

    /// <summary>Rows of like length in batches of 16: the usual way to use it fast.</summary>
    public void Sorted(IReadOnlyList<int[]> rows)
    {
        foreach (int[][] batch in rows.OrderBy(row => row.Length).Chunk(BatchRows))
            Run(batch);
    }

    /// <inheritdoc cref="Sorted(IReadOnlyList{int[]})"/>
    public void Sorted(IReadOnlyList<TokenRow> rows) => Sorted([.. rows.Select(row => row.Ids.ToArray())]);

    /// <summary>Rows of like length in batches of any size, the longest first, from several threads that call the same session.</summary>
    public void Sorted(IReadOnlyList<int[]> rows, int batchRows, int callers)
    {
        var batches = new ConcurrentQueue<int[][]>(rows.OrderByDescending(row => row.Length).Chunk(batchRows));
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            while (batches.TryDequeue(out int[][]? batch))
                Run(batch);
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }

    /// <summary>One padded batch.</summary>
    /// <returns>Its logits.</returns>
    public float[] Run(params int[][] rows)
    {
        int length = rows.Max(row => row.Length);
        long[] ids = new long[rows.Length * length], mask = new long[ids.Length];
        Array.Fill(ids, 1);
        for (int row = 0; row < rows.Length; row++)
        {
            for (int token = 0; token < rows[row].Length; token++)
                ids[row * length + token] = rows[row][token];
            mask.AsSpan(row * length, rows[row].Length).Fill(1);
        }
        long[] shape = [rows.Length, length];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var run = new RunOptions();
        bool hasTypes = _session.InputMetadata.ContainsKey("token_type_ids");
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            _session.Run(run, hasTypes ? ["input_ids", "attention_mask", "token_type_ids"] : ["input_ids", "attention_mask"],
            hasTypes ? [idsValue, maskValue, typesValue] : [idsValue, maskValue], ["logits"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    private static string NameOf(InferencePrecision precision) => precision == InferencePrecision.Int8 ? "roberta_base_int8" : "roberta_base";

    private static void WriteWeights(string path, InferencePrecision precision)
    {
        long size = precision == InferencePrecision.Int8 ? 124_526_592 : 498_085_888;
        if (File.Exists(path) && new FileInfo(path).Length == size)
            return;
        var random = new Random(1);
        byte[] block = new byte[1 << 20];
        random.NextBytes(block);
        if (precision != InferencePrecision.Int8)
            Buffer.BlockCopy(Enumerable.Range(0, 1 << 18).Select(_ => (random.NextSingle() - 0.5f) * 0.1f).ToArray(), 0, block, 0, block.Length);
        using FileStream file = File.Create(path);
        for (long left = size; left > 0; left -= block.Length)
            file.Write(block, 0, (int)Math.Min(left, block.Length));
    }
}
