using System.Text.RegularExpressions;
using SentimentML.Tool.Commands;

namespace SentimentML.Tool.Tests;

/// <summary>The tool's messages speak of its options: none of the library's properties that an option sets is without its name.</summary>
public sealed class CommandLineNamesTests
{
    /// <summary>Properties that no option sets, and that no message reaching the tool's user can name.</summary>
    private static readonly string[] NotOffered =
    [
        // the tool's own, or of ML.NET's columns
        "TextPairColumnName", "ExampleWeightColumnName", "ScoreColumnName", "PredictedLabelColumnName", "Reading", "ModelName", "Progress", "CancellationToken",
        "TrialsByRound", // follows from Trials
        "GatherConcurrentCalls", "MaxGatherDelay", // of servers
        "AsSentiments", "MaxColumnValues", "Resamples", "MaxListedRows", "MaxGroups", "Calibration", "Tokenizer", "MaxComparedTexts", // left at their defaults
    ];

    public static TheoryData<string> Options =>
        [.. ((Type[])[typeof(SentimentClassificationOptions), typeof(SentimentClassifierOptions), typeof(LabeledRowsOptions), typeof(ReviewFileOptions),
        typeof(DataReportOptions), typeof(SentimentEvaluationOptions), typeof(VocabularyTrimOptions), typeof(HyperparameterSearch), typeof(ScoringPlanOptions)])
        .SelectMany(type => type.GetProperties()).Select(property => property.Name).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_property_has_an_option_or_is_not_offered(string property)
    {
        string name = CommandLineNames.Instance.Name(property);
        Assert.True(name.StartsWith("--", StringComparison.Ordinal) != NotOffered.Contains(property), $"{property} is called {name}");
        Assert.EndsWith(name, CommandLineNames.Instance.Name($"SomeOptions.{property}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_is_an_option_of_a_command()
    {
        HashSet<string> offered =
            [.. new SentimentMLCommand().Subcommands.SelectMany(command => command.Subcommands.Prepend(command)).SelectMany(command => command.Options)
                .Select(option => option.Name)];
        Assert.All(CommandLineNames.Instance.All, pair => Assert.Contains(pair.Value, offered));
    }

    [Theory]
    [InlineData("HalveBatchWhenOutOfMemory", "true", "give --halve-batch")]
    [InlineData("Quote", "null", "give --quote none")]
    [InlineData("HasHeader", "false", "give --no-header")]
    [InlineData("Encoding", "windows-1252", "give --encoding windows-1252")]
    [InlineData("Format", "the one that it has", "give --format with the one that it has")]
    [InlineData("SentimentClassifierOptions.Sentiments", "\"LABEL_0=negative,…\"", "give --labels \"LABEL_0=negative,…\"")]
    public void What_to_do_is_said_as_it_is_typed(string property, string value, string said) =>
        Assert.Equal(said, CommandLineNames.Instance.Set(property, value));

    [Fact]
    public void Every_fault_of_the_trainers_options_names_options_of_the_command_line()
    {
        var options = new SentimentClassificationOptions
        {
            Names = CommandLineNames.Instance, Epochs = 0, BatchSize = 0, LearningRate = 0, WeightDecay = -1, WarmupSteps = -1, GradientAccumulation = 0,
                MaxGradientNorm = 0, LabelSmoothing = 2,
            MaxTokens = 1, EvaluationSteps = 0, EarlyStoppingPatience = 1, CalibratedScores = true, FrozenLayers = -1, LayerLearningRateDecay = 2,
            LoraAlpha = 1, CheckpointSteps = 0,
            CheckpointInterval = TimeSpan.Zero, MaxCheckpoints = 0, Resume = true,
        };
        string message = Assert.Throws<ArgumentException>(() => options.Check("options")).Message;
        Assert.DoesNotMatch(@"\b[A-Z][a-z]+[A-Z]\w*", message.Replace("MacroF1", "", StringComparison.Ordinal));
        foreach (string option in (string[])["--epochs is 0", "--batch-size is 0", "--learning-rate is 0",
            "--validation is null, expected rows to validate on, for --early-stopping", "a rank, for --lora-alpha",
            "a folder, for --checkpoint-steps, --checkpoint-minutes and --resume"])
            Assert.Contains(option, message, StringComparison.Ordinal);
    }

    /// <summary>A message names a property by OptionNames, so that it can say the option instead: never by the bare word.</summary>
    [Fact]
    public void No_message_of_the_library_has_the_bare_name_of_a_property()
    {
        string[] words = [.. CommandLineNames.Instance.All.Select(pair => pair.Key).Where(property => Regex.IsMatch(property, "[a-z][A-Z]"))];
        var bare = new Regex($@"(?<![\w.{{])({string.Join('|', words)})\b(?![\w(])");
        string source = Path.Combine(Repository.Folder, "src", "SentimentML");
        IEnumerable<string> found =
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            let code = line.Trim()
            where !code.StartsWith("//", StringComparison.Ordinal)
            from Match literal in Regex.Matches(code, "\"(?:[^\"\\\\]|\\\\.)*\"")
            let text = Regex.Replace(literal.Value, @"\{[^{}]*\}", "")
            where text.Contains(' ', StringComparison.Ordinal) && bare.IsMatch(text)
            select $"{Path.GetFileName(file)}: {text}";
        Assert.Empty(found);
    }
}
