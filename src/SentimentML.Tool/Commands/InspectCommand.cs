using System.CommandLine;
using Microsoft.ML;
using SentimentML.Reviews;
using SentimentML.Tool.Data;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>What a data file holds, before training on it.</summary>
internal sealed class InspectCommand : ToolCommand
{
    private const int DefaultMaxTokens = 512;
    private const string Spanish = "es";

    private readonly Argument<string> _file = new("F")
    {
        Description = Language.Say(
            $"Reseñas: {DataOptions.Formats}. Las filas sin estrellas o sin etiqueta también se cuentan.",
            $"Reviews: {DataOptions.Formats}. Rows without stars or label are counted too."),
    };

    private readonly DataOptions _data = new();
    private readonly Option<Backbone> _backbone = new("--backbone")
    {
        Description = Language.Say(
            "La red cuyo tokenizador cuenta los tokens: una carpeta, un id de Hugging Face, small (por defecto), mini o roberta-base-bne.",
            "Whose tokenizer counts the tokens: a folder, a hub id, small (the default), mini, or roberta-base-bne."),
        HelpName = "B",
        DefaultValueFactory = _ => SpanishSmall.Backbone,
        CustomParser = result => Flags.Parsed(result, BackboneName.Parse),
    };
    private readonly Option<int?> _maxTokens = Flags.Whole("--max-tokens", Language.Say(
        $"Los tokens a los que se cortaría un texto (por defecto, {DefaultMaxTokens}).",
        $"The tokens that a text would be cut to (default {DefaultMaxTokens})."));
    private readonly Option<bool> _json = Flags.Json();

    public InspectCommand()
        : base("inspect", Language.Say(
            "Muestra qué es y qué contiene un archivo de reseñas: formato, columnas, etiquetas, longitudes, textos repetidos, lenguas, filas raras, y cómo "
                + "seguir.",
            "Show what a file of reviews is and holds: format, columns, labels, lengths, repeated texts, languages, odd rows, and how to go on."))
    {
        Add(_file);
        _data.AddTo(this);
        foreach (Option option in (Option[])[_backbone, _maxTokens, _json])
            Add(option);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        int maxTokens = arguments.GetValue(_maxTokens) ?? DefaultMaxTokens;
        if (maxTokens < 3)
            throw new ArgumentException($"--max-tokens is {maxTokens}, expected 3 or more.");
        if (arguments.GetValue(_json))
            Language.Use(ReportLanguage.English); // JSON is in English, and so are the warnings in it
        DataColumns columns = _data.Read(arguments);
        var warnings = new List<string>();
        ReviewFileOptions options = columns.ToOptions();
        options.LeavesOutSeveralLabels = true;
        options.Warn = warnings.Add;
        ReviewView view;
        try
        {
            view = (ReviewView)new MLContext().Data.LoadReviews(arguments.GetRequiredValue(_file), options);
        }
        catch (SentimentMLException)
        {
            warnings.ForEach(Warnings.Write); // they may say why
            throw;
        }
        DataReport? report = null;
        Screen.During(screen =>
        {
            report = DataReport.Of(view, new DataReportOptions
            {
                Tokenizer = PretrainedTokenizer.Load(arguments.GetRequiredValue(_backbone).Open(text => screen.Show(text), cancellation)),
                MaxTokens = maxTokens,
                Progress = new RowsShown(screen, total: null),
                CancellationToken = cancellation,
            });
        });
        var inspection = new Inspection(view, columns, report!, warnings)
        {
            HasSentimentModel = arguments.GetRequiredValue(_backbone).HasSentimentModel,
        };
        if (arguments.GetValue(_json))
            JsonResult.Print(inspection.ToJson(Next(inspection, arguments)));
        else
            Print(inspection, Next(inspection, arguments));
    }

    /// <summary>The command line to go on with: a training, or a prediction for a file without stars and labels.</summary>
    private string Next(Inspection inspection, ParseResult arguments)
    {
        IEnumerable<string> given = _data.All
            .Where(option => arguments.GetResult(option) is { Implicit: false })
            .SelectMany(option => arguments.GetResult(option)!.Tokens.Select(token => token.Value).Prepend(option.Name));
        bool isLabeled = inspection.View.Columns.Stars >= 0 || inspection.View.Columns.Label >= 0;
        string file = arguments.GetRequiredValue(_file);
        string backbone = arguments.GetResult(_backbone) is { Implicit: false } chosen ? chosen.Tokens[0].Value : BackboneName.Small;
        string[] words = isLabeled
            ? ["train", "--train", file, .. given, "--output", "model", "--backbone", backbone]
            : ["predict", "--model", BackboneName.Small, "--input", file, .. given];
        return string.Join(' ', words.Select(ShellWord.Of).Prepend(SentimentMLCommand.ToolName));
    }

    private static void Print(Inspection inspection, string next)
    {
        DataReport report = inspection.Report;
        Table file = new Table().HideHeaders().AddColumn("").AddColumn("");
        foreach ((string what, string value) in Facts(inspection))
            file.AddRow(what, Markup.Escape(value));
        AnsiConsole.Write(file);

        Table counts = EvaluationTables.Numeric(
            new Table().AddColumn(Language.Say("filas", "rows")), Language.Say("número", "count"), Language.Say("parte", "share"));
        counts.AddRow(Language.Say("todas", "all"), Whole(report.Rows), "");
        foreach ((string value, long count) in inspection.Stars)
            counts.AddRow($"{Markup.Escape(value)} {(value == "1" ? Language.Say("estrella", "star") : Language.Say("estrellas", "stars"))}", Whole(count),
                Share(count, report.Rows));
        foreach ((string value, long count) in inspection.Labels)
            counts.AddRow(Markup.Escape(value), Whole(count), Share(count, report.Rows));
        foreach ((long count, string what) in (ReadOnlySpan<(long, string)>)[
            (inspection.WithoutText, Language.Say("sin texto", "without text")),
            (inspection.WithoutStars, Language.Say("sin estrellas", "without stars")),
            (inspection.WithoutLabel, Language.Say("sin etiqueta", "without label"))])
        {
            if (count > 0)
                counts.AddRow(what, Whole(count), Share(count, report.Rows));
        }
        counts.AddRow(Language.Say("el texto repite uno anterior", "text repeats an earlier one"), Whole(report.Repeated), Share(report.Repeated, report.Rows));
        if (report.NearlyRepeated is { } nearly)
            counts.AddRow(Language.Say("el texto es casi igual a uno anterior", "text is nearly that of an earlier one"), Whole(nearly),
                Share(nearly, report.Rows));
        counts.AddRow(Language.Format($"más de {report.MaxTokens} tokens: el final no se lee", $"more than {report.MaxTokens} tokens: the end is not read"),
            Whole(report.Truncated), Share(report.Truncated, report.Rows));
        AnsiConsole.Write(counts);

        Table lengths = EvaluationTables.Numeric(new Table().AddColumn(Language.Say("longitud en", "length in")),
            Language.Say("mínimo", "least"), Language.Say("media", "mean"), Language.Say("mediana", "median"), "90 %", "99 %", Language.Say("máximo", "most"));
        foreach ((string unit, LengthStatistics? length) in (ReadOnlySpan<(string, LengthStatistics?)>)[
            (Language.Say("caracteres", "characters"), report.Characters), (Language.Say("palabras", "words"), report.Words), ("tokens", report.Tokens)])
        {
            if (length is not null)
                lengths.AddRow(unit, Whole(length.Min), Language.Text.Number(length.Mean, 1), Whole(length.Median), Whole(length.Percentile90),
                    Whole(length.Percentile99), Whole(length.Max));
        }
        AnsiConsole.Write(lengths);

        Table look = EvaluationTables.Numeric(
            new Table().AddColumn(Language.Say("conviene mirar", "worth a look")), Language.Say("filas", "rows"), Language.Say("parte", "share"))
            .AddColumn(Language.Say("primeras filas", "first rows"));
        foreach ((string language, RowExamples rows) in report.Languages)
            look.AddRow(LanguageName(language), Whole(rows.Count), Share(rows.Count, report.Rows), language == Spanish ? "" : First(rows));
        foreach ((OddText odd, RowExamples rows) in report.Odd)
            look.AddRow(OddName(odd), Whole(rows.Count), Share(rows.Count, report.Rows), First(rows));
        AnsiConsole.Write(look);
        foreach (string warning in inspection.Warnings)
            Console.WriteLine(warning);
        Console.WriteLine($"{Language.Say("Para seguir", "Go on with")}: {next}");
    }

    private static IEnumerable<(string What, string Value)> Facts(Inspection inspection)
    {
        yield return (Language.Say("formato", "format"),
            inspection.View.File.Compression is { } compression
                ? $"{inspection.Format}, {Language.Say("comprimido con", "compressed with")} {compression}"
                : inspection.Format);
        if (inspection.Encoding is { } encoding)
            yield return (Language.Say("codificación", "encoding"), encoding);
        if (inspection.Delimiter is { } delimiter)
            yield return (Language.Say("separador", "delimiter"), delimiter == "\t" ? Language.Say("tabulador", "tab") : delimiter);
        if (inspection.HasHeader is { } hasHeader)
            yield return (Language.Say("cabecera", "header"),
                hasHeader ? Language.Say("en la ", "in ") + inspection.View.File.HeaderPlaceIn(Language.Text)
                    : Language.Say("ninguna; las columnas tienen números", "none, columns are numbered"));
        if (inspection.View.File.Excel?.Sheet is { } sheet)
            yield return (Language.Say("hoja", "sheet"), sheet);
        foreach ((string part, string? column, string why) in inspection.Parts)
        {
            if (column is not null)
                yield return (PartName(part), Language.Say($"columna '{column}', {why}", $"column '{column}', {why}"));
        }
        if (inspection.View.Columns.Others is { Count: > 0 } others)
            yield return (Language.Say("otras columnas", "other columns"),
                string.Join(", ", others.Take(20).Select(other => inspection.View.File.Columns[other])) + (others.Count > 20 ? ", …" : ""));
    }

    private static string LanguageName(string code) => code switch
    {
        Spanish => Language.Say("español", "Spanish"),
        "und" => Language.Say("demasiado corto para saber la lengua", "too short to tell the language"),
        "other" => Language.Say("otra escritura", "another script"),
        "en" => Language.Say("inglés", "English"),
        "pt" => Language.Say("portugués", "Portuguese"),
        "fr" => Language.Say("francés", "French"),
        "it" => Language.Say("italiano", "Italian"),
        "de" => Language.Say("alemán", "German"),
        "ca" => Language.Say("catalán", "Catalan"),
        _ => code,
    };

    private static string PartName(string part) => part switch
    {
        "text" => Language.Say("texto", part),
        "title" => Language.Say("título", part),
        "body" => Language.Say("cuerpo", part),
        "stars" => Language.Say("estrellas", part),
        _ => Language.Say("etiqueta", part),
    };

    private static string OddName(OddText odd)
    {
        string english = Inspection.NameOf(odd).Replace('_', ' ');
        return odd switch
        {
            OddText.Empty => Language.Say("vacío", english),
            OddText.NoLetters => Language.Say("sin letras", english),
            OddText.VeryLong => Language.Say("muy largo", english),
            OddText.ControlCharacters => Language.Say("caracteres de control", english),
            OddText.BrokenEncoding => Language.Say("codificación rota", english),
            _ => english,
        };
    }

    private static string First(RowExamples rows) => string.Join(", ", rows.Examples.Take(5).Select(row => Whole(row + 1)));

    private static string Whole(long count) => Language.Text.Count(count);

    private static string Share(long part, long all) => all == 0 ? "" : $"{Language.Text.Number(100.0 * part / all, 1)} %";
}
