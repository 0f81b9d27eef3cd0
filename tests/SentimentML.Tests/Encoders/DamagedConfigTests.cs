using System.Text.Json.Nodes;
using SentimentML.Tests.Tokenization;

namespace SentimentML.Tests.Encoders;

/// <summary>A damaged config.json of every kind of encoder ends in a classifier that answers or in a message that names a file of the model.</summary>
public class DamagedConfigTests
{
    private const string Text = "No está nada mal, ¿no?";

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1", "7", "2147483647", "9223372036854775807", "1e300", "-0.5", "\"x\"", "\"\"", "[]", "{}", "[1, \"a\", null]",
        """{"0": "a"}""",
    ];

    public static TheoryData<string> All => Families.Data;

    [Theory]
    [MemberData(nameof(All))]
    public void Any_key_with_another_value(string family)
    {
        using TemporaryFolder folder = Model(family, out byte[] sound);
        var faults = new List<string>();
        int refused = 0;
        int next = 0;
        foreach (string key in JsonNode.Parse(sound)!.AsObject().Select(pair => pair.Key))
        {
            foreach (string value in (string[])["(removed)", Values[next++ % Values.Length], Values[next++ % Values.Length]])
            {
                JsonObject config = JsonNode.Parse(sound)!.AsObject();
                config.Remove(key);
                if (value != "(removed)")
                    config.Add(key, JsonNode.Parse(value));
                folder.With("config.json", System.Text.Encoding.UTF8.GetBytes(config.ToJsonString()));
                if (Fault(folder.Path, ref refused) is { } fault)
                    faults.Add($"{key} = {value}: {fault}");
            }
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.True(refused > 0, "no damage was noticed");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Any_bytes(string family)
    {
        using TemporaryFolder folder = Model(family, out byte[] sound);
        var random = new Random(31);
        var faults = new List<string>();
        int refused = 0;
        for (int i = 0; i < 25; i++)
        {
            folder.With("config.json", Damage.Of(sound, random));
            if (Fault(folder.Path, ref refused) is { } fault)
                faults.Add($"{fault}\n{File.ReadAllText(folder.At("config.json"))}");
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.True(refused > 0, "no damage was noticed");
    }

    private static TemporaryFolder Model(string family, out byte[] config)
    {
        var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Families.Folder(family, "classifier")))
            folder.With(Path.GetFileName(file), File.ReadAllBytes(file));
        config = File.ReadAllBytes(folder.At("config.json"));
        return folder;
    }

    /// <summary>What is wrong with how the model was loaded or refused; null if nothing is.</summary>
    private static string? Fault(string folder, ref int refused)
    {
        try
        {
            var options = new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32 };
            using SentimentClassifier classifier = SentimentClassifier.Load(folder, options);
            SentimentPrediction prediction = classifier.Classify(Text);
            return prediction.Probabilities.All(float.IsFinite) ? null : $"probabilities are {string.Join(", ", prediction.Probabilities)}";
        }
        catch (SentimentMLException e)
        {
            refused++;
            return e.Message.Contains(folder, StringComparison.Ordinal) ? null : $"the message names no file: {e.Message}";
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
