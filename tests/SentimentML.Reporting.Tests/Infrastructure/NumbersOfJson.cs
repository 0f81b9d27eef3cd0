using System.Globalization;
using System.Text.Json;

namespace SentimentML.Reporting.Tests.Infrastructure;

/// <summary>All numbers in a JSON text, to look up those that a person was shown.</summary>
internal sealed class NumbersOfJson
{
    private readonly List<double> _numbers = [];

    public static NumbersOfJson In(string json)
    {
        var numbers = new NumbersOfJson();
        using JsonDocument document = JsonDocument.Parse(json);
        numbers.Collect(document.RootElement);
        return numbers;
    }

    /// <summary>Whether some number, or a hundred times it, is written like this to as many decimals.</summary>
    public bool Has(string shown)
    {
        int digits = shown.Contains('.', StringComparison.Ordinal) ? shown.Length - shown.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return _numbers.Any(number => Written(number) == shown || Written(100 * number) == shown);

        string Written(double number) => number.ToString("F" + digits, CultureInfo.InvariantCulture);
    }

    private void Collect(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                _numbers.Add(element.GetDouble());
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    Collect(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _numbers.AddRange(double.TryParse(property.Name, CultureInfo.InvariantCulture, out double name) ? [name] : []);
                    Collect(property.Value);
                }
                break;
            case JsonValueKind.String when double.TryParse(element.GetString(), CultureInfo.InvariantCulture, out double text):
                _numbers.Add(text);
                break;
        }
    }
}
