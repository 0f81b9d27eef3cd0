using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;

namespace SentimentML.Tests.Persistence;

/// <summary>A folder that we wrote, read by Hugging Face's own JavaScript library (npm: @huggingface/transformers).</summary>
public sealed class TransformersJsTests : IDisposable
{
    private const string Package = "@huggingface/transformers@4.3.1";

    private const string Script = """
        import { AutoConfig, AutoTokenizer, env } from '@huggingface/transformers';
        import { readFileSync } from 'node:fs';
        env.allowRemoteModels = false;
        env.localModelPath = process.argv[2];
        const config = await AutoConfig.from_pretrained('model');
        const tokenizer = await AutoTokenizer.from_pretrained('model');
        const texts = JSON.parse(readFileSync(process.argv[3], 'utf8'));
        console.log(JSON.stringify({
            model_type: config.model_type, id2label: config.id2label, label2id: config.label2id,
            ids: texts.map(text => tokenizer.encode(text)),
        }));
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sentimentml-js-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_the_labels_and_makes_the_same_tokens()
    {
        Assert.SkipUnless(Finds("node") && Finds("npm"), "needs Node.js and npm");
        MLContext ml = TinyTask.Context();
        IDataView view = TinyTask.View(ml);
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options())
            .Fit(ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view));
        string folder = Path.Combine(_folder, "model");
        model.SaveFolder(folder);

        string[] texts = ["", "La mesa está coja.", "¡No, no & no! 😡 3,5€", "<mask> y </s> en medio", "  dos  espacios", "línea\n\notra"];
        File.WriteAllText(Path.Combine(_folder, "texts.json"), JsonSerializer.Serialize(texts));
        File.WriteAllText(Path.Combine(_folder, "read.mjs"), Script);
        Process install = Start("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", Package);
        string installed = install.StandardError.ReadToEnd();
        install.WaitForExit();
        Assert.SkipWhen(install.ExitCode != 0, $"npm could not install {Package}: {installed}");

        Process node = Start("node", "read.mjs", _folder, "texts.json");
        string output = node.StandardOutput.ReadToEnd(), errors = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors);
        JsonElement read = JsonDocument.Parse(output).RootElement;
        Assert.Equal("roberta", read.GetProperty("model_type").GetString());
        Assert.Equal("positive", read.GetProperty("id2label").GetProperty("1").GetString());
        Assert.Equal(0, read.GetProperty("label2id").GetProperty("negative").GetInt32());
        PretrainedTokenizer tokenizer = PretrainedTokenizer.FromFolder(folder);
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(read.GetProperty("ids")[i].Ints(), tokenizer.EncodeToIds(texts[i]));
    }

    private static bool Finds(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = _folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
