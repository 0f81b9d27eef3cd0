using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// The columns of stars and labels: what is learned and measured by. The nearest to the text are looked at first, by their names and then by their values.
/// Where several may be it and nothing says which, none is taken, and a warning asks for its name.
/// </summary>
internal sealed class GoldColumns
{
    private readonly ReviewFile _file;
    private readonly ReviewFileOptions _options;
    private readonly ReviewColumnNames _names;
    private readonly FileColumns _columns;
    private readonly IReadOnlyList<int> _texts;
    private readonly Action<string> _warn;
    private readonly bool _arePredictions;
    private readonly HashSet<string> _answers = []; // the columns that a model's answers are in
    private bool _isAsked;

    /// <param name="file">The file.</param>
    /// <param name="options">The columns that are named.</param>
    /// <param name="names">The usual names.</param>
    /// <param name="columns">Finds columns by their names.</param>
    /// <param name="texts">The columns of the text.</param>
    /// <param name="warn">Takes what the caller should know; null where stars and labels are not read, so that those alone are found that are named.</param>
    /// <exception cref="SentimentMLException">The file has not a column that the options name.</exception>
    public GoldColumns(
        ReviewFile file, ReviewFileOptions options, ReviewColumnNames names, FileColumns columns, IReadOnlyList<int> texts, Action<string>? warn)
    {
        (_file, _options, _names, _columns, _texts, _warn) = (file, options, names, columns, texts, warn ?? (static _ => { }));
        if (names.Stars.Named is not null && !file.HasSides)
            Stars = columns.Named(names.Stars);
        if (names.Label.Named is not null)
            Label = columns.Named(names.Label);
        if (warn is null)
            return;
        _arePredictions = PredictionColumns.AreIn(file.Columns);
        _answers = _arePredictions ? [.. PredictionColumns.Of(file.Columns)] : [];
        if (file.HasSides || names.Stars.Named is not null || names.Label.Named is not null)
            FindOther();
        else
            FindBoth();
        RefuseReversed();
        ReadScale();
        TellPredictions();
    }

    /// <summary>How near a column is to the text.</summary>
    private enum Nearness
    {
        /// <summary>It is in the object that has the text, or in one around that, inside the row.</summary>
        Beside,

        /// <summary>It is in another object of the row: a user's, a hotel's, or one of details.</summary>
        InRow,

        /// <summary>It is in a list inside the row: annotations, replies, details.</summary>
        InList,

        /// <summary>It is outside the row, the same for all rows of a list: a product's.</summary>
        Around,
    }

    /// <summary>The column of stars; -1 if there is none.</summary>
    public int Stars { get; private set; } = -1;

    /// <summary>The column with the label, the first of them where each label has one; -1 if there is none.</summary>
    public int Label { get; private set; } = -1;

    /// <summary>What the stars are out of, where a column beside them says it; null if none does, or says 5.</summary>
    public int? Scale { get; private set; }

    /// <summary>The columns of a file that has one for each label; null for others.</summary>
    public LabelColumns? OfEachLabel { get; private set; }

    /// <summary>Those that were found by their values, and not by their names.</summary>
    public IReadOnlyList<int> ByValues { get; private set; } = [];

    private bool HasNone => Stars < 0 && Label < 0 && !_isAsked;

    /// <summary>Stars of which 1 is the best would be learned the wrong way round.</summary>
    private void RefuseReversed()
    {
        if (Stars < 0 || !ColumnName.SaysReversedScale(_file.Columns[Stars]))
            return;
        string name = _file.Columns[Stars];
        string fault = $"{_file.Path}: the name of column {Quoted.Name(name)} says that its lowest number is the best, expected stars, of "
            + "which 5 is the best. Write them into a column of their own, 6 less each number for a scale from 1 to 5, and name that by "
            + $"{Option(isStars: true)}; or read the numbers as labels: {_options.Names.Set(nameof(_options.LabelColumn), name)}.";
        if (_options.StarsColumn is not null)
            throw new SentimentMLException(fault);
        _warn(Localized.Say(
            $"{_file.Path}: el nombre de la columna {Quoted.Name(name)} dice que su número más bajo es el mejor, se esperaban estrellas, de las que 5 es lo "
                + "mejor. Escríbelas en una columna propia, 6 menos cada número si la escala va de 1 a 5, y nómbrala con "
                + $"{Option(isStars: true)}; o lee los números como etiquetas: {_options.Names.SetLocalized(nameof(_options.LabelColumn), name)}. No se leen.",
            $"{fault} They are not read."));
        ByValues = [.. ByValues.Where(column => column != Stars)];
        Stars = -1;
    }

    /// <summary>schema.org says beside a rating what the best one is.</summary>
    private void ReadScale()
    {
        const int usual = 5;
        if (Stars < 0 || _options.StarsScale is not null)
            return;
        IEnumerable<string> around = PathOf(Stars).SkipLast(1);
        int best = Enumerable.Range(0, _file.Columns.Count).Where(column => ColumnName.Key(ColumnName.LastOf(_file.Columns[column])) == "BESTRATING"
            && PathOf(column).SkipLast(1).SequenceEqual(around)).FirstOrDefault(-1);
        if (best < 0)
            return;
        string[] said = new ValuedColumns(_file, [best]).Values(best);
        if (said is [var only] && StarText.TryParse(only, out double most, out _) && StarText.Scales.Contains((int)most) && most == (int)most)
        {
            Scale = most == usual ? null : (int)most;
            return;
        }
        if (said.Length == 0)
            return;
        string found = string.Join(", ", said.Take(usual).Select(Quoted.Value));
        _warn(Localized.Say(
            $"{_file.Path}: la columna '{_file.Columns[best]}' dice cuál es la mejor puntuación ({found}), se esperaba 5, 10, 20, 50 o 100, la misma en "
                + $"todas las filas. La columna '{_file.Columns[Stars]}' no se lee; escribe en ella estrellas de 1 a 5, o nombra una columna que las tenga con "
                + $"{Option(isStars: true)}.",
            $"{_file.Path}: column '{_file.Columns[best]}' says what the best rating is ({found}), expected 5, 10, 20, 50 or 100, the same in all rows. Column "
                + $"'{_file.Columns[Stars]}' is not read; write stars from 1 to 5 into it, or name a column that has them by {Option(isStars: true)}."));
        ByValues = [.. ByValues.Where(column => column != Stars)];
        Stars = -1;
    }

    /// <summary>A model that learned from its own answers, or was measured by them, would seem to be always right.</summary>
    private void TellPredictions()
    {
        if (!_arePredictions || _options.LabelColumn is not null)
            return;
        int[] gold = [.. new[] { Stars, Label }.Where(column => column >= 0)];
        string takeThem = _options.Names.SetLocalized(nameof(_options.LabelColumn), PredictionColumns.Label);
        _warn(Localized.Say(
            $"{_file.Path}: la columna '{PredictionColumns.Label}' es la respuesta de un modelo, como dicen las puntuaciones y probabilidades que la "
                + "acompañan, y no se toma por la etiqueta. "
                + (gold.Length > 0 ? $"Se aprende y se mide con {Names(gold)}, que el archivo tenía antes de clasificarlo. "
                    : "No hay otra: clasifica un archivo que tenga etiquetas, y la suya pasará al resultado. ")
                + $"Si aun así quieres tomar las respuestas por etiquetas, {takeThem}.",
            $"{_file.Path}: column '{PredictionColumns.Label}' is a model's answer, as the scores and probabilities beside it say, and is not taken for the "
                + "label. " + (gold.Length > 0 ? $"What is learned and measured by is {Names(gold)}, which the file had before it was classified. "
                    : "There is no other one: classify a file that has labels, and its label comes along. ")
                + $"If the answers are to be taken as labels all the same, {takeThem}."));
    }

    /// <summary>Those that are not named, by their usual names; the stars of two texts belong to neither.</summary>
    private void FindOther()
    {
        for (Nearness nearness = Nearness.Beside; nearness <= Nearness.InList; nearness++)
        {
            Stars = Stars < 0 && !_file.HasSides ? ByName(_names.Stars, nearness) : Stars;
            Label = Label < 0 ? ByName(_names.Label, nearness) : Label;
        }
        if (Stars >= 0 && _names.Stars.Named is null && !new ValuedColumns(_file, [Stars]).MayBeStars(Stars, _options))
            Stars = -1; // what counts is named
    }

    private void FindBoth()
    {
        int[] near = Columns(Nearness.Beside), own = [.. near, .. Columns(Nearness.InRow)];
        FindByNames(Nearness.Beside);
        if (HasNone)
            FindByValues(near, Candidates(_names.Label, Nearness.InList));
        for (Nearness nearness = Nearness.InRow; nearness <= Nearness.InList; nearness++)
        {
            if (HasNone)
                FindByNames(nearness);
            else if (Label < 0 && ByValues.Count == 0)
                Label = ByName(_names.Label, nearness);
        }
        if (HasNone)
            FindByValues(own, []);
        if (HasNone && LabelColumns.Find(_file, own) is { } each && !AreVader(each, own))
        {
            (OfEachLabel, Label) = (each, each.Columns.First());
            string columns = string.Join(", ", each.Columns.Select(column => Quoted.Name(_file.Columns[column]))), labels = string.Join(", ", each.Labels);
            _warn(Localized.Say(
                $"{_file.Path}: las columnas {columns} se toman por una etiqueta cada una ({labels}), por sus nombres y valores: la etiqueta de una fila es la "
                    + $"que está marcada o tiene un número de al menos 0,5. Si la etiqueta es otra columna, nómbrala con {Option(isStars: false)}.",
                $"{_file.Path}: columns {columns} are taken for one label each ({labels}), by their names and values: a row's label is the one that is marked, "
                    + $"or has a number of at least 0.5. If another column is the label, name it by {Option(isStars: false)}."));
        }
        if (!HasNone)
            return;
        FindByNames(Nearness.Around);
        foreach (int column in new[] { Stars, Label }.Where(column => column >= 0))
            _warn(Localized.Say(
                $"{_file.Path}: '{_file.Columns[column]}' se toma por {Part(column == Stars)}, aunque no es de las propias reseñas: está fuera de su lista, y "
                    + $"es igual para todas las de la lista. Si es de un producto o de un lugar, nombra la de las reseñas con {Option(column == Stars)}.",
                $"{_file.Path}: '{_file.Columns[column]}' is taken for {Part(column == Stars)}, and is not the reviews' own: it stands outside their list, and "
                    + $"is the same for all reviews in it. If it is a product's or a place's, name the reviews' own by {Option(column == Stars)}."));
    }

    private void FindByNames(Nearness nearness)
    {
        Stars = ByName(_names.Stars, nearness);
        Label = ByName(_names.Label, nearness);
        if (Stars >= 0 && new ValuedColumns(_file, [Stars]).AreSentiments(Stars)) // "calificación": bueno, malo
            (Stars, Label) = (-1, Label < 0 ? Stars : Label);
    }

    /// <summary>Whether the columns are what the lexicon VADER writes: the shares of a text's words, beside the verdict.</summary>
    private bool AreVader(LabelColumns each, int[] own)
    {
        int compound = own.Where(column => ColumnName.Key(ColumnName.LastOf(_file.Columns[column])) == "COMPOUND").FirstOrDefault(-1);
        if (compound < 0)
            return false;
        _warn(Localized.Say(
            $"{_file.Path}: las columnas {Names(each.Columns)} junto a '{_file.Columns[compound]}' son cifras de un programa, como las escribe VADER: "
                + "partes de las palabras de un texto, y no etiquetas. No se toma ninguna. Si la etiqueta es otra columna, nómbrala con "
                + $"{Option(isStars: false)}; para aprender del veredicto de VADER, escribe una columna de etiquetas: positive donde compound llega a "
                + "0,05, negative donde no pasa de -0,05, y neutral en las demás filas.",
            $"{_file.Path}: columns {Names(each.Columns)} beside '{_file.Columns[compound]}' are a program's scores, as VADER writes them: the shares of a "
                + $"text's words, and no labels. None of them is taken. If another column is the label, name it by {Option(isStars: false)}; to learn from "
                + "VADER's verdict, write a column of labels: positive where compound is at least 0.05, negative where it is at most -0.05, else neutral."));
        return true;
    }

    /// <param name="candidates">The columns that may be it.</param>
    /// <param name="annotations">Columns that are called as labels. If one holds sentiments, no other is the label.</param>
    private void FindByValues(int[] candidates, int[] annotations)
    {
        var values = new ValuedColumns(_file, [.. candidates, .. annotations]);
        (Stars, Label) = (values.Stars(_file.Columns), Array.Exists(annotations, values.AreSentiments) ? -1 : values.Label(_file.Columns));
        ByValues = [.. new[] { Stars, Label }.Where(column => column >= 0)];
        foreach (int column in ByValues)
            _warn(Localized.Say(
                $"{_file.Path}: la columna '{_file.Columns[column]}' se toma por {Part(column == Stars)} por sus valores ({values.Of(column)}). Si es otra, "
                    + $"nómbrala con {Option(column == Stars)}.",
                $"{_file.Path}: column '{_file.Columns[column]}' is taken for {Part(column == Stars)} by its values ({values.Of(column)}). If it is another "
                    + $"one, name that by {Option(column == Stars)}."));
    }

    /// <summary>
    /// The column of a usual name. Of several the nearest to the text; of stars the one that says that it is a review's ("review_rating" beside a place's
    /// "rating"); of labels the one that holds sentiments ("sentimiento" beside an "etiqueta" of topics); the first usual one if they say the same. -1 if
    /// there is none, or nothing says which.
    /// </summary>
    private int ByName(ReviewPart part, Nearness nearness)
    {
        int[] found = Candidates(part, nearness);
        if (found.Length > 1)
            found = [.. found.GroupBy(Distance).MinBy(alike => alike.Key)!];
        if (part.IsStars && Array.FindAll(found, column => ColumnName.SaysReview(ColumnName.LastOf(_file.Columns[column]))) is [_, ..] ofReviews)
            found = ofReviews;
        if (found.Length > 1)
            found = Array.FindAll(found, column => !found.Any(other => IsRemarked(column, other) || IsOfParts(column, other)) && !_columns.IsBlank(column));
        string[] different = [.. found.Select(column => _file.Columns[column]).Distinct().OrderBy(part.Rank)];
        int first = different.Length == 0 ? -1 : _columns.Find(different[0]);
        int chosen = different.Length < 2 ? first : Choose(part, [.. different.Select(_columns.Find)]);
        return chosen < 0 ? -1 : part.IsStars ? OfReview(chosen, nearness) : Corrected(chosen, nearness);
    }

    /// <summary>The stars, unless other marks stand beside them: a hotel has stars of its own, and they are not the review's.</summary>
    private int OfReview(int stars, Nearness nearness)
    {
        int[] marks = [.. ColumnsAt(nearness).Where(column => column != stars && ValuedColumns.IsMark(_file.Columns[column]))];
        var values = new ValuedColumns(_file, [stars, .. marks]);
        int[] other = Array.FindAll(marks, mark => values.AreOtherMarks(mark, stars));
        if (other.Length == 0 || ColumnName.SaysReview(_file.Columns[stars]))
            return stars;
        string setScale = _options.Names.SetLocalized(nameof(_options.StarsScale), "10");
        return Ask(_names.Stars, [stars, .. other],
            Localized.Say(" Las estrellas pueden ser de un hotel o de un producto.", " The stars may be a hotel's or a product's.")
                + (_options.StarsScale is not null ? ""
                    : Localized.Say($" Donde haya notas sobre 10, {setScale} también.", $" Where marks are out of 10, {setScale} too.")));
    }

    /// <summary>The label as a person corrected it ("true_label", "etiqueta corregida") beside the one that was corrected.</summary>
    private int Corrected(int label, Nearness nearness)
    {
        if (ColumnName.SaysCorrected(_file.Columns[label]))
            return label;
        int[] corrected = [.. Columns(nearness).Where(column => column != label && ColumnName.SaysCorrected(_file.Columns[column]))];
        var values = new ValuedColumns(_file, [label, .. corrected]);
        corrected = Array.FindAll(corrected, column => values.MayCorrect(column, label));
        if (corrected.Length == 0)
            return label;
        if (Array.Exists(corrected[1..], other => !values.AreEqual(corrected[0], other)))
            return Ask(_names.Label, [.. corrected, label]);
        if (values.LacksValuesOf(corrected[0], label))
            return Ask(_names.Label, [corrected[0], label], Localized.Say(
                $" La columna '{_file.Columns[corrected[0]]}' solo corrige la otra en algunas filas: para aprender de las dos, escribe en una sola columna la "
                    + "etiqueta que cuenta de cada fila.",
                $" Column '{_file.Columns[corrected[0]]}' corrects the other in some rows alone: to learn from both, write the label that counts of each row "
                    + "into one column."));
        _warn(Localized.Say(
            $"{_file.Path}: la columna '{_file.Columns[corrected[0]]}' se toma por la etiqueta, y no '{_file.Columns[label]}': su nombre dice que es la "
                + $"corregida. Si es otra, nómbrala con {Option(isStars: false)}.",
            $"{_file.Path}: column '{_file.Columns[corrected[0]]}' is taken for the label, and not '{_file.Columns[label]}': its name says that it is the "
                + $"corrected one. If it is another one, name that by {Option(isStars: false)}."));
        return corrected[0];
    }

    /// <summary>One of several columns by their values, the first usual one first.</summary>
    private int Choose(ReviewPart part, int[] found)
    {
        var values = new ValuedColumns(_file, found);
        int[] likely = part.IsStars ? Array.FindAll(found, values.MayBeNumbers) : Array.FindAll(found, values.AreSentiments);
        if (likely.Length == 0)
            likely = found;
        if (likely.Length == 1 && likely[0] != found[0])
            _warn(Localized.Say(
                $"{_file.Path}: de las columnas {Names(found)}, '{_file.Columns[likely[0]]}' se toma por {Part(part.IsStars)} por sus valores "
                    + $"({values.Of(likely[0])}). Si es otra, nómbrala con {Option(part.IsStars)}.",
                $"{_file.Path}: of the columns {Names(found)}, '{_file.Columns[likely[0]]}' is taken for {Part(part.IsStars)} by its values "
                    + $"({values.Of(likely[0])}). If it is another one, name that by {Option(part.IsStars)}."));
        if (likely.Skip(1).All(other => values.AreEqual(likely[0], other) || (!part.IsStars && values.AreNamesOfOthers(likely[0], other))))
            return likely[0];
        return Ask(part, likely);
    }

    /// <summary>Takes none of several columns, and asks for the name of one.</summary>
    /// <param name="part">What they may each be.</param>
    /// <param name="columns">The columns, the likeliest first.</param>
    /// <param name="more">What else to say, after a space. The default value is nothing.</param>
    private int Ask(ReviewPart part, IReadOnlyList<int> columns, string more = "")
    {
        if ((_options.StarsColumn ?? _options.LabelColumn) is not null)
            return -1; // what counts is named
        _isAsked = true;
        string take = _options.Names.SetLocalized(part.Option, _file.Columns[columns[0]]);
        _warn(Localized.Say(
            $"{_file.Path}: las columnas {Names(columns)} pueden ser {Part(part.IsStars)}, y no se toma ninguna. Nombra la de las propias reseñas: "
                + $"{take}.{more}",
            $"{_file.Path}: columns {Names(columns)} may each be {Part(part.IsStars)}, and none of them is taken. Name the one that is the reviews' own: "
                + $"{take}.{more}"));
        return -1;
    }

    private string Names(IEnumerable<int> columns) =>
        string.Join(Localized.Say(" y ", " and "), columns.Select(column => Quoted.Name(_file.Columns[column])));

    private static string Part(bool isStars) => isStars ? Localized.Say("las estrellas", "the stars") : Localized.Say("la etiqueta", "the label");

    private string Option(bool isStars) => _options.Names.Name(isStars ? nameof(_options.StarsColumn) : nameof(_options.LabelColumn));

    /// <summary>Whether a column differs from another in a remark alone: "Puntuación (envío)" from "Puntuación".</summary>
    private bool IsRemarked(int column, int other) => ColumnName.WholeKey(_file.Columns[column]) is var whole
        && ColumnName.Key(_file.Columns[column]) != whole && ColumnName.WholeKey(_file.Columns[other]) == ColumnName.Key(_file.Columns[column]);

    /// <summary>Whether a column holds labels of parts of the text, beside another's of the whole: Label Studio has these as "choices".</summary>
    private bool IsOfParts(int column, int other) => PathOf(column) is [.. var around, "labels"] && PathOf(other) is [.. var same, "choices"]
        && around.SequenceEqual(same);

    private int[] Candidates(ReviewPart part, Nearness nearness) =>
        _columns.WithoutHidden([.. Columns(nearness).Where(column => part.Is(NameOf(column)))]);

    /// <summary>A column's name, as it was before a file was classified.</summary>
    private string NameOf(int column) => _arePredictions ? PredictionColumns.NameBefore(_file.Columns[column]) : _file.Columns[column];

    /// <summary>The columns at a place that may be stars or labels at all.</summary>
    private int[] Columns(Nearness nearness) => [.. ColumnsAt(nearness).Where(column => !ColumnName.SaysOtherScale(_file.Columns[column]))];

    /// <summary>Those too whose names say a scale that does not end in 5.</summary>
    private IEnumerable<int> ColumnsAt(Nearness nearness) => Enumerable.Range(0, _file.Columns.Count).Where(column => !_texts.Contains(column)
        && !_columns.IsNamed(column) && !_file.RowNumbers.Contains(column) && !IsPrediction(column) && NearnessOf(column) == nearness);

    private Nearness NearnessOf(int column) => _file.DistanceOf(column) switch
    {
        ColumnDistance.InList => Nearness.InList,
        ColumnDistance.Around => Nearness.Around,
        _ => Distance(column).Inside > 0 ? Nearness.InRow : Nearness.Beside,
    };

    /// <summary>
    /// How many steps lead from the text's object out to the one that has both, and from there into the column's: {"reviewRating": {"ratingValue": 5}} is a
    /// value, and not a step.
    /// </summary>
    private (int Inside, int Outside) Distance(int column)
    {
        string[] path = PathOf(column)[..^1];
        return _texts.Select(PathOf).Select(text =>
        {
            int shared = text.AsSpan()[..^1].CommonPrefixLength(path);
            bool isValue = path.Length > shared && _names.IsGold(path[^1]);
            return (path.Length - shared - (isValue ? 1 : 0), text.Length - 1 - shared);
        }).Min();
    }

    private string[] PathOf(int column) => _file.Json?.Paths?[column] ?? ColumnName.PathOf(_file.Columns[column]);

    /// <summary>What a model predicted is no label to learn from or to measure by; annotation tools write it beside the annotations.</summary>
    private bool IsPrediction(int column) => _answers.Contains(_file.Columns[column])
        || PathOf(column)[..^1].Any(name => name.StartsWith("prediction", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("suggestion", StringComparison.OrdinalIgnoreCase))
        || (!_file.IsNested && ColumnName.Key(_file.Columns[column]) is var key
            && (key.EndsWith("PRED", StringComparison.Ordinal) || key.Contains("PREDIC", StringComparison.Ordinal)
                || key.Contains("MODEL", StringComparison.Ordinal)));
}
