using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Inference;
using SentimentML.Onnx;
using SentimentML.Onnx.Runtime;
using SentimentML.Tokenization;
using static TorchSharp.torch;

#pragma warning disable RS0026 // A path and an opened model cannot be taken for each other, so both may have optional parameters.

namespace SentimentML;

/// <summary>Loads models to run on ONNX Runtime instead of libtorch.</summary>
public static class OnnxSentimentClassifier
{
    /// <summary>
    /// Loads a model for ONNX Runtime on the processor. The application references Microsoft.ML.OnnxRuntime, which brings the runtime's
    /// native part.
    /// </summary>
    /// <remarks>
    /// A folder that <see cref="OnnxExport.Write(string, string, OnnxPrecision)"/> or optimum wrote is used as it is, and libtorch is not needed.
    /// Of any other model a graph is written at first use and kept in the user's cache folder (XDG_CACHE_HOME/sentimentml/onnx), found by the
    /// content of the model's files; that first use needs libtorch.
    /// On processors without VNNI instructions, sums of int8 products may saturate there: compare the labels before use.
    /// </remarks>
    /// <param name="path">
    /// A folder that <see cref="OnnxExport.Write(string, string, OnnxPrecision)"/> wrote, any model folder, a zip that ml.Model.Save wrote, or a model on the
    /// Hugging Face hub, "organization/name" or "organization/name@revision", which is downloaded at first use.
    /// </param>
    /// <param name="precision">What to compute with. The default value is <see cref="OnnxPrecision.Float32"/>.</param>
    /// <param name="calibrated">As <see cref="SentimentClassifierOptions.Calibrated"/>. The default value is null.</param>
    /// <param name="unsureBelow">As <see cref="SentimentClassifierOptions.UnsureBelow"/>. The default value is null.</param>
    /// <param name="sentiments">As <see cref="SentimentClassifierOptions.Sentiments"/>. The default value is null.</param>
    /// <returns>The classifier; dispose it at the end.</returns>
    /// <exception cref="ModelFileException">There is no usable model at the path.</exception>
    /// <exception cref="HubException">The hub did not give the model.</exception>
    /// <exception cref="SentimentMLException">
    /// The application lacks ONNX Runtime's native part, or the model has no temperature and is to be calibrated.
    /// </exception>
    public static SentimentClassifier Load(
        string path, OnnxPrecision precision = OnnxPrecision.Float32, bool? calibrated = null, double? unsureBelow = null, SentimentMap? sentiments = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Expected Float32 or Int8.");
        return Load(SavedModel.Open(path), precision, calibrated, unsureBelow, sentiments);
    }

    /// <summary>
    /// Loads a model that was opened, as <see cref="Load(string, OnnxPrecision, bool?, double?, SentimentMap?)"/> does. The graph alone may
    /// come from the cache: all else is the model's own.
    /// </summary>
    /// <param name="saved">The model.</param>
    /// <param name="precision">What to compute with. The default value is <see cref="OnnxPrecision.Float32"/>.</param>
    /// <param name="calibrated">As <see cref="SentimentClassifierOptions.Calibrated"/>. The default value is null.</param>
    /// <param name="unsureBelow">As <see cref="SentimentClassifierOptions.UnsureBelow"/>. The default value is null.</param>
    /// <param name="sentiments">As <see cref="SentimentClassifierOptions.Sentiments"/>. The default value is null.</param>
    /// <returns>The classifier; dispose it at the end.</returns>
    /// <exception cref="SentimentMLException">
    /// The application lacks ONNX Runtime's native part, or the model has no temperature and is to be calibrated.
    /// </exception>
    public static SentimentClassifier Load(
        SavedModel saved, OnnxPrecision precision = OnnxPrecision.Float32, bool? calibrated = null, double? unsureBelow = null, SentimentMap? sentiments = null)
    {
        ArgumentNullException.ThrowIfNull(saved);
        var options = new SentimentClassifierOptions { Calibrated = calibrated, UnsureBelow = unsureBelow, Sentiments = sentiments };
        AnswerRule rule = saved.Rule(options.Calibrated, options.Sentiments, options.UnsureBelow);
        PretrainedTokenizer tokenizer = saved.Tokenizer;
        Func<TextInput, TextInput>? transforms = saved.Transforms;
        TweetPreprocessing? preprocessing = saved.PreprocessingFor(stated: null);
        var engine = new OnnxEngine(ModelSource.GraphOf(saved, precision) ?? CachedGraph(saved, precision), saved.Config, precision);
        return new SentimentClassifier(new TextScorer(engine, tokenizer, rule, saved.MaxTokens) { Transforms = transforms, Preprocessing = preprocessing });
    }

    /// <summary>The graph in the model's folder of the cache, written if it is missing.</summary>
    private static string CachedGraph(SavedModel saved, OnnxPrecision precision)
    {
        string folder = GraphCache.FolderOf(saved), graph = Path.Combine(folder, ModelSource.GraphName(precision));
        if (!File.Exists(graph))
            WriteGraph(saved, folder, precision);
        return graph;
    }

    private static void WriteGraph(SavedModel saved, string folder, OnnxPrecision precision)
    {
        using SequenceClassifier network = saved.LoadNetwork(CPU);
        try
        {
            OnnxExport.WriteGraph(network, Path.Combine(folder, ModelSource.GraphName(precision)), precision);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException(
                $"The ONNX graph cannot be written to {folder}: {e.Message} Look for free space, or set XDG_CACHE_HOME to another folder.", e);
        }
    }
}
