namespace SentimentML.Evaluation;

/// <summary>Collects what is wrong with options, so that one exception names every fault.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public void Expect(bool holds, string property, object? value, string expected)
    {
        if (!holds)
            _faults.Add(FormattableString.Invariant($"{property} is {value ?? "null"}, expected {expected}."));
    }

    public void ExpectName(string? value, string property) =>
        Expect(!string.IsNullOrWhiteSpace(value), property, value is null ? null : "empty", "a column's name");

    /// <exception cref="ArgumentException">There is a fault.</exception>
    public void Throw(string? parameterName = null)
    {
        if (_faults.Count > 0)
            throw new ArgumentException(string.Join(" ", _faults), parameterName);
    }
}
