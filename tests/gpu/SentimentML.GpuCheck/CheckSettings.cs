using TorchSharp;

namespace SentimentML.GpuCheck;

/// <summary>What a check is asked to do.</summary>
internal sealed record CheckSettings(string Check, IReadOnlyDictionary<string, string> Options, bool IsDry)
{
    /// <summary>The device, with the libtorch that the environment names.</summary>
    public torch.Device Device => TorchDevice.Parse(Options.GetValueOrDefault("device", "cuda:0")).Resolve();

    /// <summary>The checkout: its tiny models, the ready model and its texts.</summary>
    public string Repository => Options.GetValueOrDefault("repository", ".");

    /// <summary>The folder of the tiny golden classifier.</summary>
    public string TinyClassifier => Path.Combine(Repository, "tests", "SentimentML.Tests", "golden", "tiny_classifier");

    /// <summary>Where a check puts its files, or finds those of another.</summary>
    public string Folder => Options["folder"];

    /// <summary>One of the reference's outputs; null if it did not travel.</summary>
    public string? Golden(string name) => new[] { Options.GetValueOrDefault("golden"), Path.Combine(Repository, "tests", "SentimentML.Tests", "golden") }
        .OfType<string>().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>A number of things: few in a dry run.</summary>
    public int Sized(int whole, int dry) => IsDry ? dry : whole;

    public static CheckSettings Parse(string[] arguments)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        bool dry = false;
        for (int i = 1; i < arguments.Length; i++)
        {
            if (arguments[i] == "--dry")
                dry = true;
            else if (arguments[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < arguments.Length)
                options[arguments[i][2..]] = arguments[++i];
            else
                throw new ArgumentException($"'{arguments[i]}' is not an option with a value.");
        }
        return new CheckSettings(arguments.Length > 0 ? arguments[0] : "", options, dry);
    }
}
