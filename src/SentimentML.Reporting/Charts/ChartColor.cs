namespace SentimentML.Reporting.Charts;

/// <summary>What a colour means in a chart. The page's style says how each looks, in light, in dark and on paper.</summary>
internal enum ChartColor
{
    /// <summary>Lines that the eye measures by.</summary>
    Grid,

    /// <summary>Where a model without knowledge, or a perfectly calibrated one, would be.</summary>
    Reference,

    /// <summary>The first series; what is right.</summary>
    First,

    /// <summary>The second series; what is wrong.</summary>
    Second,

    /// <summary>The third series.</summary>
    Third,

    /// <summary>The fourth series.</summary>
    Fourth,

    /// <summary>The fifth series, and those beyond.</summary>
    Fifth,
}
