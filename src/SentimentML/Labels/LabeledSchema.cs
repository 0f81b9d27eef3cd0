using Microsoft.ML;

namespace SentimentML.Labels;

/// <summary>An input's columns at their own places, and the label after them.</summary>
internal sealed class LabeledSchema
{
    private LabeledSchema(DataViewSchema input, DataViewSchema output, DataViewSchema.Column stars, Sentiments sentiments)
    {
        Input = input;
        Output = output;
        Stars = stars;
        Sentiments = sentiments;
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public DataViewSchema.Column Stars { get; }

    public Sentiments Sentiments { get; }

    public int LabelIndex => Input.Count;

    public static LabeledSchema Over(DataViewSchema input, DataViewSchema.Column stars, Sentiments sentiments, string label)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        sentiments.AddTo(builder, label);
        return new LabeledSchema(input, builder.ToSchema(), stars, sentiments);
    }

    /// <summary>Which of the output's columns are asked for, by index.</summary>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[Output.Count];
        foreach (DataViewSchema.Column column in columns)
            active[Check(column)] = true;
        return active;
    }

    /// <summary>The input's columns that active columns of the output rest on.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(bool[] active, bool starsToo) =>
        Input.Where(column => active[column.Index] || (column.Index == Stars.Index && (starsToo || active[LabelIndex])));

    public int Check(DataViewSchema.Column column) =>
        column.Index < Output.Count && Output[column.Index].Name == column.Name && Output[column.Index].Type.Equals(column.Type)
            ? column.Index
            : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' ({column.Type}) is not one of this data's.");
}
