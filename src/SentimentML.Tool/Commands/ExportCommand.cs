using System.CommandLine;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;

namespace SentimentML.Tool.Commands;

/// <summary>A model in, the same for another runtime out.</summary>
internal sealed class ExportCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Model();
    private readonly Option<string> _predictedLabelColumn = Flags.PredictedLabelColumn();
    private readonly Option<OnnxPrecision> _format = Flags.Choice("--format", Language.Say("Qué escribir", "What to write"), OnnxPrecision.Float32,
        ("onnx", OnnxPrecision.Float32), ("onnx-int8", OnnxPrecision.Int8));
    private readonly Option<string> _output = Flags.Text("--output", "DIR", Language.Say(
        "La carpeta de salida; la leen transformers.js y optimum.", "The folder to write; transformers.js and optimum read it."), required: true);

    public ExportCommand()
        : base("export", Language.Say(
            "Escribe un modelo como grafo ONNX, en float32 o int8.", "Write a model as an ONNX graph, in float32 or int8."))
    {
        foreach (Option option in (Option[])[_model, _predictedLabelColumn, _format, _output])
            Add(option);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        LibTorch.Load();
        string output = arguments.GetRequiredValue(_output);
        SavedModel model = ModelOptions.Open(arguments.GetValue(_model), cancellation, arguments.GetValue(_predictedLabelColumn));
        OnnxExport.Write(model, output, arguments.GetValue(_format));
        Console.WriteLine($"{Language.Say("El grafo está en", "The graph is in")} {output}");
    }
}
