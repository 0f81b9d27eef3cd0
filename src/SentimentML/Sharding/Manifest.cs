using SentimentML.Reviews;

namespace SentimentML.Sharding;

/// <summary>A plan as its file holds it.</summary>
/// <param name="Version">The format's, 1.</param>
/// <param name="Model">What the model is opened by.</param>
/// <param name="ModelSha256">The digest of its files.</param>
/// <param name="PredictedLabelColumn">Which network of a zip with several is meant; null for the only one.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Answers">How it answers.</param>
/// <param name="Reading">How the inputs are read.</param>
/// <param name="Columns">The inputs' columns that come along; null for all.</param>
/// <param name="CarriedNames">Their names in the output, of a table.</param>
/// <param name="Format">How parts are written.</param>
/// <param name="Rows">The rows of all inputs.</param>
/// <param name="Inputs">The files.</param>
/// <param name="Shards">What each shard reads.</param>
internal sealed record Manifest(
    int Version, string Model, string ModelSha256, string? PredictedLabelColumn, IReadOnlyList<string> Labels, AnswerSettings Answers, ReadingSettings Reading,
    IReadOnlyList<string>? Columns, IReadOnlyList<string> CarriedNames, PredictionFormat Format, long Rows, IReadOnlyList<InputFile> Inputs,
    IReadOnlyList<Shard> Shards);

/// <param name="Precision">Any but Auto.</param>
/// <param name="Calibrated">As <see cref="SentimentClassifierOptions.Calibrated"/>.</param>
/// <param name="UnsureBelow">As <see cref="SentimentClassifierOptions.UnsureBelow"/>.</param>
/// <param name="Sentiments">As <see cref="SentimentClassifierOptions.Sentiments"/>.</param>
/// <param name="Logits">Whether they are written.</param>
internal sealed record AnswerSettings(
    InferencePrecision Precision, bool? Calibrated, double? UnsureBelow, IReadOnlyDictionary<string, Sentiment>? Sentiments, bool Logits);

/// <summary>The options of <see cref="ReviewFileOptions"/> that say where texts are.</summary>
internal sealed record ReadingSettings(
    ReviewFileFormat? Format, string? Encoding, char? Delimiter, char? Quote, bool HasHeader, string? Sheet, string? TextColumn, string? TitleColumn,
    string? BodyColumn, bool Strict)
{
    public static ReadingSettings Of(ReviewFileOptions options) =>
        new(options.Format, options.Encoding?.WebName, options.Delimiter, options.Quote, options.HasHeader, options.Sheet,
        options.TextColumn, options.TitleColumn, options.BodyColumn, options.Strict);

    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ReviewFileOptions ToOptions(OptionNames names) => new ReviewFileOptions
    {
        Format = Format,
        Encoding = Encoding is null ? null : TextEncodings.Find(Encoding) ?? throw new ArgumentException($"'{Encoding}' is not an encoding."),
        Delimiter = Delimiter,
        Quote = Quote,
        HasHeader = HasHeader,
        Sheet = Sheet,
        TextColumn = TextColumn,
        TitleColumn = TitleColumn,
        BodyColumn = BodyColumn,
        Strict = Strict,
        Names = names,
    }.Validated();
}

/// <param name="Path">The full path.</param>
/// <param name="Bytes">The size.</param>
/// <param name="Sha256">The digest of all of it.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Layout">What is known of it, for reading parts; null if it is read as a whole.</param>
internal sealed record InputFile(string Path, long Bytes, string Sha256, long Rows, FileLayout? Layout);

/// <param name="Rows">The rows of all ranges.</param>
/// <param name="Ranges">The rows, in the inputs' order.</param>
internal sealed record Shard(long Rows, IReadOnlyList<ShardRange> Ranges);

/// <summary>Rows of one input.</summary>
/// <param name="Input">Which.</param>
/// <param name="FirstRow">The place of the first row in it, from 0.</param>
/// <param name="Rows">How many.</param>
/// <param name="Start">The first byte of what is read.</param>
/// <param name="End">The byte behind it.</param>
/// <param name="FirstLine">The line of the first row; 0 if there are no lines, or the file is read as a whole.</param>
/// <param name="Sha256">The digest of what is read.</param>
internal sealed record ShardRange(int Input, long FirstRow, long Rows, long Start, long End, long FirstLine, string Sha256);

/// <summary>The record beside a part that is whole.</summary>
/// <param name="Plan">The digest of the plan's file.</param>
/// <param name="Shard">The index.</param>
/// <param name="Rows">The part's rows.</param>
/// <param name="Bytes">The part's size.</param>
/// <param name="Sha256">The part's digest.</param>
internal sealed record PartRecord(string Plan, int Shard, long Rows, long Bytes, string Sha256);
