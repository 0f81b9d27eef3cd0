using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>The classes that stars are mapped to, and the key column that holds them.</summary>
internal sealed class Sentiments(NeutralStars neutral)
{
    private static readonly ReadOnlyMemory<char>[] Two = ["negative".AsMemory(), "positive".AsMemory()];
    private static readonly ReadOnlyMemory<char>[] Three = ["negative".AsMemory(), "neutral".AsMemory(), "positive".AsMemory()];

    private readonly ReadOnlyMemory<char>[] _names = neutral == NeutralStars.Class ? Three : Two;

    /// <summary>How stars were mapped to give these labels; null when they were not.</summary>
    public static NeutralStars? NeutralOf(IReadOnlyList<string> labels)
    {
        bool Are(ReadOnlyMemory<char>[] names) => labels.SequenceEqual(names.Select(name => name.ToString()));
        return Are(Two) ? NeutralStars.Drop : Are(Three) ? NeutralStars.Class : null;
    }

    /// <summary>The key of a review: 1-based, 0 (missing) for stars that are missing and for a middle that is dropped.</summary>
    /// <exception cref="SentimentMLException">The stars are no whole number from 1 to 5.</exception>
    public uint Key(double stars, string column, long row) => stars switch
    {
        1 or 2 => 1,
        3 => neutral == NeutralStars.Class ? 2u : 0u,
        4 or 5 => (uint)_names.Length,
        double.NaN => 0,
        _ => throw new SentimentMLException(
            FormattableString.Invariant($"Row {row + 1}: column '{column}' holds {stars}, expected a whole number from 1 to 5. ")
            + "Other scales become stars when a file is loaded and its scale or an offset is stated, or by a CustomMapping."),
    };

    /// <summary>The name of a key; null for the missing one.</summary>
    public string? Name(uint key) => key == 0 ? null : _names[key - 1].ToString();

    /// <summary>Adds the label column, with the classes' names as its KeyValues.</summary>
    public void AddTo(DataViewSchema.Builder schema, string column)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, _names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => CopyNames(ref value));
        schema.AddColumn(column, new KeyDataViewType(typeof(uint), _names.Length), annotations.ToAnnotations());
    }

    private void CopyNames(ref VBuffer<ReadOnlyMemory<char>> value)
    {
        VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, _names.Length);
        _names.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
