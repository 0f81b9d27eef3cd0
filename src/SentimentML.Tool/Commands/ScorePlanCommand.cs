using System.CommandLine;
using System.Text.Json.Nodes;
using SentimentML.Tool.Output;
using SentimentML.Tool.Torch;

namespace SentimentML.Tool.Commands;

/// <summary>Divides files into shards.</summary>
internal sealed class ScorePlanCommand : ToolCommand
{
    private readonly Option<string> _model = Flags.Model();
    private readonly Option<string> _predictedLabelColumn = Flags.PredictedLabelColumn();
    private readonly Option<string[]> _inputs = new("--input")
    {
        Description = Language.Say(
            $"Los archivos de textos, en el orden en que se escribirán sus filas: {DataOptions.Formats}. Se dividen los csv, tsv y jsonl en UTF-8 y los "
                + "parquet; los demás, no.",
            $"The files of texts, in the order in which their rows are written: {DataOptions.Formats}. Csv, tsv and jsonl in UTF-8 and parquet are "
                + "divided, others are not."),
        HelpName = "F…",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> _shards = Flags.Whole("--shards", Language.Say(
        "Cuántas partes; menos si no hay 1024 filas para cada una (por defecto, 1).",
        "How many shards; fewer if the rows do not suffice for 1,024 each (default 1)."));
    private readonly Option<string> _output = Flags.Text("--output", "DIR", Language.Say(
        "La carpeta del plan y de las partes, que todas las máquinas ven en esta ruta.",
        "The folder for the plan and the parts, which every machine sees under this path."), required: true);
    private readonly DataOptions _data = new(withLabels: false);
    private readonly Option<string> _columns = Flags.Columns();
    private readonly Option<PredictionFormat?> _outputFormat = Flags.PredictionFormat(
        Language.Say(
            "El formato de la salida: jsonl (por defecto), csv, tsv o parquet.", "The format of the output: jsonl (the default), csv, tsv or parquet."),
        ("jsonl", PredictionFormat.JsonLines), ("csv", PredictionFormat.Csv), ("tsv", PredictionFormat.Tsv), ("parquet", PredictionFormat.Parquet));

    private readonly Option<InferencePrecision> _precision = Flags.InferencePrecision("--precision", Language.Say(
        "Con qué números se calcula cada parte; auto es lo que toma predict en esta máquina",
        "In what numbers every shard computes; auto is what predict takes on this machine"));
    private readonly Option<SentimentMap> _labels = ModelOptions.LabelsOption();
    private readonly Option<bool> _logits = Flags.Logits();
    private readonly Option<bool> _calibrated = Flags.Calibrated();
    private readonly Option<double?> _unsureBelow = Flags.UnsureBelow();
    private readonly Option<bool> _json = Flags.Json();

    public ScorePlanCommand()
        : base("plan", Language.Say(
            "Lee los archivos, con memoria constante, y escribe manifest.json: qué bytes y filas lee cada parte, con el SHA-256 de los archivos y del modelo.",
            "Read the files, in constant memory, and write manifest.json: which bytes and rows each shard reads, with the digests of files and "
                + "model."))
    {
        foreach (Option option in (
            Option[])[_model, _predictedLabelColumn, _inputs, _shards, _output, _columns, _outputFormat, _precision, _labels, _logits, _calibrated,
            _unsureBelow, _json])
            Add(option);
        _data.AddTo(this);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string? name = arguments.GetValue(_model), column = arguments.GetValue(_predictedLabelColumn);
        SavedModel model = ModelOptions.Open(name, cancellation, column);
        ModelOptions.CheckLabels(arguments.GetValue(_labels), model);
        LibTorch.Load();
        ScoringPlan plan = ScoringPlan.Create(model, arguments.GetRequiredValue(_inputs), arguments.GetRequiredValue(_output), new ScoringPlanOptions
        {
            Shards = arguments.GetValue(_shards) ?? 1,
            Reading = _data.Read(arguments).ToOptions(),
            Precision = arguments.GetValue(_precision),
            Calibrated = arguments.GetValue(_calibrated) ? true : null,
            UnsureBelow = arguments.GetValue(_unsureBelow),
            Sentiments = arguments.GetValue(_labels),
            Columns = Flags.ChosenColumns(arguments.GetValue(_columns)),
            Logits = arguments.GetValue(_logits),
            OutputFormat = arguments.GetValue(_outputFormat) ?? PredictionFormat.JsonLines,
            ModelName = Path.Exists(name) ? Path.GetFullPath(name) : name ?? BackboneName.Small,
            PredictedLabelColumnName = column,
            Names = CommandLineNames.Instance,
        }, Warnings.Write, cancellation);
        if (arguments.GetValue(_json))
            JsonResult.Print(new JsonObject { ["manifest"] = plan.Path, ["rows"] = plan.Rows, ["shards"] = plan.ShardCount });
        else
            Console.WriteLine($"{plan.Path}: {RowsShown.Rows(plan.Rows)} {Language.Say("en", "in")} "
                + $"{Language.Counted(plan.ShardCount, ("parte", "partes"), ("shard", "shards"))}{(plan.ShardCount == 1
                    ? Language.Say(", la 0", ", 0")
                    : Language.Format($", de la 0 a la {plan.ShardCount - 1}", $", 0 to {plan.ShardCount - 1}"))}");
    }
}
