using System.Text.Json;
using System.Text.Json.Nodes;

namespace SentimentML.Tool.Evaluation;

/// <summary>Models side by side, as 'compare --json' prints them.</summary>
internal static class BaselineList
{
    private const long MostBytes = 16 << 20;

    public static JsonArray Write(IEnumerable<ComparedModel> models) => new([.. models.Select(model =>
    {
        var json = new JsonObject { ["name"] = model.Name };
        AddFigure(json, "accuracy", model.Metrics.Accuracy);
        AddFigure(json, "macro_f1", model.Metrics.MacroF1);
        json["train_seconds"] = model.TrainingTime is { } time ? Math.Round(time.TotalSeconds, 3) : null;
        json["rows_per_second"] = Math.Round(model.RowsPerSecond, 1);
        json["size_bytes"] = model.Bytes;
        return (JsonNode)json;
    })]);

    /// <exception cref="SentimentMLException">The file is not what 'compare --json' prints.</exception>
    public static IReadOnlyList<ReportedBaseline> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw new JsonException("it is too large");
            using FileStream file = File.OpenRead(path);
            return JsonNode.Parse(file) is JsonArray list
                ? [.. list.Select(item => ReadOne(item as JsonObject ?? throw new JsonException("an entry is not an object")))]
                : throw new JsonException("the outermost value is not an array");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            throw new SentimentMLException($"{path} cannot be read: {e.Message} Expected what 'compare --json' prints.", e);
        }
    }

    private static ReportedBaseline ReadOne(JsonObject json) => new(
        json["name"]?.GetValue<string>() ?? throw new JsonException("an entry has no name"),
        Figure(json, "accuracy"), Figure(json, "macro_f1"), Optional(json, "train_seconds"), Optional(json, "rows_per_second"),
        (long?)Optional(json, "size_bytes"));

    private static void AddFigure(JsonObject json, string name, MetricInterval figure)
    {
        foreach ((string key, double value) in (
            ReadOnlySpan<(string, double)>)[(name, figure.Value), (name + "_low", figure.Low), (name + "_high", figure.High)])
            json[key] = double.IsFinite(value) ? value : null;
    }

    private static MetricInterval Figure(JsonObject json, string name) =>
        new(Optional(json, name) ?? double.NaN, Optional(json, name + "_low") ?? double.NaN, Optional(json, name + "_high") ?? double.NaN);

    private static double? Optional(JsonObject json, string name) => json[name]?.GetValue<double>();
}
