using System.Globalization;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>
/// The names of labels that a data set of Hugging Face has as numbers: its features say them, as ClassLabel
/// (https://huggingface.co/docs/datasets/about_dataset_features).
/// </summary>
internal sealed class ClassLabels
{
    private readonly string[] _names;

    private ClassLabels(string[] names) => _names = names;

    /// <summary>Out of a feature's type; null for other types. Also for a list of such labels.</summary>
    public static ClassLabels? Of(JsonElement type)
    {
        if (type.ValueKind != JsonValueKind.Object)
            return null;
        if (type.TryGetProperty("names", out JsonElement names) && names.ValueKind == JsonValueKind.Array && type.TryGetProperty("_type", out JsonElement kind)
            && kind.ValueKind == JsonValueKind.String && kind.GetString() == "ClassLabel")
            return new ClassLabels([.. names.EnumerateArray().Select(name => name.ToString())]);
        return type.TryGetProperty("feature", out JsonElement inside) ? Of(inside) : null;
    }

    /// <summary>Those that a Parquet file's metadata has under "huggingface", by their columns.</summary>
    public static Dictionary<string, ClassLabels> InMetadata(string json)
    {
        var found = new Dictionary<string, ClassLabels>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("info", out JsonElement info)
                && info.ValueKind == JsonValueKind.Object && info.TryGetProperty("features", out JsonElement features)
                && features.ValueKind == JsonValueKind.Object)
                foreach (JsonProperty feature in features.EnumerateObject())
                    if (Of(feature.Value) is { } labels)
                        found[feature.Name] = labels;
        }
        catch (JsonException)
        {
            found.Clear(); // another program's metadata: the numbers stay
        }
        return found;
    }

    /// <summary>A number's name, or those of a JSON list of numbers; null for -1, which says that there is no label.</summary>
    public string? NameOf(string? value)
    {
        if (value is ['[', .., ']'])
            return JsonSerializer.Serialize([.. value[1..^1].Split(',').Select(item => NameOf(item.Trim())).OfType<string>()], LabelJson.Default.ListString);
        return !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? value
            : number == -1 ? null : number >= 0 && number < _names.Length ? _names[number] : value;
    }
}
