using System.Diagnostics;
using System.Text.Json;

namespace SentimentML.Onnx.Tests;

/// <summary>The exported folder in transformers.js, from the npm registry. Skipped where node or the registry is out of reach.</summary>
public class TransformersJsTests
{
    private const string Package = "@huggingface/transformers@4.3.1";

    private static readonly string[] Texts = ["la mesa tiene las patas bonitas", "No lo recomiendo: llegó roto.", "", "¡Muy bueno! 👍 <mask> a <pad> b"];

    [Fact]
    public void Transformers_js_gives_the_classifiers_logits()
    {
        string modules = Modules.Value;
        Assert.SkipWhen(modules.StartsWith('!'), modules.TrimStart('!'));
        using var tiny = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.At("model"));
        OnnxExport.Write(tiny.Folder, folder.At("model"), OnnxPrecision.Int8);
        File.WriteAllText(Path.Combine(modules, "classify.mjs"), """
            import { AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
            const [parent, texts] = [process.argv[2], JSON.parse(process.argv[3])];
            Object.assign(env, { allowRemoteModels: false, localModelPath: parent });
            const tokenizer = await AutoTokenizer.from_pretrained('model');
            const answers = {};
            for (const dtype of ['fp32', 'q8']) {
              const model = await AutoModelForSequenceClassification.from_pretrained('model', { dtype });
              answers[dtype] = [];
              for (const text of texts)
                answers[dtype].push((await model(await tokenizer(text))).logits.tolist()[0]);
            }
            console.log(JSON.stringify(answers));
            """);
        (int code, string output, string errors) = Run("node", modules, "classify.mjs", folder.Path + "/", JsonSerializer.Serialize(Texts));
        Assert.True(code == 0, errors);
        JsonElement answers = JsonDocument.Parse(output).RootElement;

        using SentimentClassifier network = SentimentClassifier.Load(tiny.Folder, TorchDevice.Cpu);
        using SentimentClassifier int8 = OnnxSentimentClassifier.Load(folder.At("model"), OnnxPrecision.Int8);
        for (int i = 0; i < Texts.Length; i++)
        {
            Near(Texts[i], network.Classify(Texts[i]).Logits, answers.GetProperty("fp32")[i], 1e-4f);
            Near(Texts[i], int8.Classify(Texts[i]).Logits, answers.GetProperty("q8")[i], 1e-4f);
        }
    }

    private static void Near(string text, IReadOnlyList<float> expected, JsonElement actual, float tolerance)
    {
        for (int i = 0; i < expected.Count; i++)
            Assert.True(Math.Abs(expected[i] - actual[i].GetSingle()) <= tolerance,
                $"'{text}', logit {i}: expected {expected[i]}, transformers.js {actual[i]}");
    }

    /// <summary>A folder with the package in it, kept for the next run; or "!" and why there is none.</summary>
    private static readonly Lazy<string> Modules = new(() =>
    {
        string folder = Path.Combine(Path.GetTempPath(), "sentimentml-tests-" + Package.Replace('/', '-'));
        if (Directory.Exists(Path.Combine(folder, "node_modules")))
            return folder;
        string beside = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(beside);
            (int code, _, string errors) = Run("npm", beside, "i", "--ignore-scripts", "--no-audit", "--no-fund", Package);
            if (code != 0)
                return $"!needs {Package}, which npm cannot install here: {errors}";
            Directory.Move(beside, folder);
            return folder;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "!needs node and npm, which are not there";
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }
    });

    private static (int Code, string Output, string Errors) Run(string program, string folder, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "", $"{program} did not end within four minutes");
        }
        return (process.ExitCode, output.Result, errors.Result);
    }
}
