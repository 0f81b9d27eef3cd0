using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Microsoft.ML;

namespace SentimentML.Tests.Persistence;

/// <summary>The folder that a training of each kind of encoder writes, key by key beside the one that transformers wrote (golden/families).</summary>
public class WrittenFamilyTests
{
    // Which version wrote it, what transformers leaves to its default value, and what a classifier has from its backbone, which is another here.
    private static readonly string[] NotCompared = ["transformers_version", "problem_type", "classifier_pooling"];

    public static TheoryData<string> All => Families.Data;

    [Theory]
    [MemberData(nameof(All))]
    public void Config_weights_and_tokenizer_are_as_transformers_writes_them(string family)
    {
        using var folder = new TemporaryFolder();
        Train(family, folder.Path);

        Assert.Equal(Keys(Families.Folder(family, "classifier", "config.json")), Keys(folder.At("config.json")));
        Assert.Equal(Tensors(Families.Folder(family, "classifier", "model.safetensors")), Tensors(folder.At("model.safetensors")));
        foreach (string file in Directory.GetFiles(Families.Folder(family, "mlm")).Select(path => Path.GetFileName(path)!))
        {
            if (file is not ("config.json" or "config.old.json" or "model.safetensors"))
                Assert.True(File.ReadAllBytes(Families.Folder(family, "mlm", file)).AsSpan().SequenceEqual(File.ReadAllBytes(folder.At(file))),
                    $"{file} differs");
        }
    }

    private static void Train(string family, string folder)
    {
        MLContext ml = TinyTask.Context();
        JsonElement config = JsonDocument.Parse(File.ReadAllText(Families.Folder(family, "classifier", "config.json"))).RootElement;
        string[] labels = [.. config.GetProperty("id2label").EnumerateObject().Select(label => label.Value.GetString()!)];
        IDataView rows = ml.Data.LoadFromEnumerable(labels.Select((label, i) => new Row { Text = $"bueno {i}", Label = label }));
        var options = new SentimentClassificationOptions { Backbone = Backbone.FromFolder(Families.Folder(family, "mlm")), Device = TorchDevice.Cpu,
            Epochs = 1 };
        using SentimentClassificationTransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.SentimentClassification(options)).Fit(rows).LastTransformer;
        model.SaveFolder(folder);
    }

    /// <summary>"key value" of each key.</summary>
    private static string[] Keys(string path) => [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateObject()
        .Where(key => !NotCompared.Contains(key.Name)).Select(key => $"{key.Name} {JsonSerializer.Serialize(key.Value)}").Order(StringComparer.Ordinal)];

    /// <summary>"name dtype shape" of each tensor.</summary>
    private static string[] Tensors(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        JsonElement header = JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file))).RootElement;
        return [.. header.EnumerateObject().Select(tensor => tensor.Name == "__metadata__"
            ? $"{tensor.Name} {tensor.Value}"
            : $"{tensor.Name} {tensor.Value.GetProperty("dtype")} {JsonSerializer.Serialize(tensor.Value.GetProperty("shape"))}")
                .Order(StringComparer.Ordinal)];
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
        public string Label { get; set; } = "";
    }
}
