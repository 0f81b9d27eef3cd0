using Microsoft.ML;

namespace SentimentML.Tests.Infrastructure;

/// <summary>A few easy reviews and the tiny golden backbone: a whole fine-tuning in a second.</summary>
internal static class TinyTask
{
    private static readonly string[] Good =
        ["Muy bueno, lo recomiendo", "Excelente calidad", "Me encanta, perfecto", "Funciona muy bien", "Gran compra, contento"];
    private static readonly string[] Bad = ["Muy malo, no lo compréis", "Pésima calidad", "Se rompió, un desastre", "No funciona", "Mala compra, descontento"];

    public static MLContext Context(int? seed = 7) => new(seed);

    public static Backbone Backbone => Backbone.FromFolder(Shared.Golden("tiny_mlm"));

    /// <summary>Twice as many of each kind as asked for, alternating; stars 1, 2, 4, 5.</summary>
    public static IReadOnlyList<Review> Reviews(int count = 40) =>
    [
        .. Enumerable.Range(0, count).Select(i => i % 2 == 0
            ? new Review { Text = $"{Good[i / 2 % Good.Length]} {i}", Stars = 4 + i / 2 % 2 }
            : new Review { Text = $"{Bad[i / 2 % Bad.Length]} {i}", Stars = 1 + i / 2 % 2 }),
    ];

    public static IDataView View(MLContext ml, int count = 40) => ml.Data.LoadFromEnumerable(Reviews(count));

    public static SentimentClassificationOptions Options(IDataView? validation = null) => new()
    {
        Backbone = Backbone,
        Device = TorchDevice.Cpu,
        Epochs = 2,
        BatchSize = 8,
        LearningRate = 2e-3,
        ValidationSet = validation,
    };

    public static IEstimator<ITransformer> Pipeline(MLContext ml, SentimentClassificationOptions? options = null) =>
        ml.Transforms.Conversion.MapStarsToSentiment()
            .Append(ml.MulticlassClassification.Trainers.SentimentClassification(options ?? Options()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    public sealed class Review
    {
        public string Text { get; set; } = "";
        public float Stars { get; set; }
    }

    public sealed class Question
    {
        public string Text { get; set; } = "";
    }

    public sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";
        public float[] Score { get; set; } = [];
    }
}
