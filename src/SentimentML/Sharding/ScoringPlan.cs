using System.Globalization;
using System.Text.Json;
using SentimentML.Files;
using SentimentML.Persistence;
using SentimentML.Predictions;
using SentimentML.Reviews;
using SentimentML.Sharding;
using SentimentML.Wording;

namespace SentimentML;

/// <summary>
/// A large scoring in shards that any scheduler runs: <see cref="Create"/> writes a plan (manifest.json) into a folder, <see cref="Run"/>
/// does one shard of it, in any order and on any machine that sees the same files, and <see cref="Merge"/> puts the parts into one file, which
/// equals byte for byte what one process writes of the whole on a processor of the same kind.
/// </summary>
/// <remarks>
/// A shard reads its own bytes of the inputs and no others. Its part appears when it is whole, and then its record, with its digest; a shard
/// that was killed is done again, and one that is whole is not. Inputs and models are compared by size and SHA-256 with what was planned.
/// </remarks>
public sealed class ScoringPlan
{
    /// <summary>The name of a plan's file in its folder.</summary>
    public const string FileName = "manifest.json";

    private const int Version = 1;
    private const int MaxBytes = 1 << 30;

    private readonly Manifest _manifest;
    private readonly ShardParts _parts;

    private ScoringPlan(string path, Manifest manifest, string digest)
    {
        Path = path;
        _manifest = manifest;
        _parts = new ShardParts(System.IO.Path.GetDirectoryName(path)!, manifest, digest);
    }

    /// <summary>The plan's file.</summary>
    public string Path { get; }

    /// <summary>How many shards there are, which are numbered from 0.</summary>
    public int ShardCount => _manifest.Shards.Count;

    /// <summary>The rows of all inputs.</summary>
    public long Rows => _manifest.Rows;

    /// <summary>The rows of a shard.</summary>
    /// <param name="index">Which, from 0.</param>
    internal long RowsOf(int index) => _manifest.Shards[index].Rows;

    /// <summary>What the model is opened by.</summary>
    public string ModelName => _manifest.Model;

    /// <summary>Which network of a zip with several is meant; null for the only one.</summary>
    public string? PredictedLabelColumnName => _manifest.PredictedLabelColumn;

    /// <summary>How the parts are written.</summary>
    public PredictionFormat OutputFormat => _manifest.Format;

    /// <summary>How messages name options.</summary>
    internal OptionNames Names { get; set; } = OptionNames.Properties;

    /// <summary>Plans a scoring: reads all inputs, in constant memory, and writes the plan.</summary>
    /// <param name="model">The model. Its weights are read for their digest, and not loaded.</param>
    /// <param name="inputs">The files of texts, in the order in which their rows are written.</param>
    /// <param name="folder">Where the plan and the parts go; created if needed. An existing plan is kept if it is identical.</param>
    /// <param name="options">How the work is divided and done. The default value is null: the defaults.</param>
    /// <param name="report">Takes what the caller should know: which files cannot be divided, and warnings of reading. The default value is null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">An option is wrong, or there are no inputs.</exception>
    /// <exception cref="SentimentMLException">An input cannot be read, or the folder has another plan or parts of one.</exception>
    public static ScoringPlan Create(
        SavedModel model, IReadOnlyList<string> inputs, string folder, ScoringPlanOptions? options = null, Action<string>? report = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (inputs.Count == 0)
            throw new ArgumentException("There are no inputs, expected one file or more.", nameof(inputs));
        options ??= new ScoringPlanOptions();
        options.Check();
        string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), FileName);
        if (!File.Exists(path) && ShardParts.AreIn(System.IO.Path.GetDirectoryName(path)!))
            throw new SentimentMLException(
                $"{System.IO.Path.GetDirectoryName(path)} has parts of a plan that no longer exists. Choose another folder, or delete them.");
        model.Rule(options.Calibrated, options.Sentiments, options.UnsureBelow); // throws what every shard would
        ReviewFileOptions reading = (options.Reading ?? new ReviewFileOptions()).Validated();
        reading.Names = options.Names;
        Manifest manifest = Plan(model, inputs, options, reading, report ?? (static _ => { }), cancellationToken);
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest);
        string digest = FileDigest.Of(content);
        try
        {
            if (!File.Exists(path))
                WholeFile.Write(path, content);
            else if (FileDigest.Of(path, cancellationToken) != digest)
                throw new SentimentMLException(
                    $"{path} is another plan: of other files, options or another model. Choose another folder, or delete it with its parts.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be written: {e.Message} Check the folder, write permission and free space.", e);
        }
        return new ScoringPlan(path, manifest, digest) { Names = options.Names };
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="path">Its file, or the folder with it.</param>
    /// <exception cref="SentimentMLException">The file does not exist, or is damaged.</exception>
    public static ScoringPlan Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, FileName);
        try
        {
            if (!File.Exists(path))
                throw new SentimentMLException($"{path} does not exist, expected a plan that 'score plan' or ScoringPlan.Create wrote.");
            if (new FileInfo(path).Length > MaxBytes)
                throw new SentimentMLException($"{path} has more than {MaxBytes} bytes, expected a plan.");
            byte[] content = File.ReadAllBytes(path);
            Manifest manifest = JsonSerializer.Deserialize(content, ManifestJson.Default.Manifest)
                ?? throw new JsonException("the outermost value is null, expected an object.");
            Check(manifest);
            return new ScoringPlan(path, manifest, FileDigest.Of(content));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or OverflowException)
        {
            throw new SentimentMLException($"{path} is not a plan, or is damaged: {e.Message} Plan again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Which shard this process is to do, as the scheduler's environment says it: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, PBS_ARRAY_INDEX and
    /// AWS_BATCH_JOB_ARRAY_INDEX from 0, SGE_TASK_ID and PARALLEL_SEQ from 1. The number of shards is the plan's: a resubmitted array has another.
    /// </summary>
    /// <returns>The index, from 0; null if the environment does not say it.</returns>
    /// <exception cref="SentimentMLException">A variable has no such number, or two name different shards.</exception>
    public static int? IndexFromEnvironment() => ArrayIndex.Find(Environment.GetEnvironmentVariable);

    /// <summary>Does one shard, if its part is not whole.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="model">The model that was planned with, opened by <see cref="ModelName"/>.</param>
    /// <param name="device">Where to compute. The default value is null: <see cref="TorchDevice.Auto"/>.</param>
    /// <param name="progress">Receives the number of rows done. The default value is null.</param>
    /// <param name="cancellationToken">Stops the work; nothing half-written stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The plan has no such shard.</exception>
    /// <exception cref="SentimentMLException">
    /// The inputs or the model are not those of the plan, a part of another plan is in its place, or this machine cannot compute as planned.
    /// </exception>
    public ScoredShard Run(int index, SavedModel model, TorchDevice? device = null, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (index < 0 || index >= ShardCount)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The plan has the shards 0 to {ShardCount - 1}.");
        var shard = new ScoredShard(index, _manifest.Shards[index].Rows, _parts.PathOf(index), WasWhole: true);
        if (_parts.IsForeign(index))
            throw new SentimentMLException(
                $"{shard.Path} is a part of another plan, expected no part there or one of {Path}. Move it and its record away, or plan in another folder.");
        if (_parts.Fault(index, ReportText.Current, cancellationToken) is null)
            return shard;
        ShardRange[] ranges = [.. _manifest.Shards[index].Ranges];
        TextRows[] rows = [.. ranges.Select(range => Unchanged(range, cancellationToken))];
        if (ModelDigest.Of(model, cancellationToken) != _manifest.ModelSha256)
            throw new ModelFileException($"{model.Location} is not the model of the plan {Path}: its files have changed. Restore them, or plan again.");
        using SentimentClassifier classifier = SentimentClassifier.Load(model, new SentimentClassifierOptions
        {
            Device = device ?? TorchDevice.Auto,
            Precision = _manifest.Answers.Precision,
            Calibrated = _manifest.Answers.Calibrated,
            UnsureBelow = _manifest.Answers.UnsureBelow,
            Sentiments = _manifest.Answers.Sentiments is { } stated ? SentimentMap.Of(stated) : null,
        }, cancellationToken);
        PredictionFields fields = Fields;
        CarriedColumns[] carried = [.. rows.Select(file => Carried(file, fields))];
        long done = 0;

        IEnumerable<PredictedRow> Predicted()
        {
            for (int i = 0; i < ranges.Length; i++)
            {
                long before = done;
                IEnumerable<TextRow> texts = Limited(rows[i].Read(carried[i], Part(ranges[i]), cancellationToken), ranges[i].Rows);
                foreach ((TextRow row, SentimentPrediction prediction) in classifier.ClassifyRows(texts, row => row.Text, cancellationToken))
                {
                    yield return new PredictedRow(row, row.IsMissing ? null : prediction);
                    done++;
                    progress?.Report(done);
                }
                if (done - before != ranges[i].Rows)
                    throw new SentimentMLException($"{rows[i].File.Path}: {done - before} rows were read from row {ranges[i].FirstRow + 1} on, expected "
                        + $"{ranges[i].Rows}, as planned. The file has changed: plan again.");
            }
        }

        _parts.Write(index, stream =>
        {
            PredictionWriter.Write(stream, _manifest.Format, fields, carried[0], Predicted());
            return done;
        }, cancellationToken);
        return shard with { WasWhole = false };
    }

    /// <summary>
    /// Checks that every row was scored once: each part is complete, belongs to this plan and has its shard's rows, and the folder has no other parts.
    /// </summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The faults; empty if there are none. Run the shards that they name again.</returns>
    /// <exception cref="SentimentMLException">The plan's folder cannot be read.</exception>
    public IReadOnlyList<ShardFault> Verify(CancellationToken cancellationToken = default) => Faults(ReportText.Current, cancellationToken);

    private List<ShardFault> Faults(ReportText text, CancellationToken cancellation)
    {
        var faults = new List<ShardFault>();
        for (int shard = 0; shard < ShardCount; shard++)
        {
            if (_parts.Fault(shard, text, cancellation) is { } problem)
                faults.Add(new ShardFault(shard, problem));
        }
        try
        {
            faults.AddRange(_parts.Strays().Select(path => new ShardFault(
                null, text.Say($"{path} no es de ninguna parte del plan", $"{path} belongs to no shard of the plan"))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The folder of {Path} cannot be read: {e.Message} Check the folder and its permissions.", e);
        }
        return faults;
    }

    /// <summary>Verifies the parts and writes their rows, in the inputs' order, into one file.</summary>
    /// <param name="output">The file; it appears when it is whole.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SentimentMLException">A part is incomplete, the folder has other parts, or the file cannot be written.</exception>
    public void Merge(string output, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        if (!System.IO.Path.GetExtension(output).Equals(ShardParts.Extension(OutputFormat), StringComparison.OrdinalIgnoreCase))
            throw new SentimentMLException(
                $"The output is '{output}', and the parts are {ShardParts.Extension(OutputFormat)}, expected a file with that extension. Choose another name.");
        if (_manifest.Inputs.FirstOrDefault(input => SameFile.Is(input.Path, output)) is { } replaced)
            throw new SentimentMLException(
                $"The output is '{output}', a file of the plan's input ({replaced.Path}): its rows would be replaced by the answers. Choose another name.");
        List<ShardFault> faults = Faults(ReportText.English, cancellationToken);
        if (faults.Count > 0)
        {
            string more = faults.Count > 1
                ? string.Create(CultureInfo.InvariantCulture, $" ({faults.Count - 1} more faults: 'score verify' or Verify lists them)") : "";
            throw new SentimentMLException(faults[0].Index is { } index
                ? string.Create(CultureInfo.InvariantCulture,
                    $"The parts of {Path} are not complete: {faults[0].Problem}{more}. Run shard {index} again, and then merge.")
                : $"The folder of {Path} has other files than its parts: {faults[0].Problem}{more}. Move the file away, and then merge.");
        }
        PredictionFields fields = Fields;
        try
        {
            WholeFile.Write(output, stream => ShardMerge.Write(stream, OutputFormat, fields.Columns(new CarriedColumns([], [.. _manifest.CarriedNames])),
                Enumerable.Range(0, ShardCount).Select(_parts.PathOf), cancellationToken));
            _parts.DeletePartials();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The parts of {Path} cannot be merged into {System.IO.Path.GetFullPath(output)}: {e.Message} Check the folders, "
                + "permissions and free space.", e);
        }
    }

    private PredictionFields Fields => new(_manifest.Labels, _manifest.Answers.Logits, _manifest.Answers.UnsureBelow is not null);

    private static Manifest Plan(
        SavedModel model, IReadOnlyList<string> inputs, ScoringPlanOptions options, ReviewFileOptions reading, Action<string> report,
        CancellationToken cancellation)
    {
        var fields = new PredictionFields(model.Labels, options.Logits, options.UnsureBelow is not null);
        var planned = new List<PlannedInput>();
        CarriedColumns? first = null;
        foreach (string path in inputs)
        {
            TextRows rows = TextRows.Open(path, reading, report);
            CarriedColumns carried = CarriedColumns.Of(rows, options.Columns, fields.Names, options.Names.Name(nameof(options.Columns)));
            first ??= carried;
            if (options.OutputFormat != PredictionFormat.JsonLines && !carried.Names.SequenceEqual(first.Names))
            {
                throw new SentimentMLException($"{rows.File.Path} has other columns ({string.Join(", ", carried.Names)}) than "
                    + $"{System.IO.Path.GetFullPath(inputs[0])} ({string.Join(", ", first.Names)}), and a table has one header. "
                    + $"Name the columns that both have by {options.Names.Name(nameof(options.Columns))}, or write JSON lines.");
            }
            planned.Add(new PlannedInput(rows, cancellation));
            if (rows.File.WhyWhole is { } why)
                report(Localized.Say(
                    $"{rows.File.Path} no se divide: {why}. Una sola parte lo lee entero.",
                    $"{rows.File.Path} is not divided: {why}. One shard reads all of it."));
        }
        if (planned.All(input => input.Rows == 0))
            throw new SentimentMLException($"{string.Join(", ", inputs.Select(System.IO.Path.GetFullPath))}: there are no texts, expected one or more.");
        (IReadOnlyList<InputFile> files, IReadOnlyList<Shard> shards) = Digested(planned, ShardCuts.Of(planned, options.Shards), cancellation);
        InferencePrecision precision = options.Precision == InferencePrecision.Auto
            ? model.Parts.PrecisionOn(InferencePrecision.Auto, TorchDevice.Auto.Resolve()) : options.Precision;
        var answers = new AnswerSettings(precision, options.Calibrated, options.UnsureBelow, options.Sentiments?.ByLabel, options.Logits);
        return new Manifest(
            Version, options.ModelName ?? model.Location, ModelDigest.Of(model, cancellation), options.PredictedLabelColumnName, model.Labels, answers,
            ReadingSettings.Of(reading), options.Columns, first!.Names, options.OutputFormat, planned.Sum(input => input.Rows), files, shards);
    }

    private static (IReadOnlyList<InputFile> Inputs, IReadOnlyList<Shard> Shards) Digested(
        List<PlannedInput> planned, IReadOnlyList<Shard> shards, CancellationToken cancellation)
    {
        ILookup<int, ShardRange> ranges = shards.SelectMany(shard => shard.Ranges).ToLookup(range => range.Input);
        (InputFile Input, IReadOnlyList<ShardRange> Ranges)[] digested = [.. planned.Select((input, i) => input.Digested([.. ranges[i]], cancellation))];
        Queue<ShardRange>[] next = [.. digested.Select(one => new Queue<ShardRange>(one.Ranges))]; // a shard's ranges follow those of the shard before
        return ([.. digested.Select(one => one.Input)],
            [.. shards.Select(shard => shard with { Ranges = [.. shard.Ranges.Select(range => next[range.Input].Dequeue())] })]);
    }

    /// <exception cref="JsonException">A list has an element that is null, or the shards do not have each row of each input once, in order.</exception>
    /// <exception cref="OverflowException">The rows are too many for a long.</exception>
    private static void Check(Manifest manifest)
    {
        if (manifest.Version != Version)
            throw new JsonException($"its version is {manifest.Version}, expected {Version}.");
        IEnumerable<object?>?[] lists = [manifest.Labels, manifest.Columns, manifest.CarriedNames, manifest.Inputs, manifest.Shards];
        bool hasNull = lists.Any(list => list?.Contains(null) == true) || manifest.Shards.Any(shard => shard.Ranges.Contains(null!))
            || manifest.Inputs.Any(input =>
                input.Layout is { } layout && (layout.Columns.Contains(null!) || layout.Paths?.Any(path => path?.Contains(null!) != false) == true));
        if (hasNull)
            throw new JsonException("a list has an element that is null.");
        if (!Enum.IsDefined(manifest.Answers.Precision) || !Enum.IsDefined(manifest.Format) || manifest.Format == PredictionFormat.Excel)
            throw new JsonException("its precision or its format is not one that shards have.");
        var rows = new long[manifest.Inputs.Count];
        foreach (ShardRange range in manifest.Shards.SelectMany(shard => shard.Ranges))
        {
            if (range.Input < 0 || range.Input >= rows.Length || range.FirstRow != rows[range.Input] || range.Rows < 1
                || range.Start < 0 || range.End < range.Start || range.End > manifest.Inputs[range.Input].Bytes)
                throw new JsonException("the shards' rows do not follow one another.");
            rows[range.Input] = checked(rows[range.Input] + range.Rows);
        }
        bool fits = manifest.Shards.Count > 0 && manifest.Shards.All(shard => shard.Rows == shard.Ranges.Sum(range => range.Rows))
            && manifest.Inputs.Select(input => input.Rows).SequenceEqual(rows) && manifest.Rows == rows.Sum();
        if (!fits)
            throw new JsonException("the shards do not have each row once.");
    }

    /// <summary>An input, if what the range reads of it is what was planned.</summary>
    private TextRows Unchanged(ShardRange range, CancellationToken cancellation)
    {
        InputFile input = _manifest.Inputs[range.Input];
        ReviewFileOptions reading = _manifest.Reading.ToOptions(Names);
        if (!File.Exists(input.Path))
            throw new SentimentMLException($"{input.Path} does not exist, expected the input of {input.Bytes} bytes that was planned. Put it back, or plan "
                + "again where the shards see it.");
        if (new FileInfo(input.Path).Length != input.Bytes)
            throw new SentimentMLException(
                $"{input.Path} has {new FileInfo(input.Path).Length} bytes, expected {input.Bytes}, as planned. The input has changed: plan again.");
        ReviewFile file = input.Layout is { } layout ? new ReviewFile(input.Path, reading, layout) : new ReviewFile(input.Path, reading, static _ => { });
        if (RangeDigest.Of(file, range, cancellation) != range.Sha256)
            throw new SentimentMLException(
                $"{input.Path}: the bytes {range.Start} to {range.End} are not those that were planned. The input has changed: plan again.");
        return new TextRows(file, reading);
    }

    private FilePart? Part(ShardRange range) =>
        _manifest.Inputs[range.Input].Layout is null ? null : new FilePart(range.FirstRow, range.Start, range.End, range.FirstLine);

    private CarriedColumns Carried(TextRows rows, PredictionFields fields) =>
        CarriedColumns.Of(rows, _manifest.Columns, fields.Names, Names.Name(nameof(ScoringPlanOptions.Columns)));

    /// <summary>The first rows. Nothing after them is read.</summary>
    private static IEnumerable<TextRow> Limited(IEnumerable<TextRow> rows, long count)
    {
        using IEnumerator<TextRow> reader = rows.GetEnumerator();
        while (count-- > 0 && reader.MoveNext())
            yield return reader.Current;
    }
}
