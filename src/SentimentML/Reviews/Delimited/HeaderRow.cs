using System.Text.RegularExpressions;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// Finds a table's header below lines that do not belong to it (a title, a date, a type), and the rows that programs write between the header and
/// the first review: what a survey asks, or a line of dashes.
/// </summary>
internal static partial class HeaderRow
{
    private const int MaxRowsAbove = 20;

    /// <summary>How Qualtrics' third row begins, below the questions' names and their texts.</summary>
    private const string Qualtrics = "{\"ImportId\"";

    /// <summary>What SurveyMonkey writes below its questions, beside the answers to choose from, and nothing below its own columns.</summary>
    private static readonly HashSet<string> SurveyMonkey = new(StringComparer.OrdinalIgnoreCase)
    {
        "Response", "Open-Ended Response", "Respuesta", "Respuesta abierta", "Respuesta de composición abierta",
    };

    /// <summary>
    /// The header's place among a table's first rows, and how many of a review's parts it names. Candidates are the first row, each row with more
    /// filled cells than all rows above it, and each that names several parts: in a single column a text may be called like a column. The one that names
    /// the most parts wins; of equals the first, unless it is a title in a single cell.
    /// </summary>
    public static (int Row, int Parts) Find(IReadOnlyList<string?[]> rows, ReviewColumnNames names)
    {
        (int Row, int Parts, int Filled) best = (0, 0, 0);
        int mostAbove = 0;
        for (int row = 0; row < rows.Count && row <= MaxRowsAbove; row++)
        {
            int filled = rows[row].Count(cell => !string.IsNullOrWhiteSpace(cell));
            bool isBelowTitle = row == 1 && filled == 1 && best is { Parts: 1, Filled: 1 } // "Opiniones" above "text"
                && !rows[0].Any(names.IsUsual) && rows[1].Any(names.IsUsual);
            int parts = names.CountParts(rows[row].Select(cell => cell ?? ""));
            if (row == 0 || mostAbove < filled || isBelowTitle || parts > 1)
            {
                if (parts > best.Parts || (parts > 0 && parts == best.Parts && best.Filled == 1 && (filled > 1 || isBelowTitle)))
                    best = (row, parts, filled);
            }
            mostAbove = Math.Max(mostAbove, filled);
        }
        return (best.Row, best.Parts);
    }

    /// <summary>Whether a row is the header again, as in files that were put one after the other. In a single column a text may be so.</summary>
    public static bool IsAgain(RecordReader row)
    {
        if (row.Columns.Count < 2)
            return false;
        for (int column = 0; column < row.Columns.Count; column++)
            if (WithoutMark(row.Value(column) ?? "") != row.Columns[column])
                return false;
        return true;
    }

    /// <summary>The warning about a header that comes again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">The row, in the warning's language.</param>
    public static string CameAgain(string path, string place) => Localized.Say(
        $"{path}, {place}: la fila es otra vez la cabecera, como en archivos que se juntaron uno tras otro. Esas filas se saltan.",
        $"{path}, {place}: the row is the header again, as in files that were put one after the other. Such rows are passed over.");

    /// <summary>The warning about such rows.</summary>
    public static string PassedOver(string path, int rows, string?[] first) => Localized.Say(
        $"{path}: {(rows == 1 ? "se salta la fila" : $"se saltan {rows} filas")} bajo la cabecera, que escribió un programa: ",
        $"{path}: {(rows == 1 ? "the row" : $"{rows} rows")} below the header, which a program wrote, {(rows == 1 ? "is" : "are")} passed over: ")
            + string.Join(' ', first.Where(cell => !string.IsNullOrWhiteSpace(cell)));

    /// <summary>How many rows below the header belong to it: none, a line of dashes, SurveyMonkey's one, or Qualtrics' two.</summary>
    public static int CountBelow(IReadOnlyList<string?[]> rows, int header)
    {
        if (AllCells(header + 1, IsLine) || IsSurveyMonkeys(header + 1))
            return 1;
        return AllCells(header + 2, cell => cell.StartsWith(Qualtrics, StringComparison.Ordinal)) ? 2 : 0;

        bool IsSurveyMonkeys(int row) => row < rows.Count && rows[row].Any(cell => cell is not null && SurveyMonkey.Contains(cell.Trim()))
            && (string.IsNullOrWhiteSpace(rows[row][0]) || (AllCells(row, SurveyMonkey.Contains) && rows[row].Any(string.IsNullOrWhiteSpace)));

        bool AllCells(int row, Func<string, bool> are)
        {
            string[] filled = row < rows.Count ? [.. rows[row].Where(cell => !string.IsNullOrWhiteSpace(cell)).Select(cell => cell!.Trim())] : [];
            return filled.Length > 0 && filled.All(are);
        }
    }

    /// <summary>
    /// Whether a row of one field is what a database's client writes below a table: PostgreSQL's \. behind what COPY writes, "(6 rows)", a frame's line.
    /// </summary>
    public static bool IsClientsRemark(string field) => ClientsRemark().IsMatch(field);

    /// <summary>A cell without the byte order mark of a file that was put behind another; quotes behind the mark are not read as quotes.</summary>
    private static string WithoutMark(string cell) => cell.StartsWith('\uFEFF') ? cell.TrimStart('\uFEFF').Trim('"') : cell;

    /// <summary>Whether a cell is part of a line below a header, as databases' clients and Markdown draw it: "-----", ":---:", "----+----".</summary>
    private static bool IsLine(string cell) => cell.Length > 1 && cell.Contains('-', StringComparison.Ordinal) && cell.All(c => c is '-' or '+' or ':');

    [GeneratedRegex(@"^\s*(?:\\\.|\(\d+ (?:rows?|filas?)\)|\d+ rows? in set \(.*\)|\+(?:-+\+)+)\s*$")]
    private static partial Regex ClientsRemark();
}
