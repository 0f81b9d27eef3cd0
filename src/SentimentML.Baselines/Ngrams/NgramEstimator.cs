using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace SentimentML.Ngrams;

/// <summary>Learns the n-grams of a text column and turns them into TF-IDF vectors, one block beside the other.</summary>
internal sealed class NgramEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName, params NgramBlock[] blocks)
    : IEstimator<NgramTransformer>
{
    private readonly IHost _host = environment.Register(nameof(NgramEstimator));

    public NgramTransformer Fit(IDataView input)
    {
        CheckInput(SchemaShape.Create(input.Schema));
        // Only the text is asked for: whatever else the rows hold is not computed.
        NgramVocabulary[] vocabularies = [.. blocks.Select(block => NgramVocabulary.Learn(block, input.GetColumn<ReadOnlyMemory<char>>(inputColumnName)))];
        if (vocabularies.Sum(v => v.Count) == 0)
            throw new InvalidOperationException(
                $"Column '{inputColumnName}' holds no n-gram that appears in enough rows; expected texts of the language to be learned. Check that the column "
                    + "holds the texts and that there are more than a few rows.");
        return new NgramTransformer(_host, outputColumnName, inputColumnName, vocabularies);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        CheckInput(inputSchema);
        Dictionary<string, SchemaShape.Column> columns = inputSchema.ToDictionary(c => c.Name);
        columns[outputColumnName] = new SchemaShape.Column(outputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        return new SchemaShape(columns.Values);
    }

    private void CheckInput(SchemaShape schema)
    {
        if (!schema.TryFindColumn(inputColumnName, out SchemaShape.Column column))
            throw _host.ExceptSchemaMismatch(nameof(schema), "text", inputColumnName);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType is not TextDataViewType)
            throw _host.ExceptSchemaMismatch(nameof(schema), "text", inputColumnName, "text", column.GetTypeString());
    }
}
