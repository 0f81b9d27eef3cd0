using SentimentML.Inference;
using SentimentML.Onnx;
using SentimentML.Onnx.Runtime;

namespace SentimentML;

/// <summary>Loads models to run on ONNX Runtime instead of libtorch.</summary>
public static class OnnxSentimentClassifier
{
    /// <summary>
    /// Loads a model for ONNX Runtime on the processor. The application references Microsoft.ML.OnnxRuntime, which brings the runtime's
    /// native part.
    /// </summary>
    /// <remarks>
    /// A folder that <see cref="OnnxExport.Write"/> wrote is used as it is, and libtorch is not needed. Of any other model a graph
    /// is written at first use and kept in the user's cache folder (XDG_CACHE_HOME/sentimentml/onnx), found by the content of
    /// the model's files; that first use needs libtorch.
    /// On processors without VNNI instructions, sums of int8 products may saturate there: compare the labels before use.
    /// </remarks>
    /// <param name="path">A folder that <see cref="OnnxExport.Write"/> wrote, any model folder, or a zip that ml.Model.Save wrote.</param>
    /// <param name="precision">What to compute with. The default value is <see cref="OnnxPrecision.Float32"/>.</param>
    /// <param name="calibrated">As <see cref="SentimentClassifierOptions.Calibrated"/>. The default value is null.</param>
    /// <param name="unsureBelow">As <see cref="SentimentClassifierOptions.UnsureBelow"/>. The default value is null.</param>
    /// <param name="sentiments">As <see cref="SentimentClassifierOptions.Sentiments"/>. The default value is null.</param>
    /// <returns>The classifier; dispose it at the end.</returns>
    /// <exception cref="ModelFileException">There is no usable model at the path.</exception>
    /// <exception cref="SentimentMLException">
    /// The application lacks ONNX Runtime's native part, or the model has no temperature and is to be calibrated.
    /// </exception>
    public static SentimentClassifier Load(
        string path, OnnxPrecision precision = OnnxPrecision.Float32, bool? calibrated = null, double? unsureBelow = null, SentimentMap? sentiments = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Expected Float32 or Int8.");
        string folder = HasGraph(path, precision) ? path : Exported(path, precision);
        var options = new SentimentClassifierOptions { Calibrated = calibrated, UnsureBelow = unsureBelow, Sentiments = sentiments };
        return new SentimentClassifier(Scorer(folder, precision, options));
    }

    private static bool HasGraph(string folder, OnnxPrecision precision) => File.Exists(Path.Combine(folder, ModelSource.GraphName(precision)));

    private static string Exported(string path, OnnxPrecision precision)
    {
        string folder = GraphCache.FolderOf(path);
        if (!HasGraph(folder, precision))
            OnnxExport.Write(path, folder, precision);
        return folder;
    }

    private static TextScorer Scorer(string folder, OnnxPrecision precision, SentimentClassifierOptions options)
    {
        SavedModel model = SavedModel.Open(folder);
        var engine = new OnnxEngine(Path.Combine(folder, ModelSource.GraphName(precision)), model.Config, precision);
        return new TextScorer(engine, model.Tokenizer, model.Rule(options.Calibrated, options.Sentiments, options.UnsureBelow), model.MaxTokens) { Preprocessing = model.PreprocessingFor(options.Preprocessing) };
    }
}
