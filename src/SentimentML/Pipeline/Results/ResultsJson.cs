using System.Text.Json.Serialization;

namespace SentimentML.Pipeline.Results;

/// <summary>How the files of a folder of results are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a training that diverged has an infinite loss
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ResultsHeader))]
[JsonSerializable(typeof(StoredResult<SearchTrial>))]
[JsonSerializable(typeof(StoredResult<FoldResult>))]
internal sealed partial class ResultsJson : JsonSerializerContext;

/// <summary>The file that says whose results a folder has.</summary>
/// <param name="Format">The format's version, 1.</param>
/// <param name="Work">The work.</param>
internal sealed record ResultsHeader(int Format, ResultsFingerprint Work);

/// <summary>A training's result as its file holds it.</summary>
/// <param name="Work">The digest of the work's fingerprint.</param>
/// <param name="Result">What was measured.</param>
internal sealed record StoredResult<T>(string Work, T Result)
    where T : class;

/// <summary>What a fold of a cross-validation gave.</summary>
/// <param name="TrainRows">The rows that the model was trained on.</param>
/// <param name="Rows">The rows that it was measured on.</param>
internal sealed record FoldResult(int TrainRows, EvaluationRows Rows);
