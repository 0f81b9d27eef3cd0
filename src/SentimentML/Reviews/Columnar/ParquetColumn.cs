using Parquet.Schema;

namespace SentimentML.Reviews;

/// <summary>A column of a Parquet file that is read: one value a row, or one list of values.</summary>
/// <param name="Name">Its name at the top of the schema.</param>
/// <param name="Values">The field that has the values.</param>
/// <param name="IsList">Whether a row has a list of them.</param>
internal readonly record struct ParquetColumn(string Name, DataField Values, bool IsList)
{
    /// <summary>The column that a field of the schema is; null if it is not read: structures, maps, lists of lists.</summary>
    public static ParquetColumn? Of(Field field) => field switch
    {
        DataField { MaxRepetitionLevel: 0 } values when ParquetText.CanRead(values) => new ParquetColumn(field.Name, values, IsList: false),
        DataField { MaxRepetitionLevel: 1 } values when ParquetText.CanRead(values) => new ParquetColumn(field.Name, values, IsList: true),
        ListField { Item: DataField { MaxRepetitionLevel: 1 } values } when ParquetText.CanRead(values) => new ParquetColumn(field.Name, values, IsList: true),
        _ => null,
    };
}
