using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tool.Tests;

/// <summary>What another process does with a saved pipeline: it uses ML.NET alone. <see cref="ModelZipTests"/> starts it.</summary>
public sealed class FreshProcess
{
    internal const string ModelVariable = "SENTIMENTML_TEST_MODEL";
    internal const string ScoresVariable = "SENTIMENTML_TEST_SCORES";

    /// <summary>Of several lengths, the first ones the reference notebook's.</summary>
    internal static readonly string[] Texts =
    [
        "la mesa tiene las patas bonitas", "me parecen bonitas las patas de la mesa", "la mesa tiene las patas mal pintadas", "",
        "Llegó tarde, rota y sin instrucciones; devolverla costó tres semanas de correos.",
    ];

    [Fact(Explicit = true)]
    public void A_saved_pipeline_is_loaded()
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Environment.GetEnvironmentVariable(ModelVariable)!, out _);
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(Texts.Select(text => new { Text = text })));
        File.WriteAllBytes(Environment.GetEnvironmentVariable(ScoresVariable)!, Bytes(scored.GetColumn<float[]>("Score")));
    }

    internal static byte[] Bytes(IEnumerable<IEnumerable<float>> scores) => [.. scores.SelectMany(row => row).SelectMany(BitConverter.GetBytes)];
}
