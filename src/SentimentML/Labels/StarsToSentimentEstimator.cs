using Microsoft.ML;
using SentimentML.MLNetInternals;

namespace SentimentML.Labels;

/// <summary>Nothing is learned: it checks that the stars are there, in training, and says what will be added.</summary>
internal sealed class StarsToSentimentEstimator(string outputColumn, string inputColumn, NeutralStars neutral) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        return new StarsToSentimentTransformer(outputColumn, inputColumn, neutral);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!inputSchema.TryFindColumn(inputColumn, out SchemaShape.Column stars))
            throw new SentimentMLException($"The data has no column '{inputColumn}' with the reviews' stars. Its columns are: "
                + $"{string.Join(", ", inputSchema.Select(column => column.Name))}. Name the one with the stars as inputColumnName.");
        if (stars.Kind != SchemaShape.Column.VectorKind.Scalar || stars.IsKey || !StarsColumn.CanRead(stars.ItemType))
            throw new SentimentMLException(StarsColumn.NotANumber(stars.Name, Describe(stars)));
        return inputSchema.With(SchemaShapes.Key(outputColumn));
    }

    private static string Describe(SchemaShape.Column column) =>
        (column.Kind == SchemaShape.Column.VectorKind.Scalar ? "" : "vector of ") + (column.IsKey ? "key" : column.ItemType.ToString());
}
