using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Onnx.Graph;
using SentimentML.Tokenization;

namespace SentimentML.Onnx.Runtime;

/// <summary>A graph from input_ids, attention_mask and, in some, token_type_ids to logits, run by ONNX Runtime on the processor.</summary>
internal sealed class OnnxEngine : IInferenceEngine
{
    /// <summary>
    /// Tokens that go through the graph at once. What lies between two matrices then stays in the caches: on 2 cores of
    /// an EPYC with 1 MB of second-level cache each, roberta-base in int8 takes 1.5 times as long with 16 rows of 60 tokens
    /// at once, and 1.2 times as long with one row of 37.
    /// </summary>
    private const int BatchTokens = 256;

    /// <summary>Ids and mask. A graph without types takes them as all 0, as those of one text are.</summary>
    private const int RequiredInputs = 2;

    private static readonly string[] Outputs = ["logits"];

    private readonly RunOptions _run = new();
    private readonly InferenceSession _session;
    private readonly string[] _expected;
    private readonly string[] _inputs; // those of them that the graph has
    private readonly int _padId;
    private readonly int _labels;

    /// <param name="path">The graph's file.</param>
    /// <param name="config">The model's.</param>
    /// <param name="precision">The graph's, for the description.</param>
    /// <param name="cores">How many cores are used. The default value is null: those that the process may use.</param>
    /// <exception cref="SentimentMLException">The graph cannot be used, or ONNX Runtime's native part is missing.</exception>
    public OnnxEngine(string path, EncoderConfig config, OnnxPrecision precision, int? cores = null)
    {
        int threads = cores ?? Environment.ProcessorCount; // its own choice is the machine's cores, also where the process may use but a few of them
        Workers = precision == OnnxPrecision.Int8 ? threads : 1;
        _expected = [.. EncoderGraph.Inputs(config).Select(input => input.Name)];
        _padId = config.PadTokenId;
        _labels = config.Labels.Count;
        Description = $"ONNX Runtime, {(precision == OnnxPrecision.Int8 ? "int8" : "float32")}, cpu";
        _session = Open(path, threads / Workers);
        _inputs = [.. _expected.Where(_session.InputMetadata.ContainsKey)];
        try
        {
            Check(path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Description { get; }

    /// <summary>
    /// In int8 each call has one thread, and all share the session: batches of reviews at once are 1.5 times as fast as one after the other
    /// with two threads, and a single one takes no longer. In float32 the first would gain a tenth, and the second take 1.4 times as long.
    /// </summary>
    public int Workers { get; }

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows)
    {
        float[] logits = new float[rows.Count * _labels];
        foreach (int[] batch in BatchPlan.ByLength([.. rows.Select(row => row.Length)], BatchTokens, rows.Count, BatchTokens))
        {
            float[] answers = Run([.. batch.Select(row => rows[row])]);
            for (int i = 0; i < batch.Length; i++)
                answers.AsSpan(i * _labels, _labels).CopyTo(logits.AsSpan(batch[i] * _labels));
        }
        return logits;
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private float[] Run(TokenRow[] rows)
    {
        if (_inputs.Length < _expected.Length && rows.Any(row => row.PairStart > 0))
            throw new SentimentMLException($"The graph has no input {_expected[^1]}, which tells the texts of a pair apart, expected one text at a time. "
                + "Export the model with it for pairs.");
        int length = rows.Max(row => row.Length);
        long[] ids = new long[rows.Length * length];
        long[] mask = new long[ids.Length], types = new long[ids.Length];
        Array.Fill(ids, _padId);
        for (int row = 0; row < rows.Length; row++)
        {
            int at = row * length;
            mask.AsSpan(at, rows[row].Length).Fill(1);
            if (rows[row].PairStart > 0)
                types.AsSpan(at, rows[row].Length)[rows[row].PairStart..].Fill(1);
            foreach (int id in rows[row].Ids.Span)
                ids[at++] = id;
        }
        long[] shape = [rows.Length, length], ofLogits = [rows.Length, _labels];
        using OrtValue idsValue = Input(0, ids, shape);
        using OrtValue maskValue = Input(1, mask, shape);
        using OrtValue? typesValue = _inputs.Length > RequiredInputs ? Input(2, types, shape) : null;
        OrtValue[] inputs = typesValue is null ? [idsValue, maskValue] : [idsValue, maskValue, typesValue];
        float[] logits = new float[rows.Length * _labels];
        if (TypeOf(_session.OutputMetadata[Outputs[0]]) == TensorElementType.Float16)
        {
            var halves = new Float16[logits.Length];
            using OrtValue halfValue = OrtValue.CreateTensorValueFromMemory(halves, ofLogits);
            _session.Run(_run, _inputs, inputs, Outputs, [halfValue]);
            for (int i = 0; i < halves.Length; i++)
                logits[i] = (float)halves[i];
            return logits;
        }
        using OrtValue logitsValue = OrtValue.CreateTensorValueFromMemory(logits, ofLogits);
        _session.Run(_run, _inputs, inputs, Outputs, [logitsValue]);
        return logits;
    }

    /// <summary>Whole numbers as the graph takes them.</summary>
    private OrtValue Input(int input, long[] values, long[] shape) => TypeOf(_session.InputMetadata[_inputs[input]]) == TensorElementType.Int32
        ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (int)value), shape)
        : OrtValue.CreateTensorValueFromMemory(values, shape);

    private static TensorElementType? TypeOf(NodeMetadata value) => value.IsTensor ? value.ElementDataType : null;

    private static InferenceSession Open(string path, int threads)
    {
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                // It keeps a plan for every shape that ever came, and ours differ from batch to batch.
                EnableMemoryPattern = false,
            };
            // Its fused kernel is three times slower than LayerNormalization after Add (1.31, AVX-512).
            options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "SkipLayerNormFusion");
            // Threads that wait by spinning take the cores from those that tokenize the next texts.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException($"{path} cannot be used by ONNX Runtime: {e.Message} Export the model again with OnnxExport.Write.", e);
        }
        catch (Exception e) when (
            e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException or EntryPointNotFoundException })
        {
            throw new SentimentMLException("ONNX Runtime's native part is missing: the application must reference the package Microsoft.ML.OnnxRuntime (or "
                + "another of its family, such as Microsoft.ML.OnnxRuntime.Gpu).", e);
        }
    }

    /// <exception cref="ModelFileException">The graph has other inputs or outputs than a classifier of texts of any length.</exception>
    private void Check(string path)
    {
        bool hasInputs = _inputs.Length >= RequiredInputs && _inputs.Length == _session.InputMetadata.Count;
        if (!hasInputs || !_session.OutputMetadata.TryGetValue(Outputs[0], out NodeMetadata? logits))
            throw new ModelFileException(
                $"{path} has the inputs {string.Join(", ", _session.InputMetadata.Keys)} and the outputs {string.Join(", ", _session.OutputMetadata.Keys)}, "
                + $"expected {string.Join(", ", _expected)} and {Outputs[0]}. Export the model again with OnnxExport.Write.");
        foreach (string input in _inputs)
        {
            NodeMetadata taken = _session.InputMetadata[input];
            if (TypeOf(taken) is not (TensorElementType.Int64 or TensorElementType.Int32))
                throw new ModelFileException($"{path} takes {input} as {TypeOf(taken)?.ToString() ?? "no tensor"}, expected Int64 or Int32. Export the model "
                    + "again with OnnxExport.Write.");
            if (taken.Dimensions is not [< 0, < 0])
                throw new ModelFileException($"{path} takes {input} of the shape [{string.Join(", ", taken.Dimensions)}], expected any number of texts of any "
                    + "length. Export the model again with sizes that are not fixed (dynamic axes), or with OnnxExport.Write.");
        }
        if (TypeOf(logits) is not (TensorElementType.Float or TensorElementType.Float16))
            throw new ModelFileException($"{path} gives logits as {TypeOf(logits)?.ToString() ?? "no tensor"}, expected Float or Float16. Export the model "
                + "again with OnnxExport.Write.");
        if (logits.Dimensions is not [_, var labels] || (labels >= 0 && labels != _labels))
            throw new ModelFileException($"{path} gives logits [{string.Join(", ", logits.Dimensions)}], but config.json names {_labels} labels. The files "
                + "are not of one model: export it again with OnnxExport.Write.");
    }
}
