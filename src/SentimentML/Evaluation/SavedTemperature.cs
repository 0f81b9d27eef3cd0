using System.Text.Json.Nodes;

namespace SentimentML.Evaluation;

/// <summary>The temperature that was fitted on a model's validation set, as sentimentml.json keeps it.</summary>
internal static class SavedTemperature
{
    private const string Key = "temperature";

    /// <summary>The saved calibration; null where there is none, or none that a temperature can be.</summary>
    public static Calibration? Read(JsonObject card) =>
        card[Key] is JsonValue value && value.TryGetValue(out double temperature) && temperature is >= Calibration.MinimumTemperature and <= Calibration.MaximumTemperature
            ? new Calibration(temperature)
            : null;

    /// <summary>Writes down a calibration.</summary>
    public static void Write(JsonObject card, Calibration calibration) => card[Key] = calibration.Temperature;
}
