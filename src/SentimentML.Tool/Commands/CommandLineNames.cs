using System.CommandLine;
using SentimentML.Reviews;
using SentimentML.Wording;

namespace SentimentML.Tool.Commands;

/// <summary>How the library's messages name its options to a user of the tool, who has no properties to set: by the options of the command line.</summary>
internal sealed class CommandLineNames : OptionNames
{
    /// <summary>Properties whose options are not among those of the trainer.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        [nameof(SentimentClassificationOptions.ValidationSet)] = "--validation",
        [nameof(SentimentClassificationOptions.Backbone)] = "--backbone",
        [nameof(SentimentClassificationOptions.Device)] = "--device",
        [nameof(SentimentClassificationOptions.Seed)] = "--seed",
        [nameof(SentimentClassifierOptions.Calibrated)] = "--calibrated",
        [nameof(SentimentClassifierOptions.UnsureBelow)] = "--unsure-below",
        [nameof(SentimentClassifierOptions.Sentiments)] = "--labels",
        [nameof(LabeledRowsOptions.WithoutNeutral)] = "--without-neutral",
        [nameof(LabeledRowsOptions.LabelColumnName)] = "--label-column",
        [nameof(LabeledRowsOptions.TextColumnName)] = "--text-column",
        [nameof(LabeledRowsOptions.StarsColumnName)] = "--stars-column",
        [nameof(HyperparameterSearch.MinLearningRate)] = "--min-learning-rate",
        [nameof(HyperparameterSearch.MaxLearningRate)] = "--max-learning-rate",
        [nameof(HyperparameterSearch.BatchSizes)] = "--batch-sizes",
        [nameof(HyperparameterSearch.Trials)] = "--trials",
        [nameof(HyperparameterSearch.ResultsFolder)] = "--results",
        [nameof(ScoringPlanOptions.Shards)] = "--shards",
        [nameof(ScoringPlanOptions.Columns)] = "--columns",
        [nameof(ScoringPlanOptions.Logits)] = "--logits",
        [nameof(ScoringPlanOptions.OutputFormat)] = "--output-format",
        [nameof(VocabularyTrimOptions.MaxVocabularySize)] = "--keep",
        [nameof(SentimentEvaluationOptions.TrainingTexts)] = "--train",
        [nameof(ReviewFileOptions.Format)] = "--format",
        [nameof(ReviewFileOptions.Encoding)] = "--encoding",
        [nameof(ReviewFileOptions.Delimiter)] = "--delimiter",
        [nameof(ReviewFileOptions.Quote)] = "--quote",
        [nameof(ReviewFileOptions.HasHeader)] = "--no-header",
        [nameof(ReviewFileOptions.Sheet)] = "--sheet",
        [nameof(ReviewFileOptions.TitleColumn)] = "--title-column",
        [nameof(ReviewFileOptions.BodyColumn)] = "--body-column",
        [nameof(ReviewFileOptions.TextColumn)] = "--text-column",
        [nameof(ReviewFileOptions.StarsColumn)] = "--stars-column",
        [nameof(ReviewFileOptions.StarsOffset)] = "--stars-offset",
        [nameof(ReviewFileOptions.StarsScale)] = "--stars-scale",
        [nameof(ReviewFileOptions.LabelColumn)] = "--label-column",
        [nameof(ReviewFileOptions.MergeLabelCase)] = "--merge-label-case",
        [nameof(ReviewFileOptions.Strict)] = "--strict",
        [nameof(ReviewFileOptions.MaxRows)] = "--max-rows",
    };

    public static readonly CommandLineNames Instance = new();

    private readonly Dictionary<string, (string Name, bool IsSwitch)> _byProperty;

    private CommandLineNames()
    {
        _byProperty = Others.ToDictionary(pair => pair.Key, pair => (pair.Value, false), StringComparer.Ordinal);
        foreach ((string property, Option option) in ((TrainerOptions[])[new RecipeOptions(withSearched: true), new RunOptions(), new AnswerOptions()])
            .SelectMany(options => options.Properties))
            _byProperty[property] = (option.Name, option is Option<bool>);
    }

    /// <summary>The properties that have an option, each with its option.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => _byProperty.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Name));

    /// <summary>"--stars-column"; the property itself if no option sets it.</summary>
    public override string Name(string property) => _byProperty.TryGetValue(WithoutType(property), out var option) ? option.Name : property;

    /// <summary>"give --labels X", "give --halve-batch".</summary>
    protected override string Set(string property, string value, ReportText text)
    {
        if (!_byProperty.TryGetValue(WithoutType(property), out var option))
            return base.Set(property, value, text);
        string give = text.Say($"da {option.Name}", $"give {option.Name}");
        if (option.IsSwitch || option.Name == "--no-header")
            return give;
        string word = value == "null" ? "none" : value;
        return word.Contains(' ', StringComparison.Ordinal) && !word.StartsWith('"') ? $"{give} {text.Say("con", "with")} {word}" : $"{give} {word}";
    }

    private static string WithoutType(string property) => property[(property.LastIndexOf('.') + 1)..];
}
