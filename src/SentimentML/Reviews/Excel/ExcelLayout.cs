using System.Globalization;
using System.IO.Compression;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>Which table of an Excel workbook is read: what its first rows say.</summary>
/// <param name="Sheet">The sheet's name.</param>
/// <param name="RowsAbove">The rows above the header, or above the first row without one, that are passed over.</param>
/// <param name="Columns">The columns' names.</param>
/// <param name="RowsBelow">The rows between the header and the first review that are passed over.</param>
internal sealed record ExcelLayout(string Sheet, int RowsAbove, string[] Columns, int RowsBelow)
{
    /// <summary>The columns that are hidden, by their places.</summary>
    public required IReadOnlySet<int> Hidden { get; init; }

    private const int SampleRows = 100;

    // Excel's own limits are 1,048,576 rows of 32,767 characters; its shared strings are read before the first row.
    private const long MaxSharedStringBytes = 4L << 30;

    /// <param name="file">The workbook; owned.</param>
    /// <param name="options">The sheet, and the columns that are looked for.</param>
    /// <param name="path">For messages.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">There is no such sheet, it is empty, or the workbook is damaged.</exception>
    public static ExcelLayout Find(FileStream file, ReviewFileOptions options, string path, Action<string> warn)
    {
        using (file)
        {
            CheckSizes(file, path);
            SheetInfo[] all = Run(path, () => MiniExcel.GetSheetInformations(file).ToArray());
            string[] sheets = [.. all.Select(one => one.Name)];
            string sheet = options.Sheet is null ? Choose(file, all, options, path, warn) : Named(sheets, options.Sheet, options, path);
            List<string?[]> rows = [.. Rows(file, sheet, path).Take(SampleRows)];
            if (rows.TrueForAll(row => Array.TrueForAll(row, string.IsNullOrWhiteSpace)))
                throw new SentimentMLException($"{path}: sheet '{sheet}' is empty, expected a header and rows.{Others(sheets, sheet, options)}");
            int first = rows.FindIndex(row => !Array.TrueForAll(row, string.IsNullOrWhiteSpace));
            int header = options.HasHeader ? HeaderRow.Find(rows, new ReviewColumnNames(options)) is (var found, > 0) ? found : first : first;
            if (header > first)
                warn(Localized.Say(
                    $"{path}: se saltan las filas sobre la cabecera, que está en la fila {header + 1}: ",
                    $"{path}: the rows above the header, in row {header + 1}, are passed over: ")
                    + string.Join(' ', rows[first].Where(cell => !string.IsNullOrWhiteSpace(cell))));
            int width = rows.Skip(header).Max(row => Array.FindLastIndex(row, cell => !string.IsNullOrWhiteSpace(cell))) + 1;
            int below = options.HasHeader ? HeaderRow.CountBelow(rows, header) : 0;
            if (below > 0)
                warn(HeaderRow.PassedOver(path, below, rows[header + 1]));
            file.Position = 0;
            return new ExcelLayout(sheet, header, options.HasHeader
                ? [.. Enumerable.Range(0, width).Select(column => rows[header].ElementAtOrDefault(column) ?? "")] : ReviewFile.Numbered(width), below)
                { Hidden = Run(path, () => HiddenColumns.Of(file, sheet)) };
        }
    }

    /// <summary>All rows of a sheet, empty ones too, so that a row's place is its number in Excel.</summary>
    public static IEnumerable<string?[]> Rows(FileStream file, string sheet, string path)
    {
        var configuration = new OpenXmlConfiguration { EnableSharedStringCache = true };
        file.Position = 0;
        using IEnumerator<object> rows =
            Run(path, () => MiniExcel.Query(file, useHeaderRow: false, sheet, ExcelType.XLSX, configuration: configuration).GetEnumerator());
        while (Run(path, rows.MoveNext))
            yield return [.. ((IDictionary<string, object?>)rows.Current).Values.Select(Text)];
    }

    /// <summary>The first sheet that is not hidden, unless another one is the only one whose header names a text.</summary>
    private static string Choose(FileStream file, SheetInfo[] sheets, ReviewFileOptions options, string path, Action<string> warn)
    {
        if (sheets.Length == 0)
            throw new SentimentMLException($"{path}: the workbook has no sheets, expected one with reviews.");
        if (sheets.Length == 1)
            return sheets[0].Name;
        string[] visible = [.. sheets.Where(sheet => sheet.State == SheetState.Visible).Select(sheet => sheet.Name).DefaultIfEmpty(sheets[0].Name)];
        string[] withTexts = visible.Length == 1 || !options.HasHeader ? [] : [.. visible.Where(sheet => HasTexts(file, sheet, options, path))];
        string chosen = withTexts.Length == 1 ? withTexts[0] : visible[0];
        string why = chosen == sheets[0].Name ? Localized.Say($"se lee la primera hoja, '{chosen}'", $"the first sheet is read, '{chosen}'")
            : visible.Length == 1 ? Localized.Say(
                $"se lee la hoja '{chosen}', la única que no está oculta", $"sheet '{chosen}' is read, the only one that is not hidden")
            : chosen == visible[0] ? Localized.Say(
                $"se lee la hoja '{chosen}', la primera que no está oculta", $"sheet '{chosen}' is read, the first one that is not hidden")
            : Localized.Say(
                $"se lee la hoja '{chosen}', la única visible con una columna de textos",
                $"sheet '{chosen}' is read, the only visible one with a column of texts");
        string others = string.Join(", ", sheets.Where(sheet => sheet.Name != chosen).Take(10).Select(sheet => $"'{sheet.Name}'"));
        string readOther = options.Names.SetLocalized(nameof(options.Sheet), Localized.Say("su nombre", "its name"));
        warn(Localized.Say(
            $"{path}: {why}. Las otras son {others}: para leer una de ellas, {readOther}.",
            $"{path}: {why}. The others are {others}: to read one of them, {readOther}."));
        return chosen;
    }

    private static bool HasTexts(FileStream file, string sheet, ReviewFileOptions options, string path)
    {
        var names = new ReviewColumnNames(options);
        List<string?[]> rows = [.. Rows(file, sheet, path).Take(SampleRows)];
        return rows.Count > 0 && names.AreFoundIn([.. rows[HeaderRow.Find(rows, names).Row].Select(cell => cell ?? "")]);
    }

    private static string Named(string[] sheets, string asked, ReviewFileOptions options, string path) =>
        Array.Find(sheets, name => name == asked) ?? Array.Find(sheets, name => name.Equals(asked, StringComparison.OrdinalIgnoreCase))
            ?? throw new SentimentMLException($"{path}: the workbook's sheets are {string.Join(", ", sheets.Select(name => $"'{name}'"))}; expected "
                + $"'{asked}', as {options.Names.Name(nameof(options.Sheet))} says.");

    private static string Others(string[] sheets, string sheet, ReviewFileOptions options) => sheets.Length == 1
        ? ""
        : $" The other sheets are {string.Join(", ", sheets.Where(name => name != sheet).Select(name => $"'{name}'"))}: "
            + $"{options.Names.Set(nameof(options.Sheet), "the name of the one with the reviews")}.";

    private static void CheckSizes(FileStream file, string path)
    {
        long bytes = Run(path, () =>
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return archive.GetEntry("xl/sharedStrings.xml")?.Length ?? 0;
        });
        file.Position = 0;
        if (bytes > MaxSharedStringBytes)
            throw new SentimentMLException(
                $"{path}: the workbook's texts have {bytes} bytes unpacked, expected {MaxSharedStringBytes} or fewer. Save it as .csv.");
    }

    private static string? Text(object? cell) => cell switch
    {
        null => null,
        string text => text,
        bool value => value ? "true" : "false",
        DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString(),
    };

    private static T Run<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not SentimentMLException)
        {
            throw new SentimentMLException($"{path}: the workbook cannot be read as .xlsx; it is damaged, cut off, or uses what MiniExcel does not know. Save "
                + $"it again, or save it as .csv. {e.Message}", e);
        }
    }
}
