using System.CommandLine;
using Microsoft.ML;
using SentimentML.Predictions;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>What a backbone's network would see of texts.</summary>
internal sealed class TokenizeCommand : ToolCommand
{
    private readonly Option<Backbone> _backbone = Flags.Backbone();
    private readonly Option<string> _input = Flags.Text(
        "--input", "F", Language.Say($"Un archivo de textos: {DataOptions.Formats}.", $"A file of texts: {DataOptions.Formats}."), required: true);
    private readonly DataOptions _data = new(withLabels: false);
    private readonly Option<string> _output = Flags.Text("--output", "F", Language.Say(
        "El archivo de salida; aparece cuando está todo escrito (por defecto, la salida estándar).",
        "The file to write; it appears when everything is written (default: standard output)."));

    public TokenizeCommand()
        : base("tokenize", Language.Say(
            "Convierte cada texto en una línea JSON: los ids, con los tokens especiales, y los offsets, el principio y el final de cada token en el texto.",
            "Turn texts into one JSON line each: ids, special tokens included, and offsets, each token's start and end in the text."))
    {
        foreach (Option option in (Option[])[_backbone, _input, _output])
            Add(option);
        _data.AddTo(this);
        this.CheckKeeps(_output, Language.Say("sus tokens", "their tokens"), _input);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        var file = new ReviewData(new MLContext(), arguments.GetRequiredValue(_input), _data.Read(arguments));
        var output = new TableOutput(arguments.GetValue(_output), PredictionFormat.JsonLines, IsGzip: false);
        output.Write(stream => Screen.During(screen =>
        {
            PretrainedTokenizer tokenizer = PretrainedTokenizer.Load(arguments.GetRequiredValue(_backbone).Open(text => screen.Show(text), cancellation));
            var shown = new RowsShown(screen, total: null);
            var lines = new JsonLines(stream);
            long rows = 0;
            foreach (string text in file.Texts())
            {
                cancellation.ThrowIfCancellationRequested();
                Write(lines, tokenizer.Encode(text));
                shown.Report(++rows);
            }
            lines.Flush();
        }));
    }

    private static void Write(JsonLines lines, TokenizedText tokens) => lines.Write(json =>
    {
        json.WriteStartArray("ids");
        foreach (int id in tokens.Ids)
            json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteStartArray("offsets");
        foreach ((int start, int end) in tokens.Offsets)
        {
            json.WriteStartArray();
            json.WriteNumberValue(start);
            json.WriteNumberValue(end);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    });
}
