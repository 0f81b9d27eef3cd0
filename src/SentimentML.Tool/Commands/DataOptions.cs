using System.CommandLine;
using System.Text;
using SentimentML.Reviews;
using SentimentML.Tool.Data;

namespace SentimentML.Tool.Commands;

/// <summary>How a data file is read, and where it has its texts and labels.</summary>
internal sealed class DataOptions
{
    public const string Formats = "csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather, compressed or not, or a folder of texts or of such files";

    private readonly Option<string> _textColumn =
        Flags.Text("--text-column", "NAME", "The column with the text (default: text or another usual name, else title and body).");
    private readonly Option<string> _titleColumn = Flags.Text("--title-column", "NAME", "The column with the title, which goes before the body.");
    private readonly Option<string> _bodyColumn = Flags.Text("--body-column", "NAME", "The column with the body.");
    private readonly Option<string> _starsColumn = Flags.Text("--stars-column", "NAME", "The column with the stars (default: stars, star_rating or rating).");
    private readonly Option<int?> _starsOffset = Flags.Whole("--stars-offset", "What is added to the stars to give 1 to 5; 1 for labels from 0 to 4.");
    private readonly Option<int?> _starsScale = Flags.Parsed<int?>("--stars-scale", "N",
        "What the scores in the stars' column are out of, where they do not say it: 5, 10, 20, 50 or 100. They become whole stars.", "5, 10, 20, 50 or 100",
        StarText.ScaleOf);
    private readonly Option<string> _labelColumn = Flags.Text("--label-column", "NAME",
        "The column with labels as text, instead of stars (default: label, where there are no stars). With the name of the column with the stars, each number "
        + "of stars is a label.");

    private readonly Option<bool> _mergeLabelCase =
        new("--merge-label-case") { Description = "Read labels in lower case: those that differ in nothing but case are one." };
    private readonly Option<bool> _strict =
        new("--strict") { Description = "Stop at the first row without text, stars or label, and name its place, instead of leaving such rows out." };

    private readonly Option<ReviewFileFormat?> _format = Flags.Parsed<ReviewFileFormat?>("--format", "W",
        "The file's format, where its extension does not say it: csv, tsv, jsonl, json, xlsx, parquet, arrow or lines (one text a line).",
        "csv, tsv, jsonl, json, xlsx, parquet, arrow or lines", word => word switch
    {
        "csv" => ReviewFileFormat.Csv,
        "tsv" => ReviewFileFormat.Tsv,
        "jsonl" => ReviewFileFormat.JsonLines,
        "json" => ReviewFileFormat.Json,
        "xlsx" => ReviewFileFormat.Excel,
        "parquet" => ReviewFileFormat.Parquet,
        "arrow" => ReviewFileFormat.Arrow,
        "lines" => ReviewFileFormat.Lines,
        _ => null,
    });

    private readonly Option<Encoding?> _encoding = Flags.Parsed("--encoding", "NAME",
        "The text's encoding, as in windows-1252, iso-8859-1 or utf-16 (default: UTF-8 and UTF-16 are recognized, others guessed).",
        "the name of an encoding, as in utf-8, windows-1252 or iso-8859-1", TextEncodings.Find);

    private readonly Option<char?> _delimiter = Flags.Parsed<char?>("--delimiter", "C",
        "The character between two fields of a csv: a character, or tab (default: the comma, semicolon, tab or bar that the file has).",
        "one character, or the word tab",
        text => text is "tab" or "\\t" ? '\t' : text.Length == 1 && ReviewFileOptions.IsSeparator(text[0]) ? text[0] : null);

    private readonly Option<char?> _quote = Flags.Parsed<char?>("--quote", "C",
        "The character around fields that hold delimiters, or none where quotes are plain text (default \").", "one character, or the word none",
        text => text == "none" ? NoQuote : text.Length == 1 && ReviewFileOptions.IsSeparator(text[0]) ? text[0] : null);

    private readonly Option<bool> _noHeader =
        new("--no-header") { Description = "The file has no line with the columns' names; they are called 1, 2 and so on." };
    private readonly Option<string> _sheet = Flags.Text("--sheet", "NAME", "The sheet of an Excel workbook (default: the first with texts).");
    private readonly bool _withLabels;

    private const char NoQuote = '\0';

    /// <param name="withLabels">Whether the command reads stars and labels.</param>
    public DataOptions(bool withLabels = true) => _withLabels = withLabels;

    public IReadOnlyList<Option> All =>
    [
        _textColumn, _titleColumn, _bodyColumn,
        .. _withLabels ? (Option[])[_starsColumn, _starsOffset, _starsScale, _labelColumn, _mergeLabelCase] : [],
        _strict, _format, _encoding, _delimiter, _quote, _noHeader, _sheet,
    ];

    public void AddTo(Command command)
    {
        _format.Aliases.Add("--input-format");
        foreach (Option option in All)
            command.Add(option);
        command.Check(result =>
        {
            if (result.GetResult(_labelColumn) is not null
                && ((Option[])[_starsColumn, _starsOffset, _starsScale]).Any(option => result.GetResult(option) is not null))
                result.AddError("--label-column and --stars-column, --stars-offset or --stars-scale exclude each other: labels are read or stars.");
            if (result.GetResult(_starsScale) is not null && result.GetResult(_starsOffset) is not null)
                result.AddError("--stars-scale and --stars-offset exclude each other: scores have a scale or an offset.");
        });
    }

    public DataColumns Read(ParseResult arguments)
    {
        var columns = new DataColumns(arguments.GetValue(_textColumn))
        {
            Title = arguments.GetValue(_titleColumn),
            Body = arguments.GetValue(_bodyColumn),
            Format = arguments.GetValue(_format),
            Encoding = arguments.GetValue(_encoding),
            Delimiter = arguments.GetValue(_delimiter),
            Quote = arguments.GetValue(_quote) switch { null => '"', NoQuote => null, var quote => quote },
            HasHeader = !arguments.GetValue(_noHeader),
            Sheet = arguments.GetValue(_sheet),
            Strict = arguments.GetValue(_strict),
        };
        return _withLabels
            ? columns with
            {
                Stars = arguments.GetValue(_starsColumn),
                StarsOffset = arguments.GetValue(_starsOffset) ?? 0,
                StarsScale = arguments.GetValue(_starsScale),
                Label = arguments.GetValue(_labelColumn),
                MergeLabelCase = arguments.GetValue(_mergeLabelCase),
            }
            : columns;
    }
}
