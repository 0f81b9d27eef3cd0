namespace SentimentML.Evaluation;

/// <summary>A column's values while it looks like one to group by; if there are too many different ones, none is kept.</summary>
internal sealed class GroupColumn(string name, int maxGroups)
{
    private readonly Dictionary<string, string> _different = new(StringComparer.Ordinal);
    private readonly List<string?> _values = [];
    private bool _hasTooMany;

    public string Name => name;

    /// <summary>Whether there are values to group by.</summary>
    public bool HasGroups => _different.Count > 1;

    /// <summary>A value a row.</summary>
    public IReadOnlyList<string?> Values => _values;

    public void Add(string value)
    {
        if (_hasTooMany)
            return;
        if (!_different.TryGetValue(value, out string? known))
        {
            _different.Add(value, known = value);
            if (_different.Count > maxGroups)
            {
                _hasTooMany = true;
                _different.Clear();
                _values.Clear();
                return;
            }
        }
        _values.Add(known);
    }
}
