using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>Columns that work cannot do without.</summary>
internal static class SchemaColumns
{
    /// <summary>The column of a name.</summary>
    /// <param name="schema">The data's columns.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="data">What an error calls the data, as "The training data".</param>
    /// <exception cref="SentimentMLException">There is no such column.</exception>
    public static DataViewSchema.Column Require(this DataViewSchema schema, string name, string data) => schema.GetColumnOrNull(name)
        ?? throw new SentimentMLException($"{data} has no column '{name}'; it has {string.Join(", ", schema.Select(column => column.Name))}.");

    /// <summary>The column of texts of a name.</summary>
    /// <param name="schema">The data's columns.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="data">What an error calls the data, as "The training data".</param>
    /// <exception cref="SentimentMLException">There is no such column, or it does not hold texts.</exception>
    public static DataViewSchema.Column RequireText(this DataViewSchema schema, string name, string data)
    {
        DataViewSchema.Column column = schema.Require(name, data);
        return column.Type is TextDataViewType ? column : throw new SentimentMLException($"The column '{name}' holds {column.Type}, expected text.");
    }
}
