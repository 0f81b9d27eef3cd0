using System.Text.Json.Nodes;

namespace SentimentML.Evaluation;

/// <summary>The temperature that was fitted on a model's validation set, and whether its scores use it, as sentimentml.json keeps them.</summary>
internal static class SavedTemperature
{
    private const string Key = "temperature", UseKey = "calibrated_scores";

    /// <summary>The saved calibration; null where there is none, or none that a temperature can be.</summary>
    public static Calibration? Read(JsonObject card) =>
        card[Key] is JsonValue value && value.TryGetValue(out double temperature) && temperature is >= Calibration.MinTemperature and <= Calibration.MaxTemperature
            ? new Calibration(temperature)
            : null;

    /// <summary>Writes down a calibration.</summary>
    public static void Write(JsonObject card, Calibration calibration) => card[Key] = calibration.Temperature;

    /// <summary>Writes down whether the model's scores are calibrated where nobody says otherwise.</summary>
    public static void Use(JsonObject card, bool calibrated)
    {
        if (calibrated)
            card[UseKey] = true;
        else
            card.Remove(UseKey);
    }

    /// <summary>What the logits are divided by before the softmax.</summary>
    /// <param name="card">The model's card.</param>
    /// <param name="calibrated">Whether the temperature is used; null: as the model says of itself.</param>
    /// <param name="model">What an error calls the model.</param>
    /// <exception cref="SentimentMLException">The temperature is asked for and the model has none.</exception>
    public static double ToUse(JsonObject card, bool? calibrated, string model)
    {
        bool isUsed = calibrated ?? (card[UseKey] is JsonValue value && value.TryGetValue(out bool used) && used);
        if (!isUsed)
            return 1;
        if (Read(card) is { } saved)
            return saved.Temperature;
        return calibrated is null ? 1 : throw new SentimentMLException(
            $"{model} has no temperature to calibrate its probabilities with. It is found at the end of a training with a validation set, on which it gets some rows wrong: train the model so, or do without calibrated probabilities.");
    }
}
