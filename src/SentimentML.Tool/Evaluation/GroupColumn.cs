namespace SentimentML.Tool.Evaluation;

/// <summary>A column's values while it looks like one to group by; once there are too many different ones, nothing is kept.</summary>
internal sealed class GroupColumn(string name, int mostGroups)
{
    private readonly Dictionary<string, string> _different = new(StringComparer.Ordinal);
    private readonly List<string?> _values = [];

    public string Name => name;

    /// <summary>How many different values there are; 0 where there are too many.</summary>
    public int Groups => _different.Count;

    /// <summary>A value a row.</summary>
    public IReadOnlyList<string?> Values => _values;

    private bool IsGivenUp { get; set; }

    public void Add(string value)
    {
        if (IsGivenUp)
            return;
        if (!_different.TryGetValue(value, out string? known))
        {
            _different.Add(value, known = value);
            if (_different.Count > mostGroups)
            {
                IsGivenUp = true;
                _different.Clear();
                _values.Clear();
                return;
            }
        }
        _values.Add(known);
    }
}
