using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SentimentML.Encoders;
using SentimentML.MLNetInternals;
using SentimentML.Tokenization;
using SentimentML.Training;

namespace SentimentML.Pipeline.Results;

/// <summary>
/// What the outcomes of a search's or a cross-validation's trainings depend on, so that a folder of results is resumed only by the work that
/// began it.
/// </summary>
/// <param name="Work">Which trainings, in words.</param>
/// <param name="BackboneSha256">The digest of the files that the trainings start from.</param>
/// <param name="Recipe">Their recipe as JSON.</param>
/// <param name="TrainingRows">SHA-256 of the training rows' texts, labels and weights.</param>
/// <param name="ValidationRows">The same of the validation rows; null without any.</param>
internal sealed record ResultsFingerprint(string Work, string BackboneSha256, string Recipe, string TrainingRows, string? ValidationRows)
{
    /// <param name="environment">The context that trains.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="seed">The seed of all random choices.</param>
    /// <param name="start">What the trainings start from.</param>
    /// <param name="work">Which trainings, in words.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="labels">Their labels.</param>
    public static ResultsFingerprint Of(IHostEnvironment environment, SentimentClassificationOptions options, int seed, StartingPoint start,
        string work, IDataView train, IReadOnlyList<string> labels)
    {
        // A text stands for its tokens, which the backbone's files make of it.
        static TokenRow Letters(TextInput text, out bool cut)
        {
            cut = false;
            return (int[])[.. text.Text.Select(c => (int)c), -1, .. (text.Pair ?? "").Select(c => (int)c)];
        }

        TrainingColumns columns = TrainingRun.Columns(options);
        IReadOnlyList<Example> Rows(IDataView view, TrainingColumns read) => TrainingData.Read(view, read, labels, Letters, options.CancellationToken).Examples;
        IReadOnlyList<Example> rows = Rows(train, columns);
        EncoderConfig config = start.Config;
        int maxTokens = config.MaxTokensOf(start.Tokenizer);
        var choice = new RecipeChoice(options, seed, start, config, maxTokens, MLNetHost.DeviceOf(environment, options.Device));
        TrainingRecipe recipe = choice.For(labels, rows) with { Rows = 0 }; // the rows have a digest of their own
        string? validation = options.ValidationSet is { } set
            ? RunFingerprint.Digest(Rows(Pipeline.TrainingRows.WithLabels(set, columns, labels), columns with { Weight = null }))
            : null;
        return new ResultsFingerprint(work, start.Digest(options.CancellationToken), JsonSerializer.Serialize(recipe, TrainingJson.Default.TrainingRecipe),
            RunFingerprint.Digest(rows), validation);
    }

    /// <summary>In words, what differs in other work; empty if nothing does.</summary>
    public IEnumerable<string> Differences(ResultsFingerprint other)
    {
        if (Work != other.Work)
            yield return $"the trainings (there {other.Work}; here {Work})";
        if (BackboneSha256 != other.BackboneSha256)
            yield return "the backbone's files";
        if (Recipe != other.Recipe)
            yield return $"the options (there {other.Recipe}, here {Recipe})";
        if (TrainingRows != other.TrainingRows)
            yield return "the training rows";
        if (ValidationRows != other.ValidationRows)
            yield return "the validation rows";
    }
}
