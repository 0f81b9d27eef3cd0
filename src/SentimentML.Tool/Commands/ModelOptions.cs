using System.CommandLine;
using System.CommandLine.Parsing;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;

namespace SentimentML.Tool.Commands;

/// <summary>What computes a prediction.</summary>
internal enum Engine
{
    Torch,
    Onnx,
}

/// <summary>With what a model answers, and what its labels stand for: --device, --engine, --precision and --labels.</summary>
internal sealed class ModelOptions
{
    /// <summary>The most labels that an error names.</summary>
    private const int MaxNamed = 20;

    private readonly Option<TorchDevice> _device = Flags.Device();
    private readonly Option<Engine> _engine = Flags.Choice(
        "--engine", Language.Say("Con qué motor calcular", "What computes"), Engine.Torch, ("torch", Engine.Torch), ("onnx", Engine.Onnx));
    private readonly Option<InferencePrecision> _precision =
        Flags.InferencePrecision("--precision", Language.Say("Con qué números calcular", "In what numbers to compute"));

    private readonly Option<SentimentMap> _labels = LabelsOption();

    public static Option<SentimentMap> LabelsOption() => new("--labels")
    {
        Description = Language.Say(
            "Los sentimientos de las etiquetas del modelo, o de las del archivo, si sus nombres no los dicen: LABEL_0=negative,LABEL_1=positive.",
            "The sentiments of the model's labels, or of the file's, if their names do not say them: LABEL_0=negative,LABEL_1=positive."),
        HelpName = "L=S,…",
        CustomParser = result => Flags.Parsed(result, SentimentMap.Parse),
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_device, _engine, _precision, _labels])
            command.Add(option);
        command.Check(result =>
        {
            if (result.GetValue(_engine) == Engine.Onnx && result.GetValue(_precision) == InferencePrecision.BFloat16)
                result.AddError(Language.Say("--engine onnx calcula en fp32 o int8, no en bf16.", "--engine onnx computes in fp32 or int8, not in bf16."));
        });
    }

    public TorchDevice Device(ParseResult arguments) => arguments.GetRequiredValue(_device);

    public bool IsOnnx(ParseResult arguments) => arguments.GetValue(_engine) == Engine.Onnx;

    public bool HasLabels(CommandResult result) => result.GetResult(_labels) is not null;

    /// <summary>Checks that --labels, if it is given, names a label of the model.</summary>
    /// <exception cref="SentimentMLException">It names none of them.</exception>
    public void CheckLabels(ParseResult arguments, SavedModel model) => CheckLabels(arguments.GetValue(_labels), model);

    /// <inheritdoc cref="CheckLabels(ParseResult, SavedModel)"/>
    public static void CheckLabels(SentimentMap? map, SavedModel model)
    {
        if (map is not null && !NamesAny(map, model.Labels))
            throw NamesNone(map, "the model", model.Labels);
    }

    /// <summary>The sentiments of a file's labels: those that --labels states, else those that the names say.</summary>
    /// <returns>Null if --labels names none of the file's labels.</returns>
    /// <exception cref="SentimentMLException">--labels names no label of the file, nor of a model.</exception>
    public SentimentMap? LabelsOf(ParseResult arguments, ReviewData file, IReadOnlyList<SavedModel> models, CancellationToken cancellation)
    {
        if (arguments.GetValue(_labels) is not { } map)
            return null;
        IReadOnlyList<string> labels = file.DifferentLabels(cancellation);
        if (NamesAny(map, labels))
            return Completed(map, labels);
        if (models.Any(model => NamesAny(map, model.Labels)))
            return null;
        throw NamesNone(map, $"{(models.Count == 1 ? "the model" : "a model")}{(labels.Count > 0 ? $" or of {file.Path}" : "")}",
            [.. models.SelectMany(model => model.Labels).Concat(labels).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Loads a model as the options say.</summary>
    /// <exception cref="SentimentMLException">The model is damaged, or this machine cannot compute so.</exception>
    public SentimentClassifier Load(ParseResult arguments, SavedModel saved, bool? calibrated = null, double? unsureBelow = null)
    {
        LibTorch.Load(Device(arguments));
        SentimentMap? labels = LabelsFor(arguments, saved);
        InferencePrecision precision = arguments.GetValue(_precision);
        return IsOnnx(arguments)
            ? OnnxSentimentClassifier.Load(
                saved, precision == InferencePrecision.Int8 ? OnnxPrecision.Int8 : OnnxPrecision.Float32, calibrated, unsureBelow, labels)
            : SentimentClassifier.Load(saved, new SentimentClassifierOptions
            {
                Device = Device(arguments),
                Precision = precision,
                Calibrated = calibrated,
                UnsureBelow = unsureBelow,
                Sentiments = labels,
            });
    }

    /// <summary>What --labels says, if it names a label of the model: of several models, it states the labels of those that need it.</summary>
    private SentimentMap? LabelsFor(ParseResult arguments, SavedModel saved) =>
        arguments.GetValue(_labels) is { } map && NamesAny(map, saved.Labels) ? Completed(map, saved.Labels) : null;

    /// <summary>What is stated, and of the labels that are not, what their names say: who corrects one label need not repeat the others.</summary>
    private static SentimentMap Completed(SentimentMap stated, IReadOnlyList<string> labels)
    {
        SentimentMap? named = SentimentMap.FromNames([.. labels.Where(label => stated.Find(label) is null)]);
        return SentimentMap.Of(labels.Select(label => (Label: label, Sentiment: stated.Find(label) ?? named?.Find(label)))
            .Where(pair => pair.Sentiment is not null)
            .ToDictionary(pair => pair.Label, pair => pair.Sentiment!.Value, StringComparer.Ordinal));
    }

    private static bool NamesAny(SentimentMap map, IReadOnlyList<string> labels) => labels.Any(label => map.Find(label) is not null);

    private static SentimentMLException NamesNone(SentimentMap map, string owner, IReadOnlyList<string> labels) =>
        new($"--labels names {Listed([.. map.ByLabel.Keys])}, expected at least one label of {owner} ({Listed(labels)}). Correct the names, or leave the "
            + "option out if the labels say their sentiments.");

    private static string Listed(IReadOnlyList<string> labels) => string.Join(", ", labels.Take(MaxNamed)) + (labels.Count > MaxNamed ? ", …" : "");

    /// <summary>What a table calls a model: the last part of its path or hub id, without ".zip" and the hub's revision.</summary>
    public static string ShortName(string? model)
    {
        if (model is null)
            return BackboneName.Small;
        string id = Path.Exists(model) ? Path.GetFullPath(model) : model.Split('@')[0];
        string last = Path.GetFileName(Path.TrimEndingDirectorySeparator(id));
        return last.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(last) : last;
    }

    /// <summary>Opens a model; one of the hub is downloaded first, and its licence is shown.</summary>
    /// <param name="model">A folder, a zip, "small" or a hub id; a file of such a name goes first. Null is "small", whatever files there are.</param>
    /// <param name="cancellation">Cancels a download.</param>
    /// <param name="predictedLabelColumn">Which network of a zip with several is meant.</param>
    public static SavedModel Open(string? model, CancellationToken cancellation, string? predictedLabelColumn = null)
    {
        if (Path.Exists(model))
            return SavedModel.Open(model, predictedLabelColumnName: predictedLabelColumn, cancellationToken: cancellation);
        if (model is null or BackboneName.Small)
            return SpanishSmall.SentimentModel;
        // Too short for an organization's model, and a folder of that name is not there.
        if (Path.TrimEndingDirectorySeparator(model).Equals(BackboneName.Small, StringComparison.OrdinalIgnoreCase))
            throw new SentimentMLException($"{model} does not exist, expected a model folder, a zip that ml.Model.Save wrote, a hub id (organization/name), or "
                + $"{BackboneName.Small}: the ready Spanish sentiment model, in these letters.");
        if (model == BackboneName.Mini)
            throw new SentimentMLException($"{model} is a backbone that has not learned sentiments. Train it: 'train --backbone {model}'; or take --model "
                + $"{BackboneName.Small}, which is ready.");
        SavedModel? saved = null;
        Screen.During(screen =>
        {
            saved = SavedModel.Open(model, text => screen.Show(text), cancellationToken: cancellation);
            screen.Note(Language.Format(
                $"{model}: licencia {saved.License ?? "no indicada en su ficha"}{(saved.IsNonCommercial ? " (sin uso comercial)" : "")}",
                $"{model}: licence {saved.License ?? "not stated in its card"}{(saved.IsNonCommercial ? " (no commercial use)" : "")}"));
        });
        return saved!;
    }
}
