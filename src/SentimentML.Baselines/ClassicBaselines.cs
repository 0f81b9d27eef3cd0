using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using SentimentML.Ngrams;

namespace SentimentML;

/// <summary>
/// Classic text classifiers made of ML.NET's parts. Each wants a column of text (or of vectors) and a label column of keys
/// with their values, as <c>MapValueToKey</c> and <c>MapStarsToSentiment</c> make it, for two classes or more.
/// The same rows and the same <see cref="MLContext"/> seed give the same model, whatever the number of cores.
/// </summary>
public static class ClassicBaselines
{
    private const string Featurized = "Features";

    /// <summary>The baselines that read the text itself, the simplest first.</summary>
    /// <param name="ml">The context whose seed the training takes.</param>
    /// <param name="textColumnName">The column with the text. The default value is "Text".</param>
    /// <param name="labelColumnName">The column with the label, a key. The default value is "Label".</param>
    /// <returns>FeaturizeText with SDCA, with L-BFGS and with FastTree; then <see cref="Ngrams"/>.</returns>
    public static IReadOnlyList<ClassicBaseline> All(MLContext ml, string textColumnName = "Text", string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentException.ThrowIfNullOrEmpty(textColumnName);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);

        ClassicBaseline Featurize(string name, string trainer, Func<IEstimator<ITransformer>> build) => new(
            $"FeaturizeText + {name}",
            $"ML.NET's FeaturizeText as it comes (word 1-2-grams and character 3-grams), {trainer}.",
            () => ml.Transforms.Text.FeaturizeText(Featurized, textColumnName).Append(build()));

        return
        [
            Featurize("SDCA", "maximum entropy by SDCA with its defaults", () => Sdca(ml, labelColumnName)),
            Featurize("L-BFGS", "maximum entropy by L-BFGS with its defaults", () => DefaultLbfgs(ml, labelColumnName)),
            Featurize("FastTree", "boosted trees, one model for each class against the others", () => FastTree(ml, Featurized, labelColumnName)),
            Ngrams(ml, textColumnName, labelColumnName),
        ];
    }

    /// <summary>
    /// The strong one: TF-IDF (sublinear, each block of length 1) of word 1-2-grams and of character 2-5-grams within words,
    /// as scikit-learn's TfidfVectorizer makes them, with logistic regression by L-BFGS.
    /// </summary>
    /// <param name="ml">The context whose seed the training takes.</param>
    /// <param name="textColumnName">The column with the text. The default value is "Text".</param>
    /// <param name="labelColumnName">The column with the label, a key. The default value is "Label".</param>
    /// <returns>The baseline.</returns>
    public static ClassicBaseline Ngrams(MLContext ml, string textColumnName = "Text", string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentException.ThrowIfNullOrEmpty(textColumnName);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return new ClassicBaseline(
            "n-grams + L-BFGS",
            "TF-IDF of word 1-2-grams and of character 2-5-grams within words, logistic regression by L-BFGS.",
            () => new NgramEstimator(ml, Featurized, textColumnName, WordNgrams, CharacterNgrams)
                .Append(Lbfgs(ml, Featurized, labelColumnName, NgramRegularization)));
    }

    /// <summary>
    /// Models on vectors that another model makes of the texts, such as the mean of a frozen backbone's last hidden states.
    /// </summary>
    /// <param name="ml">The context whose seed the training takes.</param>
    /// <param name="featureColumnName">The column with the vectors, of a known size. The default value is "Features".</param>
    /// <param name="labelColumnName">The column with the label, a key. The default value is "Label".</param>
    /// <returns>Logistic regression by L-BFGS on standardized vectors, then FastTree.</returns>
    public static IReadOnlyList<ClassicBaseline> VectorHeads(MLContext ml, string featureColumnName = "Features", string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        const string standardized = "StandardizedFeatures";
        return
        [
            new ClassicBaseline("vectors + L-BFGS", "Logistic regression by L-BFGS on the vectors, each dimension standardized.",
                () => ml.Transforms.NormalizeMeanVariance(standardized, featureColumnName, fixZero: false)
                    .Append(Lbfgs(ml, standardized, labelColumnName, VectorRegularization))),
            new ClassicBaseline("vectors + FastTree", "Boosted trees on the vectors, one model for each class against the others.",
                () => FastTree(ml, featureColumnName, labelColumnName)),
        ];
    }

    // An n-gram of a single row says next to nothing of another one and makes the model three times as large.
    private static readonly NgramBlock WordNgrams = new(OfCharacters: false, Shortest: 1, Longest: 2, MinimumRows: 2, MaximumTerms: 400_000);
    private static readonly NgramBlock CharacterNgrams = new(OfCharacters: true, Shortest: 2, Longest: 5, MinimumRows: 2, MaximumTerms: 400_000);

    // 1/C of scikit-learn. Chosen by cross-validation on training rows, where 0.06 to 0.5 are within half a point.
    private const float NgramRegularization = 0.25f;
    private const float VectorRegularization = 30;

    private static SdcaMaximumEntropyMulticlassTrainer Sdca(MLContext ml, string label) => ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
        // More threads race each other, and the model is another one each time.
        new SdcaMaximumEntropyMulticlassTrainer.Options { LabelColumnName = label, FeatureColumnName = Featurized, NumberOfThreads = 1 });

    private static LbfgsMaximumEntropyMulticlassTrainer DefaultLbfgs(MLContext ml, string label) => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
        new LbfgsMaximumEntropyMulticlassTrainer.Options { LabelColumnName = label, FeatureColumnName = Featurized, NumberOfThreads = 1 });

    internal static LbfgsMaximumEntropyMulticlassTrainer Lbfgs(MLContext ml, string features, string label, float regularization) =>
        ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
        new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = label,
            FeatureColumnName = features,
            L1Regularization = 0,
            L2Regularization = regularization,
            OptimizationTolerance = 1e-5f,
            // The threads' sums round differently with their number.
            NumberOfThreads = 1,
        });

    private static OneVersusAllTrainer FastTree(MLContext ml, string features, string label) => ml.MulticlassClassification.Trainers.OneVersusAll(
        ml.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { LabelColumnName = label, FeatureColumnName = features }),
        label);
}
