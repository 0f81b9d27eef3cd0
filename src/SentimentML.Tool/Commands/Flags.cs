using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using static SentimentML.Tool.Output.Language;

namespace SentimentML.Tool.Commands;

/// <summary>The options that several commands have, and the kinds of values that options take.</summary>
internal static class Flags
{
    /// <summary>Where an index that is not given comes from, for help.</summary>
    public static string SchedulersIndex => Say(
        "el que dice el planificador: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, PBS_ARRAY_INDEX o AWS_BATCH_JOB_ARRAY_INDEX, desde 0; "
            + "SGE_TASK_ID o PARALLEL_SEQ, desde 1",
        "what the scheduler says, SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, PBS_ARRAY_INDEX or AWS_BATCH_JOB_ARRAY_INDEX from 0, "
            + "SGE_TASK_ID or PARALLEL_SEQ from 1");

    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = Say("Muestra el registro del trabajo y, si algo falla, dónde ha sido.", "Show the log of the work, and where a failure happened."),
        Recursive = true,
    };

    /// <summary>Its value is read before the command line is parsed, by Language.Named; here it is described and checked.</summary>
    public static readonly Option<ReportLanguage?> Language = CreateLanguage();

    public static Option<string> Model() => Text("--model", "M", Say(
        "Una carpeta de modelo, un zip escrito por ml.Model.Save, un id de Hugging Face o small: el modelo listo de sentimiento en español que viene con la "
            + "herramienta (por defecto).",
        "A model folder, a zip that ml.Model.Save wrote, a hub id, or small: the ready Spanish sentiment model that comes with the tool (the default)."));

    public static Option<bool> WithoutNeutral() => new("--without-neutral")
    {
        Description = Say(
            "Mide solo negativo frente a positivo: las filas neutrales (3 estrellas) no cuentan, y un modelo con etiqueta neutral responde con la más probable "
                + "de las otras.",
            "Measure negative against positive alone: neutral rows (3 stars) are left out, and a model with a neutral label answers with the more "
                + "probable of the others."),
    };

    public static Option<string> PredictedLabelColumn() => Text("--predicted-label-column", "C", Say(
        "De un zip con varias redes, cuál se quiere: el nombre de su columna de respuestas.",
        "Of a zip with several networks, the one that is meant: the name of its column of answers."));

    /// <summary>The input's columns that come along to the output.</summary>
    public static Option<string> Columns() => Text("--columns", "NAME,…", Say(
        "Las columnas de la entrada que pasan a la salida: nombres separados por comas, all (todas, por defecto) o none (ninguna).",
        "The input's columns that come along to the output: names with commas between them, all (the default) or none."));

    /// <summary>The names that <see cref="Columns"/> chooses; null for all.</summary>
    public static IReadOnlyList<string>? ChosenColumns(string? columns) => columns switch
    {
        null or "all" => null,
        "none" => [],
        _ => columns.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>How predictions are written; null when it is not given.</summary>
    public static Option<PredictionFormat?> PredictionFormat(string description, params (string Word, PredictionFormat Format)[] formats)
    {
        string words = string.Join(", ", formats.Take(formats.Length - 1).Select(format => format.Word)) + $" {Say("o", "or")} {formats[^1].Word}";
        return Parsed<PredictionFormat?>("--output-format", "W", description, words,
            word => formats.Where(format => format.Word == word).Select(format => (PredictionFormat?)format.Format).FirstOrDefault());
    }

    public static Option<bool> Logits() =>
        new("--logits") { Description = Say("Escribe también las salidas de la red sin transformar (logits).", "Write the network's raw outputs too.") };

    public static Option<bool> Calibrated() => new("--calibrated")
    {
        Description = Say(
            "Da probabilidades calibradas con la temperatura que el entrenamiento ajustó en su conjunto de validación.",
            "Give probabilities calibrated by the temperature that the training found on its validation set."),
    };

    public static Option<double?> UnsureBelow() => Number("--unsure-below", Say(
        "Dice de cada línea si es dudosa: si su confianza (score) está por debajo de X, mayor que 0 y hasta 1 («evaluate» muestra cuánto se responde con cada "
            + "X).",
        "Say of each line whether it is unsure: whether its score is below X, above 0 to 1 ('evaluate' shows which X answers how much)."));

    /// <summary>Where the trainings of a search or a cross-validation are kept.</summary>
    public static Option<string> Results() => Text("--results", "DIR", Say(
        "Guarda aquí el resultado de cada entrenamiento en cuanto acaba; el mismo comando, repetido, sigue desde ahí (por defecto, no se guardan).",
        "Keep each training's result here as it ends; the same command again resumes from there (default: none)."));

    /// <summary>Where the trainings of a search or a cross-validation are planned.</summary>
    public static Option<string> Plan() => Text("--plan", "DIR", Say(
        "No entrena nada: escribe aquí un plan, cuyos entrenamientos hace «trials run», como tareas de un array del planificador, y reúne «trials collect».",
        "Train nothing: write a plan here, whose trainings 'trials run' does as the tasks of a scheduler's array, and 'trials collect' puts together."));

    public static Option<bool> Json() => new("--json") { Description = Say("Muestra JSON.", "Print JSON.") };

    public static Option<string> Text(string name, string valueName, string description, bool required = false) =>
        new(name) { Description = description, HelpName = valueName, Required = required };

    public static Option<Backbone> Backbone() => new("--backbone")
    {
        Description = Say(
            "La red preentrenada: una carpeta, un id de Hugging Face, small o mini (vienen con la herramienta), o roberta-base-bne (por defecto; 500 MB, se "
                + "descarga una vez).",
            "The pretrained network: a folder, a hub id, small or mini (they come with the tool), or roberta-base-bne (the default; 500 MB, "
                + "downloaded once)."),
        HelpName = "B",
        DefaultValueFactory = _ => SentimentML.Backbone.RobertaBaseBne,
        CustomParser = result => Parsed(result, BackboneName.Parse),
    };

    public static Option<TorchDevice> Device() => new("--device")
    {
        Description = Say("Dónde calcular: auto (por defecto), cpu, cuda o cuda:N.", "Where to compute: auto (the default), cpu, cuda or cuda:N."),
        HelpName = "D",
        DefaultValueFactory = _ => TorchDevice.Auto,
        CustomParser = result => Parsed(result, TorchDevice.Parse),
    };

    private static Option<ReportLanguage?> CreateLanguage()
    {
        Option<ReportLanguage?> option = Parsed<ReportLanguage?>("--language", "W", Say(
            "El idioma de la ayuda, las tablas, los resúmenes, el progreso, los avisos y las páginas: es o en (por defecto, el del sistema).",
            "The language of help, tables, summaries, progress, warnings and pages: es or en (default: the system's)."),
            Say("es o en", "es or en"), Output.Language.Known);
        option.Recursive = true;
        return option;
    }

    public static Option<InferencePrecision> InferencePrecision(string name, string description) =>
        Choice(name, description, SentimentML.InferencePrecision.Auto,
        ("auto", SentimentML.InferencePrecision.Auto), ("fp32", SentimentML.InferencePrecision.Float32),
        ("bf16", SentimentML.InferencePrecision.BFloat16), ("int8", SentimentML.InferencePrecision.Int8));

    public static Option<int?> Whole(string name, string description) => Parsed<int?>(name, "N", description, Say("un número entero", "a whole number"),
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null);

    public static Option<double?> Number(string name, string description) => Parsed<double?>(name, "X", description,
        Say("un número, como 0.01 o 2e-5", "a number, as in 0.01 or 2e-5"),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null);

    /// <summary>Whole numbers with commas between them; null when it is not given.</summary>
    public static Option<int[]?> WholeList(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N,N",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string[] parts = text.Split(',');
            int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0)
                .Where(value => value > 0)];
            if (numbers.Length == parts.Length)
                return numbers;
            result.AddError(WrongValue(name, text, Say(
                "una lista de números enteros mayores que 0, separados por comas, como 1,2,4", "whole numbers above 0 with commas between them, as in 1,2,4")));
            return null;
        },
    };

    /// <summary>One of a few words, in any case, or what the library calls the same: fp32 or float32.</summary>
    public static Option<T> Choice<T>(string name, string description, T byDefault, params (string Word, T Value)[] choices)
        where T : struct => new(name)
        {
            Description = $"{description}: {string.Join(", ", choices.Select(choice => choice.Word))} "
                + $"({Say("por defecto,", "default")} {choices.First(choice => choice.Value.Equals(byDefault)).Word}).",
            HelpName = "W",
            DefaultValueFactory = byDefault.Equals(default(T)) ? null : _ => byDefault, // which help would print again, by its name in the code
            CustomParser = result =>
            {
                string word = result.Tokens[0].Value;
                foreach ((string known, T value) in choices)
                    if (word.Equals(known, StringComparison.OrdinalIgnoreCase) || word.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
                        return value;
                result.AddError(WrongValue(name, word, string.Join(", ", choices.Select(choice => choice.Word))));
                return byDefault;
            },
        };

    /// <summary>An option whose value a text stands for; null when it is not given.</summary>
    /// <param name="name">The option.</param>
    /// <param name="valueName">Its value, in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="expected">What its value may be, for the message of one that is not.</param>
    /// <param name="parse">Null for a text that is none.</param>
    public static Option<T?> Parsed<T>(string name, string valueName, string description, string expected, Func<string, T?> parse) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            T? value = parse(text);
            if (value is null)
                result.AddError(WrongValue(name, text, expected));
            return value;
        },
    };

    /// <summary>The message of a value that cannot be read.</summary>
    public static string WrongValue(string name, string text, string expected) =>
        Say($"{name} es «{text}»; se esperaba {expected}.", $"{name} is '{text}', expected {expected}.");

    /// <summary>
    /// The value that a text stands for; parse failures are reported as usage errors. The library says in English what is wrong: in Spanish the
    /// option's description says what is expected.
    /// </summary>
    public static T? Parsed<T>(ArgumentResult result, Func<string, T> parse)
        where T : class
    {
        string text = result.Tokens[0].Value;
        try
        {
            return parse(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            Option option = ((OptionResult)result.Parent!).Option;
            result.AddError(Say($"«{text}» no vale para {option.Name}. {option.Description}", e.Message));
            return null;
        }
    }
}
