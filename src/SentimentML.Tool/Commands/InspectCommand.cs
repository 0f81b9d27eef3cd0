using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Tool.Evaluation;
using SentimentML.Tool.Output;
using Spectre.Console;

namespace SentimentML.Tool.Commands;

/// <summary>What a data file holds, before training on it.</summary>
internal sealed class InspectCommand : ToolCommand
{
    private const int DefaultMaxTokens = 512;
    private const string Spanish = "es";

    private readonly Argument<string> _file = new("F") { Description = $"Reviews: {DataOptions.Formats}. Rows without stars or label are counted too." };
    private readonly DataOptions _data = new();
    private readonly Option<Backbone> _backbone = new("--backbone")
    {
        Description = "Whose tokenizer counts the tokens: a folder, a hub id, mini (the default), or roberta-base-bne.",
        HelpName = "B",
        DefaultValueFactory = _ => SpanishMini.Backbone,
        CustomParser = result => Flags.Parsed(result, BackboneName.Parse),
    };
    private readonly Option<int?> _maxTokens = Flags.Whole("--max-tokens", "The tokens that a text would be cut to (default 512).");
    private readonly Option<bool> _json = Flags.Json();

    public InspectCommand()
        : base("inspect", "Show what a file of reviews holds: rows, labels, lengths, repeated texts, languages, odd rows.")
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
        IDataView rows = new MLContext().Data.LoadReviews(arguments.GetRequiredValue(_file), _data.Read(arguments).ToOptions(allowUnlabeledRows: true));
        DataReport? report = null;
        Screen.During(screen =>
        {
            report = DataReport.Of(rows, new DataReportOptions
            {
                Tokenizer = PretrainedTokenizer.Load(arguments.GetRequiredValue(_backbone).Open(text => screen.Show(text), cancellation)),
                MaxTokens = maxTokens,
                Progress = new RowsShown(screen, total: null),
                CancellationToken = cancellation,
            });
        });
        if (arguments.GetValue(_json))
            JsonResult.Print(ToJson(report!));
        else
            Print(report!);
    }

    private static JsonObject ToJson(DataReport report) => new()
    {
        ["rows"] = report.Rows,
        ["repeated"] = report.Repeated,
        ["nearly_the_same"] = report.NearlyRepeated,
        ["stars"] = Counts(report.Stars),
        ["labels"] = Counts(report.Labels),
        ["characters"] = Lengths(report.Characters),
        ["words"] = Lengths(report.Words),
        ["tokens"] = Lengths(report.Tokens),
        ["max_tokens"] = report.MaxTokens,
        ["cut"] = report.Truncated,
        ["languages"] = new JsonObject(report.Languages.Select(language => KeyValuePair.Create(language.Key, (JsonNode?)Rows(language.Value)))),
        ["odd"] = new JsonObject(report.Odd.Select(odd => KeyValuePair.Create(JsonName(odd.Key), (JsonNode?)Rows(odd.Value)))),
    };

    private static JsonObject Counts(IReadOnlyList<KeyValuePair<string, long>> counts) =>
        new(counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));

    private static JsonObject? Lengths(LengthStatistics? lengths) => lengths is null ? null : new JsonObject
    {
        ["minimum"] = lengths.Min,
        ["mean"] = lengths.Mean,
        ["median"] = lengths.Median,
        ["percentile_90"] = lengths.Percentile90,
        ["percentile_99"] = lengths.Percentile99,
        ["maximum"] = lengths.Max,
    };

    /// <summary>How many rows, and the first of them, counted from 1.</summary>
    private static JsonObject Rows(RowExamples rows) => new()
    {
        ["rows"] = rows.Count,
        ["first"] = new JsonArray([.. rows.Examples.Select(row => (JsonNode)(row + 1))]),
    };

    private static string JsonName(OddText odd) => string.Concat(odd.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private static void Print(DataReport report)
    {
        Table counts = EvaluationTables.Numeric(new Table().AddColumn("rows"), "count", "share");
        counts.AddRow("all", Whole(report.Rows), "");
        foreach ((string value, long count) in report.Stars)
            counts.AddRow(value == "NaN" ? "without stars" : $"{Markup.Escape(value)} stars", Whole(count), Share(count, report.Rows));
        foreach ((string value, long count) in report.Labels)
            counts.AddRow(value.Length == 0 ? "without label" : Markup.Escape(value), Whole(count), Share(count, report.Rows));
        counts.AddRow("text repeats an earlier one", Whole(report.Repeated), Share(report.Repeated, report.Rows));
        if (report.NearlyRepeated is { } nearly)
            counts.AddRow("text is nearly an earlier one", Whole(nearly), Share(nearly, report.Rows));
        counts.AddRow(string.Create(CultureInfo.InvariantCulture, $"more than {report.MaxTokens} tokens: the end is not read"), Whole(report.Truncated), Share(report.Truncated, report.Rows));
        AnsiConsole.Write(counts);

        Table lengths = EvaluationTables.Numeric(new Table().AddColumn("length in"), "least", "mean", "median", "90 %", "99 %", "most");
        foreach ((string unit, LengthStatistics? length) in (ReadOnlySpan<(string, LengthStatistics?)>)[("characters", report.Characters), ("words", report.Words), ("tokens", report.Tokens)])
        {
            if (length is not null)
                lengths.AddRow(unit, Whole(length.Min), length.Mean.ToString("0.0", CultureInfo.InvariantCulture), Whole(length.Median), Whole(length.Percentile90), Whole(length.Percentile99), Whole(length.Max));
        }
        AnsiConsole.Write(lengths);

        Table look = EvaluationTables.Numeric(new Table().AddColumn("worth a look"), "rows", "share").AddColumn("first rows");
        foreach ((string language, RowExamples rows) in report.Languages)
            look.AddRow(LanguageName(language), Whole(rows.Count), Share(rows.Count, report.Rows), language == Spanish ? "" : First(rows));
        foreach ((OddText odd, RowExamples rows) in report.Odd)
            look.AddRow(JsonName(odd).Replace('_', ' '), Whole(rows.Count), Share(rows.Count, report.Rows), First(rows));
        AnsiConsole.Write(look);
    }

    private static string LanguageName(string code) => code switch
    {
        Spanish => "Spanish",
        "und" => "too short to tell the language",
        "other" => "another script",
        _ => $"language {code}",
    };

    private static string First(RowExamples rows) => string.Join(", ", rows.Examples.Take(5).Select(row => Whole(row + 1)));

    private static string Whole(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(long part, long all) => all == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / all:0.0} %");
}
