using System.CommandLine;
using System.Text.Json.Nodes;
using SentimentML.Tool.Machine;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>What runs here, on what, and what a model is.</summary>
internal sealed class InfoCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Text("--model", "M", Language.Say(
        "Describe también este modelo: una carpeta, un zip escrito por ml.Model.Save, un id de Hugging Face o small.",
        "Also describe this model: a folder, a zip that ml.Model.Save wrote, a hub id, or small."));
    private readonly Option<string> _predictedLabelColumn = Flags.PredictedLabelColumn();
    private readonly Option<TorchDevice> _device = Flags.Device();
    private readonly Option<bool> _json = Flags.Json();

    public InfoCommand()
        : base("info", Language.Say(
            "Muestra las versiones, el dispositivo, los hilos, las instrucciones del procesador y las carpetas de caché, y qué es un modelo.",
            "Show versions, device, threads, processor features and cache folders, and what a model is."))
    {
        Add(_model);
        Add(_predictedLabelColumn);
        Add(_device);
        Add(_json);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        LibTorch.Load();
        TorchDevice device = arguments.GetRequiredValue(_device);
        JsonObject facts = MachineFacts.Collect(device);
        if (arguments.GetValue(_model) is { } model)
            facts["model"] = ModelFacts.Collect(ModelOptions.Open(model, cancellation, arguments.GetValue(_predictedLabelColumn)), device);
        if (arguments.GetValue(_json))
            JsonResult.Print(facts);
        else
            Print(facts);
    }

    private static void Print(JsonObject facts)
    {
        Grid grid = new Grid().AddColumns(2);
        foreach ((string name, JsonNode? value) in facts)
            if (value is JsonObject group)
                foreach ((string inner, JsonNode? innerValue) in group)
                    Row($"{name} {inner}", innerValue);
            else
                Row(name, value);
        AnsiConsole.Write(grid);

        void Row(string name, JsonNode? value) => grid.AddRow(new Text(name.Replace('_', ' ')), new Text(InWords(value)));
    }

    private static string InWords(JsonNode? value) => value switch
    {
        null => "none",
        JsonArray array => array.Count == 0 ? "none" : string.Join(", ", array.Select(InWords)),
        JsonObject group => string.Join(", ", group.Select(pair => $"{pair.Key} {InWords(pair.Value)}")),
        _ => value.ToString(),
    };
}
