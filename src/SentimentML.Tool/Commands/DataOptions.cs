using System.CommandLine;
using SentimentML.Tool.Data;

namespace SentimentML.Tool.Commands;

/// <summary>Where a data file has its texts and labels, in the commands that read labels.</summary>
internal sealed class DataOptions
{
    public const string Formats = "csv, tsv, jsonl or parquet, .gz or not";

    private readonly Option<string> _textColumn = TextColumn();
    private readonly Option<string> _starsColumn = Flags.Text("--stars-column", "NAME", "The column with the stars (default: stars, star_rating or rating).");
    private readonly Option<int?> _starsOffset = Flags.Whole("--stars-offset", "What is added to the stars to give 1 to 5; 1 for labels from 0 to 4.");
    private readonly Option<string> _labelColumn = Flags.Text("--label-column", "NAME", "The column with labels as text, instead of stars (default: label, where there are no stars).");

    public static Option<string> TextColumn() => Flags.Text("--text-column", "NAME", "The column with the text (default: text, else title and body).");

    public IReadOnlyList<Option> All => [_textColumn, _starsColumn, _starsOffset, _labelColumn];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_labelColumn) is not null && (result.GetResult(_starsColumn) is not null || result.GetResult(_starsOffset) is not null))
                result.AddError("--label-column and --stars-column or --stars-offset exclude each other: labels are read or stars.");
        });
    }

    public DataColumns Read(ParseResult arguments) => new(
        arguments.GetValue(_textColumn), arguments.GetValue(_starsColumn), arguments.GetValue(_starsOffset) ?? 0, arguments.GetValue(_labelColumn));
}
