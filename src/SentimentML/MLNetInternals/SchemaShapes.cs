using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.MLNetInternals;

/// <summary>What an estimator says of the columns that it will add. ML.NET keeps the constructor of a shape's column to itself.</summary>
internal static class SchemaShapes
{
    private const string KeyValues = "KeyValues";
    private const string SlotNames = "SlotNames";

    /// <summary>The shape of data that is there.</summary>
    public static SchemaShape Of(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>A key column (uint) whose keys stand for values.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="valueType">The type of the values; null for text.</param>
    public static SchemaShape.Column Key(string name, DataViewType? valueType = null) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, Names(KeyValues, valueType));

    /// <summary>The type of the values that a key column's keys stand for; null if they stand for none.</summary>
    public static DataViewType? KeyValuesType(SchemaShape.Column key) =>
        key.Annotations.TryFindColumn(KeyValues, out SchemaShape.Column values) ? values.ItemType : null;

    /// <summary>A column with one value a row.</summary>
    public static SchemaShape.Column Scalar(string name, PrimitiveDataViewType type) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, type, false, new SchemaShape([]));

    /// <summary>A column of vectors of a known size, whose slots may have names.</summary>
    public static SchemaShape.Column Vector(string name, PrimitiveDataViewType itemType, bool slotNames) =>
        new(name, SchemaShape.Column.VectorKind.Vector, itemType, false, slotNames ? Names(SlotNames) : new SchemaShape([]));

    /// <summary>The shape with these columns added; one of the same name is replaced, as ML.NET's own estimators do.</summary>
    public static SchemaShape With(this SchemaShape shape, params IReadOnlyList<SchemaShape.Column> added)
    {
        var columns = shape.Where(column => added.All(other => other.Name != column.Name)).ToList();
        columns.AddRange(added);
        return new SchemaShape(columns);
    }

    private static SchemaShape Names(string kind, DataViewType? itemType = null) =>
        new([new SchemaShape.Column(kind, SchemaShape.Column.VectorKind.Vector, itemType ?? TextDataViewType.Instance, false, new SchemaShape([]))]);
}
