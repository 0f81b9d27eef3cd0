using Microsoft.ML;
using SentimentML.Labels;
using SentimentML.MLNetInternals;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>The entry points of this library, on the catalogs of an <see cref="MLContext"/>.</summary>
public static class SentimentCatalog
{
    /// <summary>Reads a file of reviews, lazily: every cursor opens the file and reads it as a stream.</summary>
    /// <param name="catalog">The catalog of data operations.</param>
    /// <param name="path">
    /// A csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather file, compressed with gzip, bzip2, xz or Zstandard or not, or a zip archive
    /// of one. The extension says the format; compressions, Excel, Parquet and Arrow are recognized by their content. Or a folder of .txt files, in
    /// which folders name the labels; or one with one file of reviews, or with the parts of one table, whose names differ in one number alone.
    /// </param>
    /// <param name="options">What the extension and the columns' names do not say; null for <see cref="ReviewFileOptions"/>'s defaults.</param>
    /// <returns>
    /// A view of the rows, in the file's order, with the columns
    /// <list type="bullet">
    /// <item>Text (text): the file's text; where it has none, title, a blank line and body, or the body alone;</item>
    /// <item>Stars (float, 1 to 5): where the file has stars, written as numbers or as strings;</item>
    /// <item>Title, Body (text): where the file has them;</item>
    /// <item>Label (text): where the file has a label that is not its stars;</item>
    /// <item>every other column that has a name, as text under that name. Values that are no text in the file are written as they
    /// are in JSON, or invariant; missing ones are empty.</item>
    /// </list>
    /// Column names are matched exactly, else without regard to case. A further column of the file that bears the name of one of the
    /// first five is left out.
    /// </returns>
    /// <remarks>
    /// <para>
    /// A JSON file's columns are the properties of all its rows, which are found when it is loaded; a row may lack any. Rows of a text file
    /// may have up to 16 MiB. What was found out about a file and might be wrong, such as its encoding, is a warning in the log of the
    /// <see cref="MLContext"/>.
    /// </para>
    /// <para>
    /// Values are checked when a column is read, so that data to be scored may have stars of another scale. A compressed parquet, arrow or xlsx file is
    /// unpacked to a temporary file by every cursor.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">The path is empty, or options are wrong (every fault is named).</exception>
    /// <exception cref="SentimentMLException">
    /// The file is missing, empty, of another format, or has no column of text. Faults in rows (an invalid star rating, broken JSON,
    /// too many fields, an unclosed quote, invalid UTF-8, a cut-off gzip) are thrown, with line and column, by the cursor that meets them.
    /// </exception>
    public static IDataView LoadReviews(this DataOperationsCatalog catalog, string path, ReviewFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ReviewFileOptions read = (options ?? new ReviewFileOptions()).Validated();
        return new ReviewView(path, read, read.Warn ?? MLNetHost.WarningsOf(catalog, nameof(LoadReviews)));
    }

    /// <summary>
    /// Draws rows at random, none twice; they keep the data's order. Files are often sorted by their stars, so that their first rows are
    /// not a fair sample.
    /// </summary>
    /// <param name="catalog">The catalog of data operations.</param>
    /// <param name="input">The data; it is read once to count its rows, if it does not know their number.</param>
    /// <param name="count">How many rows to draw; all of them if the data has fewer.</param>
    /// <param name="seed">The seed of the draw. The default value is null: the MLContext's, else 42.</param>
    /// <returns>A view of the drawn rows, read lazily.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static IDataView SampleRows(this DataOperationsCatalog catalog, IDataView input, int count, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return SelectedRows.Sample(input, count, seed ?? MLNetHost.SeedOf(MLNetHost.EnvironmentOf(catalog)) ?? 42);
    }

    /// <summary>Maps a review's stars to its sentiment: 1 and 2 are negative, 4 and 5 positive, 3 dropped or neutral.</summary>
    /// <param name="catalog">The catalog of conversions.</param>
    /// <param name="outputColumnName">
    /// The column to add: a key whose KeyValues are "negative", "positive", or "negative", "neutral", "positive". The default value is "Label".
    /// </param>
    /// <param name="inputColumnName">The column with the stars, of any number type. The default value is "Stars".</param>
    /// <param name="neutral">What becomes of 3 stars. The default value is <see cref="NeutralStars.Drop"/>.</param>
    /// <returns>An estimator; nothing is learned when it is fitted.</returns>
    /// <remarks>
    /// <para>
    /// Transforming a view drops the rows that get no label: 3 stars under <see cref="NeutralStars.Drop"/>, and stars that are
    /// missing (NaN). A prediction engine, which goes row by row, drops nothing: there such a row's label is the missing key.
    /// </para>
    /// <para>
    /// Fitting needs the stars; data to be scored does not: where the column is missing, rows pass through and no label is added.
    /// </para>
    /// <para>Stars that are no whole number from 1 to 5 are a <see cref="SentimentMLException"/> that names the row, when it is read.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="neutral"/> is none of its values.</exception>
    public static IEstimator<ITransformer> MapStarsToSentiment(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName = "Label",
        string inputColumnName = "Stars",
        NeutralStars neutral = NeutralStars.Drop)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        if (!Enum.IsDefined(neutral))
            throw new ArgumentOutOfRangeException(nameof(neutral), neutral, "Drop or Class was expected.");
        return new StarsToSentimentEstimator(outputColumnName, inputColumnName, neutral);
    }

    /// <summary>Fine-tunes a pretrained encoder for classifying texts.</summary>
    /// <param name="catalog">The catalog of multiclass trainers.</param>
    /// <param name="options">What to train and how; copied.</param>
    /// <exception cref="ArgumentException">An option is out of range; all that are, are named.</exception>
    public static SentimentClassificationTrainer SentimentClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        SentimentClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new SentimentClassificationTrainer(MLNetHost.EnvironmentOf(catalog), options);
    }

    /// <summary>Fine-tunes a pretrained encoder for classifying texts, with the options that are set most often.</summary>
    /// <param name="catalog">The catalog of multiclass trainers.</param>
    /// <param name="labelColumnName">The column of labels, a key. The default value is "Label".</param>
    /// <param name="textColumnName">The column of texts. The default value is "Text".</param>
    /// <param name="backbone">The network to start from. The default value is null: <see cref="Backbone.RobertaBaseBne"/>.</param>
    /// <param name="validationSet">Rows to validate on; the best epoch is kept. The default value is null: no validation.</param>
    /// <param name="epochs">How often every row is seen. The default value is null: the backbone's, else 2.</param>
    /// <param name="batchSize">Rows in a batch. The default value is 16.</param>
    /// <param name="learningRate">The highest learning rate. The default value is null: the backbone's, else 2e-5.</param>
    /// <param name="device">Where to compute. The default value is null: <see cref="TorchDevice.Auto"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range; all that are, are named.</exception>
    public static SentimentClassificationTrainer SentimentClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string textColumnName = "Text",
        Backbone? backbone = null,
        IDataView? validationSet = null,
        int? epochs = null,
        int batchSize = 16,
        double? learningRate = null,
        TorchDevice? device = null) => catalog.SentimentClassification(new SentimentClassificationOptions
        {
            LabelColumnName = labelColumnName,
            TextColumnName = textColumnName,
            Backbone = backbone ?? Backbone.RobertaBaseBne,
            ValidationSet = validationSet,
            Epochs = epochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            Device = device ?? TorchDevice.Auto,
        });
}
