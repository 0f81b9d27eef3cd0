namespace SentimentML.Predictions;

/// <summary>What the values of a table's column are; any may be missing.</summary>
internal enum TableColumnKind
{
    Text,

    /// <summary>A <see cref="double"/>.</summary>
    Number,

    /// <summary>A <see cref="bool"/>.</summary>
    Flag,
}

/// <summary>A column of a table that is written.</summary>
internal sealed record TableColumn(string Name, TableColumnKind Kind = TableColumnKind.Text);
