using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML.MLNetInternals;

namespace SentimentML.Labels;

/// <summary>
/// Adds the label that a review's stars stand for. A whole view loses its rows without a label (the dropped middle, and stars
/// that are missing), since a row without one can neither be trained on nor be evaluated; row by row nothing is dropped and
/// the label is the missing key. Data without the stars column, as at prediction, passes through.
/// </summary>
internal sealed class StarsToSentimentTransformer : ITransformer
{
    internal const string Loader = "StarsToSentiment";

    private static readonly ModelFormat Format = new("STARSENT", version: 0x00010001, oldestReadable: 0x00010001, Loader);

    private readonly string _outputColumn;
    private readonly string _inputColumn;
    private readonly NeutralStars _neutral;

    public StarsToSentimentTransformer(string outputColumn, string inputColumn, NeutralStars neutral)
    {
        _outputColumn = outputColumn;
        _inputColumn = inputColumn;
        _neutral = neutral;
        Sentiments = new Sentiments(neutral);
    }

    public bool IsRowToRowMapper => true;

    internal Sentiments Sentiments { get; }

    /// <summary>ml.Model.Load finds this by its name and parameters.</summary>
    internal static StarsToSentimentTransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
        Format.Load(context, reader =>
        {
            string outputColumn = reader.ReadString();
            string inputColumn = reader.ReadString();
            var neutral = (NeutralStars)reader.ReadInt32();
            if (outputColumn.Length == 0 || inputColumn.Length == 0 || !Enum.IsDefined(neutral))
                throw new SentimentMLException("The model file's mapping of stars to sentiment is damaged: save the model again.");
            return new StarsToSentimentTransformer(outputColumn, inputColumn, neutral);
        });

    void ICanSaveModel.Save(ModelSaveContext ctx) => Format.Save(ctx, writer =>
    {
        writer.Write(_outputColumn);
        writer.Write(_inputColumn);
        writer.Write((int)_neutral);
    });

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Find(inputSchema) is { } stars
            ? new SentimentMapper(LabeledSchema.Over(inputSchema, stars, Sentiments, _outputColumn))
            : new PassThroughMapper(inputSchema);
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Find(input.Schema) is { } stars
            ? new SentimentView(input, LabeledSchema.Over(input.Schema, stars, Sentiments, _outputColumn))
            : input;
    }

    private DataViewSchema.Column? Find(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(_inputColumn) is not { } stars)
            return null;
        if (!StarsColumn.CanRead(stars.Type))
            throw new SentimentMLException(StarsColumn.NotANumber(stars.Name, stars.Type.ToString()));
        return stars;
    }
}
