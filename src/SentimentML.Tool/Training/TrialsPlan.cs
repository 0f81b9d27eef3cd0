using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using SentimentML.Files;
using SentimentML.Tool.Commands;

namespace SentimentML.Tool.Training;

/// <summary>
/// The trainings of a search or a cross-validation as a plan in a folder, for an array of tasks: manifest.json has the command line, which each
/// task reads again, and the results lie beside it.
/// </summary>
internal sealed partial class TrialsPlan
{
    private const string FileName = "manifest.json";
    private const int Version = 1;
    private const int MaxBytes = 1 << 20;

    private TrialsPlan(string path, ParseResult arguments, string workingFolder)
    {
        Path = path;
        Arguments = arguments;
        WorkingFolder = workingFolder;
    }

    /// <summary>The plan's file.</summary>
    public string Path { get; }

    /// <summary>The folder of the results.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The planned command line.</summary>
    public ParseResult Arguments { get; }

    /// <summary>The folder that its relative paths start from.</summary>
    public string WorkingFolder { get; }

    /// <summary>The planned command.</summary>
    public ITrialsCommand Command => (ITrialsCommand)Arguments.CommandResult.Command;

    /// <summary>Writes the plan of a command line.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="without">The options that say how the plan is made, which are not part of it.</param>
    /// <exception cref="SentimentMLException">The folder has another plan, or cannot be written.</exception>
    public static TrialsPlan Create(string folder, ParseResult arguments, params Option[] without)
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
    public static TrialsPlan Open(string path)
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
            if (arguments.Errors.Count > 0 || arguments.CommandResult.Command is not ITrialsCommand)
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
