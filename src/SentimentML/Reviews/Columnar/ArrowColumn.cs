using Apache.Arrow;
using Apache.Arrow.Types;

namespace SentimentML.Reviews;

/// <summary>A column of an Arrow file that is read: one value a row, or one list of values.</summary>
/// <param name="Name">Its name at the top of the schema; of a value inside structures, the path to it with dots.</param>
/// <param name="Places">Its place at the top of the schema, and those in the structures on the path.</param>
/// <param name="IsList">Whether a row has a list of values.</param>
internal readonly record struct ArrowColumn(string Name, IReadOnlyList<int> Places, bool IsList)
{
    /// <summary>The columns that a field at the top of the schema has; none for what is not read: lists of structures, maps, lists of lists.</summary>
    public static IEnumerable<ArrowColumn> Of(Field field, int place) => Of(field.Name, field.DataType, [place]);

    private static IEnumerable<ArrowColumn> Of(string name, IArrowType type, IReadOnlyList<int> places) => type switch
    {
        _ when ArrowText.CanRead(type) => [new ArrowColumn(name, places, IsList: false)],
        StructType structure => structure.Fields.SelectMany((field, place) => Of($"{name}.{field.Name}", field.DataType, [.. places, place])),
        MapType => [], // which is a list too
        ListType or LargeListType or ListViewType or LargeListViewType or FixedSizeListType when ArrowText.CanRead(((NestedType)type).Fields[0].DataType) =>
            [new ArrowColumn(name, places, IsList: true)],
        _ => [],
    };

    /// <summary>The text of each row of a batch.</summary>
    public Func<int, string?> In(RecordBatch batch)
    {
        IArrowArray values = ArrowText.Stored(batch.Column(Places[0]));
        List<IArrowArray> around = [];
        foreach (int place in Places.Skip(1))
        {
            around.Add(values);
            values = ArrowText.Stored(((StructArray)values).Fields[place]);
        }
        if (values.Length < batch.Length)
            throw new InvalidDataException($"It has {values.Length} values in {batch.Length} rows.");
        Func<int, string?> text = IsList ? ArrowText.OfLists(values) : ArrowText.Of(values);
        return around.Count == 0 ? text : row => around.TrueForAll(structure => !structure.IsNull(row)) ? text(row) : null;
    }
}
