using System.Globalization;
using SentimentML.Files;
using SentimentML.Reviews;
using SentimentML.Wording;

namespace SentimentML.Labels;

/// <summary>Whether a column's values are labels to learn: what looks like a mistake is refused or told before hours of training.</summary>
internal static class LabelCheck
{
    /// <summary>Fewer different labels than these may be as many as the rows: that is a small try.</summary>
    private const int MinManyLabels = 37;

    private const int MaxNamed = 3;

    /// <summary>Refuses labels of which there are nearly as many as rows.</summary>
    /// <param name="names">The labels' names.</param>
    /// <param name="places">Each row's label, as its place among the names.</param>
    /// <param name="data">What an error calls the data.</param>
    /// <param name="options">How the message names the options.</param>
    /// <exception cref="SentimentMLException">On average a label has fewer than two rows.</exception>
    public static void RequireFewerThanRows(IReadOnlyList<string> names, IReadOnlyCollection<int> places, string data, OptionNames options)
    {
        int[] used = [.. places.Distinct()];
        if (used.Length < MinManyLabels || used.Length * 2L <= places.Count)
            return;
        throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture,
            $"{data}: {used.Length:N0} different labels in {places.Count:N0} rows, expected a few labels with many rows each. "
            + $"The column of labels probably holds texts or ids, such as "
            + $"{string.Join(", ", used.Take(MaxNamed).Select(place => Quoted.Value(names[place])))}. "
            + $"Name the column with the labels: {options.Name("ReviewFileOptions.LabelColumn")}."));
    }

    /// <summary>A sentence that names the labels which differ in nothing but case, with their rows; null if there are none.</summary>
    /// <param name="names">The labels' names.</param>
    /// <param name="places">Each row's label, as its place among the names.</param>
    /// <param name="options">How the message names the options.</param>
    public static string? CaseVariants(IReadOnlyList<string> names, IEnumerable<int> places, OptionNames options)
    {
        int[] rows = new int[names.Count];
        foreach (int place in places)
            rows[place]++;
        string[] groups = [.. names.Index().Where(name => rows[name.Index] > 0).GroupBy(name => name.Item, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(Localized.Say(" y ", " and "), group.Select(name => Localized.Format(
                $"'{name.Item}' ({rows[name.Index]:N0} {(rows[name.Index] == 1 ? "fila" : "filas")})", $"'{name.Item}' ({rows[name.Index]:N0} rows)"))))];
        string merging = options.Name("ReviewFileOptions.MergeLabelCase");
        return groups.Length == 0 ? null : Localized.Say(
            $"Las etiquetas que solo se diferencian en mayúsculas y minúsculas se aprenden como distintas: {string.Join("; ", groups)}. {merging} las une.",
            $"Labels that differ in nothing but case are trained as different ones: {string.Join("; ", groups)}. {merging} reads them as one.");
    }

    /// <summary>
    /// A sentence that names the labels whose names say no sentiment while those of most rows do: such a label is often misspelled, is trained as a
    /// class of its own, and keeps a training from the ready sentiment model. Null if all names say one, or too few.
    /// </summary>
    /// <param name="labels">The labels that rows have.</param>
    /// <param name="hasSentimentModel">Whether a training whose labels say sentiments would start from a ready sentiment model.</param>
    public static string? WithoutSentiment(IReadOnlyCollection<LabelRows> labels, bool hasSentimentModel)
    {
        SentimentMap? map = SentimentMap.FromKnownNames(labels.Select(label => label.Name));
        LabelRows[] silent = [.. labels.Where(label => map?.Find(label.Name) is null)];
        string[] known = [.. labels.Where(label => map?.Find(label.Name) is not null).Select(label => label.Name)];
        if (silent.Length == 0 || silent.Sum(label => label.Rows) * 2 >= labels.Sum(label => label.Rows)
            || known.All(name => map!.Find(name) == Sentiment.Neutral)) // "normal" is the opposite of many things
            return null;
        bool isOne = silent.Length == 1;
        string named = string.Join(", ", silent.Take(MaxNamed).Select(label => $"{Quoted.Value(label.Name)} ({label.Described()})"))
            + (silent.Length > MaxNamed ? ", …" : "");
        string others = string.Join(Localized.Say(" y ", " and "), known.Take(MaxNamed).Select(Quoted.Value));
        string wondered = Localized.Say(
            $"{(isOne ? "La etiqueta" : "Las etiquetas")} {named} no {(isOne ? "dice" : "dicen")} ningún sentimiento, y {others} sí: "
                + $"¿{(isOne ? "está mal escrita" : "están mal escritas")}?",
            $"{(isOne ? "Label" : "Labels")} {named} {(isOne ? "says" : "say")} no sentiment, while {others} {(known.Length == 1 ? "does" : "do")}: "
                + $"{(isOne ? "is it" : "are they")} misspelled?");
        bool isReady = hasSentimentModel && known.Length > 1 && known.Select(name => map!.Find(name)).Distinct().Count() == known.Length;
        return !isReady ? wondered : Localized.Say(
            $"{wondered} Por {(isOne ? "ella" : "ellas")} el entrenamiento parte del codificador solo, y no del modelo de sentimiento listo.",
            $"{wondered} Because of {(isOne ? "it" : "them")} the training starts from the plain encoder, not from the ready sentiment model.");
    }

    /// <summary>
    /// The labels that have a single row each while every other label has many. Such a row is often a total or a source note below the table, and would
    /// be trained as a class. Empty if there are many such labels, or if the other labels have few rows too.
    /// </summary>
    /// <param name="rows">Each label with its number of rows.</param>
    public static IReadOnlyList<string> SingleRows(IReadOnlyCollection<KeyValuePair<string, long>> rows)
    {
        const int MinOtherLabels = 2, MinOtherRows = 10;
        string[] single = [.. rows.Where(label => label.Value == 1).Select(label => label.Key)];
        long[] others = [.. rows.Select(label => label.Value).Where(count => count > 1)];
        return single.Length <= MaxNamed && others.Length >= MinOtherLabels && others.Min() >= MinOtherRows ? single : [];
    }
}

/// <summary>A label, and the rows that have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">How many rows have it.</param>
/// <param name="First">The first of them, from 1.</param>
internal readonly record struct LabelRows(string Name, long Rows, long First)
{
    /// <summary>"3 rows, the first is row 6", for a warning.</summary>
    public string Described() => Rows == 1
        ? Localized.Format($"fila {First:N0}", $"row {First:N0}")
        : Localized.Format($"{Rows:N0} filas, la primera es la fila {First:N0}", $"{Rows:N0} rows, the first is row {First:N0}");
}
