using System.CommandLine;
using System.Text;
using SentimentML.Reviews;
using SentimentML.Tool.Data;
using static SentimentML.Tool.Output.Language;

namespace SentimentML.Tool.Commands;

/// <summary>How a data file is read, and where it has its texts and labels.</summary>
internal sealed class DataOptions
{
    public static string Formats => Say(
        "csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow o feather, comprimido o no, o una carpeta de textos o de archivos así",
        "csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather, compressed or not, or a folder of texts or of such files");

    private readonly Option<string> _textColumn = Flags.Text("--text-column", "NAME", Say(
        "La columna del texto (por defecto, text u otro nombre habitual; si no, title y body).",
        "The column with the text (default: text or another usual name, else title and body)."));
    private readonly Option<string> _titleColumn = Flags.Text("--title-column", "NAME", Say(
        "La columna del título, que va delante del cuerpo.", "The column with the title, which goes before the body."));
    private readonly Option<string> _bodyColumn = Flags.Text("--body-column", "NAME", Say("La columna del cuerpo.", "The column with the body."));
    private readonly Option<string> _starsColumn = Flags.Text("--stars-column", "NAME", Say(
        "La columna de las estrellas (por defecto, stars, star_rating o rating).", "The column with the stars (default: stars, star_rating or rating)."));
    private readonly Option<int?> _starsOffset = Flags.Whole("--stars-offset", Say(
        "Lo que se suma a las estrellas para que vayan de 1 a 5; 1 si las etiquetas van de 0 a 4.",
        "What is added to the stars to give 1 to 5; 1 for labels from 0 to 4."));
    private readonly Option<int?> _starsScale = Flags.Parsed<int?>("--stars-scale", "N", Say(
        "Sobre cuánto son las notas de la columna de las estrellas, si no lo dicen: 5, 10, 20, 50 o 100. Se convierten en estrellas enteras.",
        "What the scores in the stars' column are out of, where they do not say it: 5, 10, 20, 50 or 100. They become whole stars."),
        Say("5, 10, 20, 50 o 100", "5, 10, 20, 50 or 100"), StarText.ScaleOf);
    private readonly Option<string> _labelColumn = Flags.Text("--label-column", "NAME", Say(
        "La columna con etiquetas de texto, en vez de estrellas (por defecto, label, si no hay estrellas). Con el nombre de la columna de las estrellas, cada "
            + "número de estrellas es una etiqueta.",
        "The column with labels as text, instead of stars (default: label, where there are no stars). With the name of the column with the stars, each number "
            + "of stars is a label."));

    private readonly Option<bool> _mergeLabelCase = new("--merge-label-case")
    {
        Description = Say(
            "Lee las etiquetas en minúsculas: las que solo se diferencian en mayúsculas y minúsculas son una.",
            "Read labels in lower case: those that differ in nothing but case are one."),
    };
    private readonly Option<bool> _strict = new("--strict")
    {
        Description = Say(
            "Se detiene en la primera fila sin texto, estrellas o etiqueta y dice dónde está, en vez de dejar fuera esas filas.",
            "Stop at the first row without text, stars or label, and name its place, instead of leaving such rows out."),
    };

    private readonly Option<ReviewFileFormat?> _format = Flags.Parsed<ReviewFileFormat?>("--format", "W", Say(
        "El formato del archivo, si no lo dice su extensión: csv, tsv, jsonl, json, xlsx, parquet, arrow o lines (un texto por línea).",
        "The file's format, where its extension does not say it: csv, tsv, jsonl, json, xlsx, parquet, arrow or lines (one text a line)."),
        Say("csv, tsv, jsonl, json, xlsx, parquet, arrow o lines", "csv, tsv, jsonl, json, xlsx, parquet, arrow or lines"), word => word switch
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

    private readonly Option<Encoding?> _encoding = Flags.Parsed("--encoding", "NAME", Say(
        "La codificación del texto, como windows-1252, iso-8859-1 o utf-16 (por defecto, UTF-8 y UTF-16 se reconocen y las demás se adivinan).",
        "The text's encoding, as in windows-1252, iso-8859-1 or utf-16 (default: UTF-8 and UTF-16 are recognized, others guessed)."),
        Say("el nombre de una codificación, como utf-8, windows-1252 o iso-8859-1", "the name of an encoding, as in utf-8, windows-1252 or iso-8859-1"),
        TextEncodings.Find);

    private readonly Option<char?> _delimiter = Flags.Parsed<char?>("--delimiter", "C", Say(
        "El separador entre dos campos de un csv: un carácter, o tab (por defecto, la coma, el punto y coma, el tabulador o la barra vertical que tenga el "
            + "archivo).",
        "The character between two fields of a csv: a character, or tab (default: the comma, semicolon, tab or bar that the file has)."),
        Say("un carácter, o la palabra tab", "one character, or the word tab"),
        text => text is "tab" or "\\t" ? '\t' : text.Length == 1 && ReviewFileOptions.IsSeparator(text[0]) ? text[0] : null);

    private readonly Option<char?> _quote = Flags.Parsed<char?>("--quote", "C", Say(
        "El carácter que rodea los campos que contienen separadores, o none si las comillas son texto sin más (por defecto, \").",
        "The character around fields that hold delimiters, or none where quotes are plain text (default \")."),
        Say("un carácter, o la palabra none", "one character, or the word none"),
        text => text == "none" ? NoQuote : text.Length == 1 && ReviewFileOptions.IsSeparator(text[0]) ? text[0] : null);

    private readonly Option<bool> _noHeader = new("--no-header")
    {
        Description = Say(
            "El archivo no tiene una línea con los nombres de las columnas, que se llaman 1, 2, etc.",
            "The file has no line with the columns' names; they are called 1, 2 and so on."),
    };
    private readonly Option<string> _sheet = Flags.Text("--sheet", "NAME", Say(
        "La hoja de un libro de Excel (por defecto, la primera con textos).", "The sheet of an Excel workbook (default: the first with texts)."));
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
                result.AddError(Say(
                    "--label-column y --stars-column, --stars-offset o --stars-scale se excluyen: se leen etiquetas o estrellas.",
                    "--label-column and --stars-column, --stars-offset or --stars-scale exclude each other: labels are read or stars."));
            if (result.GetResult(_starsScale) is not null && result.GetResult(_starsOffset) is not null)
                result.AddError(Say(
                    "--stars-scale y --stars-offset se excluyen: a las notas se les cambia la escala o se les suma un número.",
                    "--stars-scale and --stars-offset exclude each other: scores have a scale or an offset."));
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
