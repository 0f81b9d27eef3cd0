namespace SentimentML.Reviews;

/// <summary>The names by which a review's parts are looked for: those that the options say, else the usual ones.</summary>
internal sealed class ReviewColumnNames
{
    /// <summary>The key of a name that is a text's in one language and a date's in others.</summary>
    public const string AmbiguousText = "DATA";

    // What a column of whole texts, or of bodies beside titles, is called where it is not called text or body.
    private static readonly string[] OtherTexts =
    [
        "review", "review_text", "reviewText", "content", "comment", "opinion", "sentence", "tweet", "full_text", "message",
        "reseña", "resena", "comentario", "contenido", "opinión", "crítica", "critica", "frase", "mensaje", "data",
    ];

    private readonly Dictionary<string, int> _usual = new(StringComparer.Ordinal);

    public ReviewColumnNames(ReviewFileOptions options)
    {
        Text = Part(options.TextColumn, nameof(options.TextColumn), "text", "texto");
        Title = Part(options.TitleColumn, nameof(options.TitleColumn), "review_title", "title", "titulo", "título");
        Body = Part(options.BodyColumn, nameof(options.BodyColumn), "body", "review_body", "cuerpo");
        Other = new ReviewPart(null, nameof(options.TextColumn), OtherTexts);
        Stars = Part(options.StarsColumn, nameof(options.StarsColumn), "stars", "star_rating", "rating", "overall",
            "estrellas", "puntuación", "puntuacion", "valoración", "valoracion", "calificación", "calificacion");
        Label = Part(options.LabelColumn, nameof(options.LabelColumn), "label", "sentiment", "labels", "accept",
            "etiqueta", "sentimiento", "polarity", "polaridad", "choices", "class", "clase");
        ReviewPart[] parts = [Text, Title, Body, Other, Stars, Label];
        for (int part = 0; part < parts.Length; part++)
            foreach (string name in parts[part].Named is { } named ? [named] : parts[part].Usual)
                _usual.TryAdd(Key(name), part);
    }

    public ReviewPart Text { get; }

    public ReviewPart Title { get; }

    public ReviewPart Body { get; }

    /// <summary>Texts by other usual names.</summary>
    public ReviewPart Other { get; }

    public ReviewPart Stars { get; }

    public ReviewPart Label { get; }

    /// <summary>How many different parts a row names, if it is a header.</summary>
    public int CountParts(IEnumerable<string> cells) =>
        cells.Select(cell => _usual.GetValueOrDefault(Key(cell), -1)).Where(part => part >= 0).Distinct().Count();

    /// <summary>Whether these columns have a text, and every column that the options name.</summary>
    public bool AreFoundIn(IReadOnlyCollection<string> columns)
    {
        if (new[] { Text, Title, Body, Stars, Label }.Any(part => part.Named is { } named && !columns.Contains(named)))
            return false;
        return (Text.Named ?? Body.Named) is not null
            || columns.Any(column => Text.Is(column) || Body.Is(column) || Other.Is(column));
    }

    /// <summary>Whether a column is usually one of texts, by its name.</summary>
    public bool IsText(string? column) => column is not null && new[] { Text, Body, Other }.Any(part => part.Is(column));

    /// <summary>Names that differ in case, in spaces at their ends and in what joins their words are the same.</summary>
    public static string Key(string name) => name.Trim().Replace(' ', '_').Replace('-', '_').ToUpperInvariant();

    private static ReviewPart Part(string? named, string option, params string[] usual) => new(named, option, usual);
}

/// <summary>One part of a review.</summary>
/// <param name="Named">Its column, as the options say; null for the usual names.</param>
/// <param name="Option">The property that names it.</param>
/// <param name="Usual">Its usual names, the first that a file has is taken.</param>
internal sealed record ReviewPart(string? Named, string Option, string[] Usual)
{
    /// <summary>Whether a column has one of the usual names, by itself or as the last part of a path.</summary>
    public bool Is(string column) => Usual.Any(usual => IsNamed(column, ReviewColumnNames.Key(usual)));

    /// <summary>Whether a column has a name, given as its key, by itself or as the last part of a path.</summary>
    public static bool IsNamed(string column, string key)
    {
        string own = ReviewColumnNames.Key(column);
        return own == key || own.EndsWith($".{key}", StringComparison.Ordinal);
    }
}
