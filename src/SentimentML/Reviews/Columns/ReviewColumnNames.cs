namespace SentimentML.Reviews;

/// <summary>The names by which a review's parts are looked for: those that the options say, else the usual ones.</summary>
internal sealed class ReviewColumnNames
{
    /// <summary>The key of a name that is a text's in one language and a date's in others.</summary>
    public const string AmbiguousText = "DATA";

    // What a column of whole texts, or of bodies beside titles, is called where it is not called text or body.
    private static readonly string[] OtherTexts =
    [
        "review_text", "review_content", "review_description", "review", "content", "comment", "opinion", "sentence", "tweet", "full_text", "message",
        "reseña", "comentario", "contenido", "crítica", "frase", "mensaje", "text_original", "text_display", "sentiment_text", "snippet", "data",
    ];

    /// <summary>What other names of texts are made of, in the singular: "Comentarios", "comment_text", "review_es".</summary>
    private static readonly HashSet<string> TextWords = new(StringComparer.Ordinal)
    {
        "TEXT", "TEXTO", "REVIEW", "RESENA", "RESSENYA", "RESENHA", "COMMENT", "COMENTARIO", "COMENTARI", "COMMENTAIRE", "OPINION", "OPINIO", "OPINIAO",
        "CONTENT", "CONTENIDO", "CONTINGUT", "BODY", "CUERPO", "MESSAGE", "MENSAJE", "MISSATGE", "FEEDBACK", "VERBATIM", "TWEET", "TUIT", "TUITS", "CRITICA",
        "AVIS", "FRASE", "SENTENCE",
    };

    /// <summary>What other names of stars are made of: "Calificaciones", "customer rating".</summary>
    private static readonly HashSet<string> StarWords = new(StringComparer.Ordinal)
    {
        "STAR", "FIVE", "RATING", "ESTRELLA", "ESTRELA", "ESTRELLES", "ETOILE", "PUNTUACION", "PUNTUACIO", "VALORACION", "VALORACIO",
        "CALIFICACION",
    };

    private static readonly HashSet<string> NoWords = [];

    private readonly Dictionary<string, int> _usual = new(StringComparer.Ordinal);

    public ReviewColumnNames(ReviewFileOptions options)
    {
        Text = Part(options.TextColumn, nameof(options.TextColumn), "text", "texto");
        Title = Part(options.TitleColumn, nameof(options.TitleColumn), "review_title", "review_headline", "title", "titulo");
        Body = Part(options.BodyColumn, nameof(options.BodyColumn), "body", "review_body", "cuerpo");
        Other = new ReviewPart(null, nameof(options.TextColumn), OtherTexts, TextWords);
        Stars = new ReviewPart(options.StarsColumn, nameof(options.StarsColumn), ["stars", "star_rating", "rating", "overall", "estrellas", "puntuación",
            "valoración", "calificación", "review_rating", "review_stars", "review_star_rating", "review_score", "review_rate", "rating_value"], StarWords);
        Label = new ReviewPart(options.LabelColumn, nameof(options.LabelColumn), ["label", "sentiment", "sentiments", "choices", "labels", "accept", "etiqueta",
            "sentimiento", "sentimento", "polarity", "polaridad", "class", "clase", "annotation", "cats"], NoWords);
        ReviewPart[] parts = [Text, Title, Body, Other, Stars, Label];
        for (int part = 0; part < parts.Length; part++)
            foreach (string name in parts[part].Named is { } named ? [named] : parts[part].Usual)
                _usual.TryAdd(ColumnName.Key(name), part);
    }

    public ReviewPart Text { get; }

    public ReviewPart Title { get; }

    public ReviewPart Body { get; }

    /// <summary>Texts by other usual names.</summary>
    public ReviewPart Other { get; }

    public ReviewPart Stars { get; }

    public ReviewPart Label { get; }

    /// <summary>Whether the options name a column of texts.</summary>
    public bool NamesText => (Text.Named ?? Body.Named) is not null;

    /// <summary>How many different parts a row names, if it is a header.</summary>
    public int CountParts(IEnumerable<string> cells) => cells.Select(PartOf).Where(part => part >= 0).Distinct().Count();

    /// <summary>Whether a cell is a usual name, and not only like one.</summary>
    public bool IsUsual(string? cell) => cell is not null && _usual.ContainsKey(ColumnName.Key(cell));

    /// <summary>Whether these columns have a text, and every column that the options name.</summary>
    public bool AreFoundIn(IReadOnlyCollection<string> columns)
    {
        if (new[] { Text, Title, Body, Stars, Label }.Any(part => part.Named is { } named && !columns.Contains(named)))
            return false;
        return HaveText(columns);
    }

    /// <summary>Whether these columns have a text: the one that the options name, else one of a usual name.</summary>
    public bool HaveText(IReadOnlyCollection<string> columns) =>
        (Text.Named ?? Body.Named) is { } named ? columns.Contains(named) : columns.Any(IsText);

    /// <summary>Whether a column is the one of texts that the options name, else usually one by its name.</summary>
    public bool IsTextOf(string column) => (Text.Named ?? Body.Named) is { } named ? column == named : IsText(column);

    /// <summary>Whether a column is usually one of texts, by its name.</summary>
    public bool IsText(string? column) => column is not null && new[] { Text, Body, Other }.Any(part => part.Is(column));

    /// <summary>Whether a column is usually one of stars or of labels, by its name.</summary>
    public bool IsGold(string column) => Stars.Is(column) || Label.Is(column);

    private int PartOf(string cell)
    {
        const int other = 3, stars = 4;
        return _usual.TryGetValue(ColumnName.Key(cell), out int part) ? part : Other.IsMade(cell) ? other : Stars.IsMade(cell) ? stars : -1;
    }

    private static ReviewPart Part(string? named, string option, params string[] usual) => new(named, option, usual, NoWords);
}

/// <summary>One part of a review.</summary>
/// <param name="Named">Its column, as the options say; null for the usual names.</param>
/// <param name="Option">The property that names it.</param>
/// <param name="Usual">Its usual names, the first that a file has is taken.</param>
/// <param name="Words">What other names of it are made of.</param>
internal sealed record ReviewPart(string? Named, string Option, string[] Usual, IReadOnlySet<string> Words)
{
    private readonly string[] _keys = [.. Usual.Select(ColumnName.Key)];

    /// <summary>Whether it is the stars.</summary>
    public bool IsStars => Option == nameof(ReviewFileOptions.StarsColumn);

    /// <summary>A column's place among the usual names, behind them for one that is only like them.</summary>
    public int Rank(string column)
    {
        int place = Array.IndexOf(_keys, ColumnName.Key(ColumnName.LastOf(column)));
        return place >= 0 ? place : _keys.Length;
    }

    /// <summary>Whether a column has one of the usual names, or one made of the same words, by itself or as the last part of a path.</summary>
    public bool Is(string column)
    {
        string last = ColumnName.LastOf(column);
        return _keys.Contains(ColumnName.Key(column)) || _keys.Contains(ColumnName.Key(last)) || IsMade(last);
    }

    /// <summary>Whether a column has one of the usual names.</summary>
    public bool IsUsual(string column) => _keys.Contains(ColumnName.WholeKey(column));

    /// <summary>Whether a name is made of the part's words.</summary>
    public bool IsMade(string name) => Words.Count > 0 && ColumnName.IsMadeOf(Words, name);
}
