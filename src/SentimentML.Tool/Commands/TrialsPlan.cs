using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SentimentML.Files;
using SentimentML.Pipeline.Results;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>
/// The trainings of a search or a cross-validation as a plan in a folder, for an array of tasks: manifest.json has the command line, which each
/// task reads again, and the results lie beside it.
/// </summary>
internal sealed partial class TrialsPlan
{
    private const string FileName = "manifest.json";
    private const int Version = 1;
    private const int MaxBytes = 1 << 20;

    private readonly string _workingFolder;

    private TrialsPlan(string path, ParseResult arguments, string workingFolder)
    {
        Path = path;
        Arguments = arguments;
        _workingFolder = workingFolder;
    }

    /// <summary>The plan's file.</summary>
    public string Path { get; }

    /// <summary>The folder of the results.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The planned command line.</summary>
    public ParseResult Arguments { get; }

    /// <summary>The planned command.</summary>
    public ITrialsCommand Command => (ITrialsCommand)Arguments.CommandResult.Command;

    /// <summary>The number of trainings of each round.</summary>
    public IReadOnlyList<int> TrialsByRound => Command.TrialsByRound(Arguments);

    /// <summary>Makes the plan of a command, which checks all that its trainings need, and prints what it has.</summary>
    /// <param name="command">The command.</param>
    /// <param name="folder">The plan's folder, in which the results will be.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="plan">The option that names the folder.</param>
    /// <param name="json">The option that chooses JSON.</param>
    /// <param name="cancellation">Stops the checks.</param>
    /// <exception cref="SentimentMLException">A training could not begin, the folder has another plan, or cannot be written.</exception>
    public static void Make(
        ITrialsCommand command, string folder, ParseResult arguments, Option plan, Option<bool> json, CancellationToken cancellation)
    {
        command.FindGap(arguments, folder, cancellation); // begins the folder of results
        Create(folder, arguments, plan, json).Print(arguments.GetValue(json));
    }

    /// <summary>Checks that options which have no meaning beside --plan are not given with it.</summary>
    public static void Check(CommandResult result, Option plan, params Option[] others)
    {
        string[] given = [.. others.Where(option => result.GetResult(option) is not null).Select(option => option.Name)];
        if (result.GetResult(plan) is not null && given.Length > 0)
            result.AddError(Language.Say(
                $"{plan.Name} no entrena nada y guarda los resultados en su propia carpeta: no admite {string.Join(", ", given)}.",
                $"{plan.Name} trains nothing, and has its results in its own folder: {string.Join(", ", given)} cannot be given with it."));
    }

    /// <summary>Reads a plan, and goes to the folder in which it was made: its command's paths start there.</summary>
    /// <param name="path">Its file, or the folder with it.</param>
    /// <exception cref="SentimentMLException">The file does not exist, is not a plan of this version, or the folder is not on this machine.</exception>
    public static TrialsPlan Enter(string path)
    {
        TrialsPlan plan = Open(path);
        if (!Directory.Exists(plan._workingFolder))
        {
            throw new SentimentMLException(
                $"{plan._workingFolder} does not exist, expected the folder in which {plan.Path} was planned: its command's paths start there. "
                + "Plan again in a folder that all tasks see.");
        }
        Directory.SetCurrentDirectory(plan._workingFolder);
        return plan;
    }

    /// <summary>What is said of a round that lacks results.</summary>
    public SentimentMLException Unfinished(ResultsGap gap) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{Path}: round {gap.Round} lacks {gap.Missing.Count} of its {TrialsByRound[gap.Round - 1]} results "
        + $"(index {IndexRanges.Of(gap.Missing)}). Run those trainings first."));

    private void Print(bool json)
    {
        IReadOnlyList<int> trials = TrialsByRound;
        if (json)
        {
            JsonResult.Print(new JsonObject { ["manifest"] = Path, ["rounds"] = new JsonArray([.. trials.Select(count => JsonValue.Create(count))]) });
            return;
        }
        string rounds = trials.Count == 1
            ? Language.Format($"de 0 a {trials[0] - 1}", $"0 to {trials[0] - 1}")
            : string.Join("; ", trials.Select(
                (count, round) => Language.Format($"ronda {round + 1}: de 0 a {count - 1}", $"round {round + 1}: 0 to {count - 1}")));
        Console.WriteLine(Language.Format($"{Path}: {trials.Sum()} entrenamientos, {rounds}", $"{Path}: {trials.Sum()} trainings, {rounds}"));
    }

    /// <summary>Writes the plan of a command line.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="without">The options that say how the plan is made, which are not part of it.</param>
    /// <exception cref="SentimentMLException">The folder has another plan, or cannot be written.</exception>
    private static TrialsPlan Create(string folder, ParseResult arguments, params Option[] without)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), FileName);
        Command command = arguments.CommandResult.Command;
        string[] words = [command.Name, .. command.Options.Except(without).SelectMany(option => Given(arguments, option))];
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(new Manifest(Version, Directory.GetCurrentDirectory(), words), Json.Default.Manifest);
        try
        {
            if (!File.Exists(path))
                WholeFile.Write(path, content);
            else if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
                throw new SentimentMLException(
                    $"{path} is another plan: of another command line, or made elsewhere. Choose another folder, or delete it with its results.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be written: {e.Message} Check the folder, write permission and free space.", e);
        }
        return new TrialsPlan(path, arguments, Directory.GetCurrentDirectory());
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="path">Its file, or the folder with it.</param>
    /// <exception cref="SentimentMLException">The file does not exist, or is not a plan of this version.</exception>
    private static TrialsPlan Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, FileName);
        try
        {
            if (!File.Exists(path))
                throw new SentimentMLException($"{path} does not exist, expected a plan that 'search --plan' or 'train --folds K --plan' wrote.");
            if (new FileInfo(path).Length > MaxBytes)
                throw new SentimentMLException($"{path} has more than {MaxBytes} bytes, expected a plan of trials.");
            Manifest? manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.Manifest);
            if (manifest is not { Version: Version } || manifest.Arguments.Contains(null!))
                throw new JsonException($"it is not of version {Version}.");
            ParseResult arguments = SentimentMLCommand.ParseLine(manifest.Arguments);
            if (arguments.Errors.Count > 0 || arguments.CommandResult.Command is not ITrialsCommand command || command.TrialsByRound(arguments).Count == 0)
                throw new JsonException(arguments.Errors.Count > 0 ? arguments.Errors[0].Message : "its command has no trials.");
            return new TrialsPlan(path, arguments, manifest.WorkingFolder);
        }
        catch (JsonException e)
        {
            throw new SentimentMLException($"{path} is not a plan of trials, or is damaged: {e.Message} Plan again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>An option as it was given, one word for each value: a value may begin with a dash.</summary>
    private static IEnumerable<string> Given(ParseResult arguments, Option option) => arguments.GetResult(option) switch
    {
        null or { Implicit: true } => [],
        { Tokens.Count: 0 } => [option.Name],
        { Tokens: { } tokens } => tokens.Select(token => $"{option.Name}={token.Value}"),
    };

    /// <param name="Version">The format's version.</param>
    /// <param name="WorkingFolder">The folder that relative paths start from.</param>
    /// <param name="Arguments">The command line, without the tool's name.</param>
    private sealed record Manifest(int Version, string WorkingFolder, IReadOnlyList<string> Arguments);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n")]
    [JsonSerializable(typeof(Manifest))]
    private sealed partial class Json : JsonSerializerContext;
}
