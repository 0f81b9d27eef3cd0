using SentimentML.Reviews;

namespace SentimentML.Evaluation;

/// <summary>Collects what is wrong with options, so that one exception names every fault.</summary>
/// <param name="names">How the message names the options.</param>
internal sealed class OptionFaults(OptionNames? names = null)
{
    private readonly OptionNames _names = names ?? OptionNames.Properties;
    private readonly List<string> _faults = [];

    public void Expect(bool holds, string property, object? value, string expected)
    {
        if (!holds)
            _faults.Add(FormattableString.Invariant($"{_names.Name(property)} is {value ?? "null"}, expected {expected}."));
    }

    public void ExpectName(string? value, string property) =>
        Expect(!string.IsNullOrWhiteSpace(value), property, value is null ? null : "empty", "a column's name");

    /// <summary>An option in what another one's fault expects.</summary>
    public string Name(string property) => _names.Name(property);

    /// <exception cref="ArgumentException">There is a fault.</exception>
    public void Throw(string? parameterName = null)
    {
        if (_faults.Count > 0)
            throw new ArgumentException(string.Join(" ", _faults), parameterName);
    }
}
