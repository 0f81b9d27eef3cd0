using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>Rows of one sheet of an Excel workbook, by MiniExcel. Numbers and dates are invariant text; a row with nothing in any cell is no row.</summary>
internal sealed class ExcelRecords : RecordReader
{
    private const int MaxRows = 1 << 20;

    private readonly FileStream _file;
    private readonly bool _hasHeader;
    private readonly Action<string> _suspect;
    private readonly IEnumerator<string?[]> _rows;
    private int _number;

    /// <param name="file">The workbook; owned.</param>
    /// <param name="layout">What <see cref="ExcelLayout.Find"/> gave.</param>
    /// <param name="options">Whether there is a header.</param>
    /// <param name="path">For messages.</param>
    /// <param name="suspect">Takes what is no fault and probably a mistake, for each row that has it.</param>
    public ExcelRecords(FileStream file, ExcelLayout layout, ReviewFileOptions options, string path, Action<string> suspect)
        : base(path)
    {
        _file = file;
        _hasHeader = options.HasHeader;
        _suspect = suspect;
        Columns = layout.Columns;
        _rows = ExcelLayout.Rows(file, layout.Sheet, path).GetEnumerator();
        try
        {
            for (int above = layout.RowsAbove + (options.HasHeader ? 1 : 0) + layout.RowsBelow; above > 0; above--)
                Advance();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Columns { get; }

    public override string PlaceIn(ReportText text) => $"{text.Say("fila", "row")} {_number}";

    public override bool Read()
    {
        while (Advance())
        {
            if (Array.TrueForAll(_rows.Current, string.IsNullOrWhiteSpace))
                continue;
            if (!_hasHeader || !HeaderRow.IsAgain(this))
                return true;
            _suspect(HeaderRow.CameAgain(Path, LocalizedPlace));
        }
        return false;
    }

    public override string? Value(int column) => column < _rows.Current.Length ? _rows.Current[column] : null;

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _rows.Dispose();
        _file.Dispose();
    }

    private bool Advance()
    {
        if (!_rows.MoveNext())
            return false;
        if (++_number > MaxRows)
            throw Error($"the sheet has more rows than Excel's {MaxRows}, expected a workbook of Excel. Save it as .csv.");
        return true;
    }
}
