using System.CommandLine;
using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>A model in, the same with a smaller vocabulary out.</summary>
internal sealed class TrimCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Text(
        "--model", "M", Language.Say("Una carpeta de modelo o un id de Hugging Face.", "A model folder, or a hub id."), required: true);
    private readonly Option<string> _texts = Flags.Text("--texts", "F", Language.Say(
        $"Textos como los que leerá el modelo: {DataOptions.Formats}. Se conservan los tokens que usan.",
        $"Texts as the model will read them: {DataOptions.Formats}. The tokens that they use are kept."), required: true);
    private readonly DataOptions _data = new(withLabels: false);
    private readonly Option<int?> _keep = Flags.Whole("--keep", Language.Say(
        "El máximo de tokens del vocabulario nuevo, los más frecuentes (por defecto, todos los que usan los textos).",
        "The most tokens of the new vocabulary, the most frequent ones (default: all that the texts use)."));
    private readonly Option<string> _output = Flags.Text("--output", "DIR", Language.Say(
        "La carpeta de salida: nueva o vacía.", "The folder to write: a new or an empty one."), required: true);
    private readonly Option<bool> _json = Flags.Json();

    public TrimCommand()
        : base("trim", Language.Say(
            "Recorta el vocabulario de un modelo a lo que usan unos textos, y con él sus embeddings de palabras.",
            "Cut a model's vocabulary to what texts use, and its word embeddings with it."))
    {
        foreach (Option option in (Option[])[_model, _texts, _keep, _output, _json])
            Add(option);
        _data.AddTo(this);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        int? keep = arguments.GetValue(_keep);
        if (keep < 1)
            throw new ArgumentException($"--keep is {keep}, expected 1 or more.");
        string output = arguments.GetRequiredValue(_output);
        var texts = new ReviewData(new MLContext(), arguments.GetRequiredValue(_texts), _data.Read(arguments));
        SavedModel model = ModelOptions.Open(arguments.GetRequiredValue(_model), cancellation);
        VocabularyTrimResult? result = null;
        Screen.During(screen => result = VocabularyTrim.Write(model, texts.Texts(), output, new VocabularyTrimOptions
        {
            MaxVocabularySize = keep,
            Progress = new RowsShown(screen, total: null),
            CancellationToken = cancellation,
        }));
        if (arguments.GetValue(_json))
            JsonResult.Print(ToJson(result!));
        else
            Print(result!, output);
    }

    private static JsonObject ToJson(VocabularyTrimResult result) => new()
    {
        ["texts"] = result.Texts,
        ["unchanged_texts"] = result.UnchangedTexts,
        ["vocabulary"] = Change(result.VocabularySizeBefore, result.VocabularySizeAfter),
        ["parameters"] = Change(result.ParametersBefore, result.ParametersAfter),
        ["bytes"] = Change(result.BytesBefore, result.BytesAfter),
        ["tokens_per_text"] = Change(result.TokensPerTextBefore, result.TokensPerTextAfter),
    };

    private static JsonObject Change<T>(T before, T after) => new() { ["before"] = JsonValue.Create(before), ["after"] = JsonValue.Create(after) };

    private static void Print(VocabularyTrimResult result, string output)
    {
        Table table = EvaluationTables.Numeric(new Table().AddColumn(""), Language.Say("antes", "before"), Language.Say("después", "after"));
        AddRow(Language.Say("tokens del vocabulario", "tokens of the vocabulary"), result.VocabularySizeBefore, result.VocabularySizeAfter, "N0");
        AddRow(Language.Say("parámetros", "parameters"), result.ParametersBefore, result.ParametersAfter, "N0");
        AddRow(Language.Say("bytes de los pesos", "bytes of the weights"), result.BytesBefore, result.BytesAfter, "N0");
        AddRow(Language.Say("tokens por texto", "tokens a text"), result.TokensPerTextBefore, result.TokensPerTextAfter, "0.00");
        AnsiConsole.Write(table);
        Console.WriteLine(Language.Format(
            $"{result.UnchangedTexts:N0} de {result.Texts:N0} textos tienen los mismos tokens que antes. El modelo recortado está en {output}",
            $"{result.UnchangedTexts:N0} of {result.Texts:N0} texts have the same tokens as before. The trimmed model is in {output}"));

        void AddRow<T>(string what, T before, T after, string format)
            where T : INumber<T> =>
                table.AddRow(what, Language.Text.Number(double.CreateChecked(before), format), Language.Text.Number(double.CreateChecked(after), format));
    }
}
