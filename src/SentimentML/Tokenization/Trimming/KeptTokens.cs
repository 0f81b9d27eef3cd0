namespace SentimentML.Tokenization;

/// <summary>The tokens that stay in a trimmed vocabulary, and their new ids: without gaps, in the order of the old ones.</summary>
internal sealed class KeptTokens
{
    private readonly int[] _newIds; // by old id, -1 for those that are left out
    private readonly int[] _oldIds; // by new id

    /// <param name="isKept">By id, whether a token stays.</param>
    public KeptTokens(IReadOnlyList<bool> isKept)
    {
        _oldIds = [.. Enumerable.Range(0, isKept.Count).Where(id => isKept[id])];
        _newIds = new int[isKept.Count];
        Array.Fill(_newIds, -1);
        for (int id = 0; id < _oldIds.Length; id++)
            _newIds[_oldIds[id]] = id;
    }

    public int Count => _oldIds.Length;

    /// <summary>By new id.</summary>
    public IReadOnlyList<int> OldIds => _oldIds;

    /// <summary>Null for a token that is left out.</summary>
    public int? NewId(int oldId) => (uint)oldId < (uint)_newIds.Length && _newIds[oldId] is >= 0 and int id ? id : null;
}
