namespace SentimentML.Reviews;

/// <summary>
/// Two columns of a file that hold what is good and what is bad, as Booking and Glassdoor ask for it: two texts in a row, whose labels are known.
/// </summary>
/// <param name="Positive">The column with what is good.</param>
/// <param name="Negative">The column with what is bad.</param>
/// <param name="Others">The other columns.</param>
internal sealed record ReviewSides(int Positive, int Negative, int[] Others)
{
    private static readonly (string Positive, string Negative)[] Names =
    [
        ("POSITIVEREVIEW", "NEGATIVEREVIEW"), ("REVIEWPOSITIVE", "REVIEWNEGATIVE"), ("POSITIVECOMMENT", "NEGATIVECOMMENT"), ("LIKED", "DISLIKED"),
        ("PROS", "CONS"), ("PROS", "CONTRAS"), ("VENTAJAS", "DESVENTAJAS"), ("VENTAJAS", "INCONVENIENTES"), ("LOBUENO", "LOMALO"), ("LOMEJOR", "LOPEOR"),
        ("LOPOSITIVO", "LONEGATIVO"), ("COMENTARIOPOSITIVO", "COMENTARIONEGATIVO"), ("COMENTARIOSPOSITIVOS", "COMENTARIOSNEGATIVOS"),
        ("ASPECTOSPOSITIVOS", "ASPECTOSNEGATIVOS"), ("PUNTOSFUERTES", "PUNTOSDEBILES"), ("LIKEDTEXT", "DISLIKEDTEXT"), ("AFAVOR", "ENCONTRA"),
        ("LOQUEMASLEGUSTO", "LOQUEMENOSLEGUSTO"), ("QUEFUELOQUEMASLEGUSTO", "QUEFUELOQUEMENOSLEGUSTO"),
    ];

    /// <summary>Names that columns with yes and no may have as well.</summary>
    private static readonly (string Positive, string Negative)[] Adjectives =
        [("POSITIVE", "NEGATIVE"), ("POSITIVO", "NEGATIVO"), ("POSITIVOS", "NEGATIVOS")];

    /// <summary>
    /// The pair among a file's columns; null if there is none, if it does not hold texts, if a column is named, or if the file has texts or labels of its
    /// own.
    /// </summary>
    /// <param name="columns">The columns.</param>
    /// <param name="options">The columns that are named.</param>
    /// <param name="meanWords">How many words the texts in a column have on average; 0 if it holds none.</param>
    public static ReviewSides? Find(IReadOnlyList<string> columns, ReviewFileOptions options, Func<int, double> meanWords)
    {
        const double FewWords = 1.5;
        if (options.NamesColumn || new ReviewColumnNames(options).HaveText(columns))
            return null;
        List<string> keys = [.. columns.Select(ColumnName.Key)];
        foreach ((string positive, string negative) in Names.Concat(Adjectives))
        {
            double least = Adjectives.Contains((positive, negative)) ? FewWords : 0;
            (int good, int bad) = (keys.IndexOf(positive), keys.IndexOf(negative));
            if (good >= 0 && bad >= 0 && !keys.Contains("LABEL") && Math.Min(meanWords(good), meanWords(bad)) is > 0
                && Math.Max(meanWords(good), meanWords(bad)) >= least)
                return new ReviewSides(good, bad, [.. Enumerable.Range(0, columns.Count).Where(column => column != good && column != bad)]);
        }
        return null;
    }
}
