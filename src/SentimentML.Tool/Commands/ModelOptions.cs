using System.CommandLine;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;

namespace SentimentML.Tool.Commands;

/// <summary>What computes a prediction.</summary>
internal enum Engine
{
    Torch,
    Onnx,
}

/// <summary>With what a model answers: --device, --engine and --precision.</summary>
internal sealed class ModelOptions
{
    private readonly Option<TorchDevice> _device = Flags.Device();
    private readonly Option<Engine> _engine = Flags.Choice("--engine", "What computes", Engine.Torch, ("torch", Engine.Torch), ("onnx", Engine.Onnx));
    private readonly Option<InferencePrecision> _precision = Flags.InferencePrecision("--precision", "In what numbers to compute");

    private readonly Option<SentimentMap> _labels = new("--labels")
    {
        Description = "What the model's labels stand for, where their names do not say it: LABEL_0=negative,LABEL_1=positive.",
        HelpName = "L=S,…",
        CustomParser = result => Flags.Parsed(result, SentimentMap.Parse),
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_device, _engine, _precision, _labels])
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_engine) == Engine.Onnx && result.GetValue(_precision) == InferencePrecision.BFloat16)
                result.AddError("--engine onnx computes in fp32 or int8, not in bf16.");
        });
    }

    public TorchDevice Device(ParseResult arguments) => arguments.GetRequiredValue(_device);

    public bool IsOnnx(ParseResult arguments) => arguments.GetValue(_engine) == Engine.Onnx;

    /// <summary>Whether an engine or a precision was given.</summary>
    public bool IsGiven(ParseResult arguments) => IsOnnx(arguments) || arguments.GetValue(_precision) != InferencePrecision.Auto;

    /// <summary>Loads a model as the options say.</summary>
    /// <exception cref="SentimentMLException">There is no usable model at the path, or this machine cannot compute so.</exception>
    public SentimentClassifier Load(ParseResult arguments, string model, bool? calibrated = null, double? unsureBelow = null) =>
        Load(arguments, Open(model), calibrated, unsureBelow);

    /// <summary>Loads a model that was opened, as the options say.</summary>
    /// <exception cref="SentimentMLException">The model is damaged, or this machine cannot compute so.</exception>
    public SentimentClassifier Load(ParseResult arguments, SavedModel saved, bool? calibrated = null, double? unsureBelow = null)
    {
        LibTorch.Load();
        SentimentMap? labels = LabelsFor(arguments, saved);
        InferencePrecision precision = arguments.GetValue(_precision);
        return IsOnnx(arguments)
            ? OnnxSentimentClassifier.Load(saved.Location, precision == InferencePrecision.Int8 ? OnnxPrecision.Int8 : OnnxPrecision.Float32, calibrated, unsureBelow, labels)
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
        arguments.GetValue(_labels) is { } map && saved.Labels.Any(label => map.Find(label) is not null) ? map : null;

    /// <summary>Opens a model; one of the hub is downloaded first, and its licence is shown.</summary>
    public static SavedModel Open(string model)
    {
        if (Path.Exists(model))
            return SavedModel.Open(model);
        SavedModel? saved = null;
        Screen.During(screen =>
        {
            saved = SavedModel.Open(model, text => screen.Show(text));
            screen.Note($"{model}: licence {saved.License ?? "not stated in its card"}{(saved.IsNonCommercial ? " (no commercial use)" : "")}");
        });
        return saved!;
    }
}
