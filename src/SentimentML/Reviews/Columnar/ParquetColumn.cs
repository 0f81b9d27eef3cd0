using Parquet.Schema;

namespace SentimentML.Reviews;

/// <summary>A column of a Parquet file that is read: one value a row, or one list of values.</summary>
/// <param name="Name">Its name at the top of the schema; of a value inside structures, the path to it with dots.</param>
/// <param name="Values">The field that has the values.</param>
/// <param name="IsList">Whether a row has a list of them.</param>
internal readonly record struct ParquetColumn(string Name, DataField Values, bool IsList)
{
    /// <summary>The columns that a field of the schema has; none for what is not read: lists of structures, maps, lists of lists.</summary>
    /// <param name="field">The field.</param>
    /// <param name="around">The path of the structures around it, with a dot behind each. The default value is the top of the schema.</param>
    public static IEnumerable<ParquetColumn> Of(Field field, string around = "")
    {
        string name = around + field.Name;
        return field switch
        {
            DataField { MaxRepetitionLevel: 0 } values when ParquetText.CanRead(values) => [new ParquetColumn(name, values, IsList: false)],
            DataField { MaxRepetitionLevel: 1 } values when ParquetText.CanRead(values) => [new ParquetColumn(name, values, IsList: true)],
            ListField { Item: DataField { MaxRepetitionLevel: 1 } values } when ParquetText.CanRead(values) => [new ParquetColumn(name, values, IsList: true)],
            StructField structure => structure.Fields.SelectMany(inner => Of(inner, $"{name}.")),
            _ => [],
        };
    }
}
