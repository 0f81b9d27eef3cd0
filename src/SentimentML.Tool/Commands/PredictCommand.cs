using System.CommandLine;
using SentimentML.Predictions;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Texts in, an answer for each out, in their order and in constant memory.</summary>
internal sealed class PredictCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Model();
    private readonly Option<string> _predictedLabelColumn = Flags.PredictedLabelColumn();
    private readonly Argument<string[]> _texts = new("TEXT")
    {
        Description = Language.Say("Los textos que se clasifican; cada uno recibe una línea.", "Texts to classify; each gets a line."),
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _text = new("--text")
    {
        Description = Language.Say("Lo mismo, como opción.", "The same, as an option."),
        HelpName = "TEXT",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _input = Flags.Text("--input", "F", Language.Say(
        $"Un archivo de textos: {DataOptions.Formats}; - para la entrada estándar. Cada fila recibe una línea; no se miran sus estrellas ni etiquetas.",
        $"A file of texts: {DataOptions.Formats}; - for standard input. Every row gets a line; its stars and labels are not looked at."));
    private readonly DataOptions _data = new(withLabels: false);
    private readonly Option<string> _columns = Flags.Columns();
    private readonly Option<string> _output = Flags.Text("--output", "F", Language.Say(
        $"El archivo de salida, en el formato que diga su extensión: {TableOutput.Formats}; - para la salida estándar (por defecto). Aparece cuando está "
            + "todo escrito.",
        $"The file to write, in the format that its extension says: {TableOutput.Formats}; - for standard output (the default). It appears when everything is "
            + "written."));
    private readonly Option<PredictionFormat?> _outputFormat = Flags.PredictionFormat(
        Language.Say(
            "El formato de la salida, si su extensión no lo dice: jsonl, csv, tsv, parquet o xlsx (por defecto, en la salida estándar, jsonl).",
            "The output's format, where its extension does not say it: jsonl, csv, tsv, parquet or xlsx (default on standard output: jsonl)."),
        ("jsonl", PredictionFormat.JsonLines), ("csv", PredictionFormat.Csv), ("tsv", PredictionFormat.Tsv), ("parquet", PredictionFormat.Parquet),
        ("xlsx", PredictionFormat.Excel));
    private readonly Option<bool> _logits = Flags.Logits();
    private readonly Option<bool> _calibrated = Flags.Calibrated();
    private readonly Option<double?> _unsureBelow = Flags.UnsureBelow();
    private readonly ModelOptions _engine = new();

    public PredictCommand()
        : base("predict", Language.Say(
            "Clasifica un texto, o un archivo de textos: el texto, las demás columnas del archivo, la etiqueta, la confianza y las probabilidades.",
            "Classify a text, or a file of them: text, the file's other columns, label, score, probabilities."))
    {
        Add(_texts);
        foreach (Option option in (
            Option[])[_model, _predictedLabelColumn, _text, _input, _columns, _output, _outputFormat, _logits, _calibrated, _unsureBelow])
            Add(option);
        _data.AddTo(this);
        _engine.AddTo(this);
        this.CheckKeeps(_output, Language.Say("las respuestas", "the answers"), _input);
        this.Check(result =>
        {
            string[] texts = Texts(result.GetValue(_texts), result.GetValue(_text));
            if (texts.Length == 0 == result.GetResult(_input) is null)
                result.AddError(Language.Say(
                    "Se esperaban textos, como argumentos o con --text, o bien --input con un archivo de textos (- para la entrada estándar).",
                    "Texts, as arguments or by --text, or --input with a file of them (- for standard input) was expected."));
            foreach (string text in (result.GetValue(_texts) ?? []).Where(LooksLikeOption))
                result.AddError(Language.Say(
                    $"{text} no es una opción de predict; un texto que empieza así se da con --text.",
                    $"{text} is not an option of predict; a text that begins so is given by --text."));
            if (texts is [string only] && File.Exists(only))
                result.AddError(Language.Say(
                    $"{only} es un archivo: --input {only} clasifica sus filas.", $"{only} is a file: --input {only} classifies its rows."));
            if (result.GetResult(_columns) is not null && result.GetResult(_input) is null)
                result.AddError(Language.Say(
                    "--columns elige entre las columnas de un archivo: necesita --input.",
                    "--columns chooses among the columns of a file: it needs --input."));
            if (result.GetValue(_unsureBelow) is <= 0 or > 1 or double.NaN)
                result.AddError(Language.Say(
                    "--unsure-below es una confianza: se esperaba un número mayor que 0 y hasta 1.",
                    "--unsure-below is a score: a number above 0 to 1 was expected."));
            if (TableOutput.Of(result.GetValue(_output), result.GetValue(_outputFormat), out string? fault) is null)
                result.AddError(fault!);
        });
    }

    private static string[] Texts(params string[]?[] given) => [.. given.SelectMany(texts => texts ?? [])];

    private static string Written(long rows, string path) => $"{RowsShown.Rows(rows)} {Language.Say("en", "in")} {path}";

    /// <summary>"--txt", "-t", which would be classified as texts; "-malo" is a text.</summary>
    private static bool LooksLikeOption(string word) => word.StartsWith("--", StringComparison.Ordinal) || (word is ['-', var letter] && char.IsLetter(letter));

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        using TextInputFile? file = arguments.GetValue(_input) is { } input ? new TextInputFile(input, _data.Read(arguments), cancellation) : null;
        TableOutput output = TableOutput.Of(arguments.GetValue(_output), arguments.GetValue(_outputFormat), out _)!;
        SavedModel saved = ModelOptions.Open(arguments.GetValue(_model), cancellation, arguments.GetValue(_predictedLabelColumn));
        _engine.CheckLabels(arguments, saved);
        using SentimentClassifier classifier = _engine.Load(arguments, saved, arguments.GetValue(_calibrated) ? true : null, arguments.GetValue(_unsureBelow));
        var fields = new PredictionFields(classifier.Labels, arguments.GetValue(_logits), arguments.GetValue(_unsureBelow) is not null);
        if (file is null)
        {
            string[] texts = Texts(arguments.GetValue(_texts), arguments.GetValue(_text));
            IEnumerable<PredictedRow> answers = texts.Select(text => new TextRow(text, [], [])).Zip(
                classifier.Classify(texts, cancellation), (row, answer) => new PredictedRow(row, row.IsMissing ? null : answer));
            output.Write(stream => PredictionWriter.Write(stream, output.Format, fields, CarriedColumns.Nothing, answers));
            if (output.Path is { } written)
                Console.Error.WriteLine(Written(texts.Length, written));
            return;
        }
        CarriedColumns carried = file.Carried(Flags.ChosenColumns(arguments.GetValue(_columns)), fields.Names);
        Screen.During(screen =>
        {
            screen.Show(Language.Say("Clasificando", "Classifying"));
            var shown = new RowsShown(screen, Task.Run(() => file.Count(cancellation), cancellation));
            long missing = 0, rows = 0;
            IEnumerable<PredictedRow> Rows()
            {
                foreach ((TextRow row, SentimentPrediction prediction) in classifier.ClassifyRows(
                    file.Read(carried, cancellation), row => row.Text, cancellation))
                {
                    missing += row.IsMissing ? 1 : 0;
                    yield return new PredictedRow(row, row.IsMissing ? null : prediction);
                    shown.Report(++rows);
                }
            }

            output.Write(stream => PredictionWriter.Write(stream, output.Format, fields, carried, Rows()));
            if (output.Path is { } written)
                screen.Note(Written(rows, written));
            if (missing > 0)
                screen.Note(Language.Format(
                    $"Filas sin texto: {missing:N0}. Tienen una línea con la respuesta vacía (missing_text).",
                    $"Rows without a text: {missing:N0}. They have a line with an empty answer (missing_text)."));
        });
    }
}
