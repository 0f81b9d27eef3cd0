using SentimentML.Wording;

namespace SentimentML;

/// <summary>Whether a model is better than another, by more than chance (<see cref="McNemar"/>), or not.</summary>
public sealed class ComparisonVerdict
{
    private const double Significant = 0.05;

    private ComparisonVerdict(ComparedModel model, ComparedModel other)
    {
        Model = model;
        Other = other;
        Test = McNemar.Test(model.Rows, other.Rows);
        bool isWorse = model.Headline.Value < other.Headline.Value, hasFewerRight = Test.OnlyFirstRight < Test.OnlySecondRight;
        Outcome = Test.PValue >= Significant ? ComparisonOutcome.NoDifference
            : isWorse != hasFewerRight ? ComparisonOutcome.Mixed
            : isWorse ? ComparisonOutcome.Worse : ComparisonOutcome.Better;
    }

    /// <summary>The model.</summary>
    public ComparedModel Model { get; }

    /// <summary>The model that it is held against: a simple one, or another ready one.</summary>
    public ComparedModel Other { get; }

    /// <summary>The test of the model (first) against the other (second).</summary>
    public McNemar Test { get; }

    /// <summary>What the test and the figure that counts say together; a difference is one with a p-value below 0.05.</summary>
    public ComparisonOutcome Outcome { get; }

    /// <summary>Holds the fine-tuned backbone and the stack against the best of the classic models that read the text themselves.</summary>
    /// <param name="models">The models of one <see cref="ModelComparison"/>.</param>
    /// <exception cref="ArgumentException">There is no classic model.</exception>
    public static IReadOnlyList<ComparisonVerdict> Of(IReadOnlyList<ComparedModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        ComparedModel simple = models.Where(model => model.Kind == ComparedModelKind.Classic).MaxBy(model => model.Headline.Value)
            ?? throw new ArgumentException("There is no classic model, expected one to compare with.", nameof(models));
        return [.. models.Where(model => model.Kind is ComparedModelKind.FineTuned or ComparedModelKind.Stack)
            .Select(model => new ComparisonVerdict(model, simple))];
    }

    /// <summary>Holds the best of ready models against each of the others.</summary>
    /// <param name="models">The models, as <see cref="ReadyModel.Compare"/> gives them.</param>
    /// <returns>A verdict for each model but the best, in their order; in each, the best is <see cref="Model"/>.</returns>
    /// <exception cref="ArgumentException">There is no model.</exception>
    public static IReadOnlyList<ComparisonVerdict> AgainstBest(IReadOnlyList<ComparedModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        ComparedModel best = models.MaxBy(model => model.Headline.Value)
            ?? throw new ArgumentException("There is no model, expected at least one.", nameof(models));
        return [.. models.Where(model => !ReferenceEquals(model, best)).Select(model => new ComparisonVerdict(best, model))];
    }

    /// <summary>The verdict in a sentence or two, with its figures, in English.</summary>
    public override string ToString() => Sentence(ReportLanguage.English);

    /// <summary>The verdict in a sentence or two, with its figures.</summary>
    /// <param name="language">The language.</param>
    public string Sentence(ReportLanguage language)
    {
        var text = ReportText.In(language);
        string p = Test.PValue < 0.001 ? $"p < {text.Number(0.001)}" : $"p = {text.Number(Test.PValue)}";
        (double own, double others) = (Model.Headline.Value, Other.Headline.Value);
        (int first, int second) = (Test.OnlyFirstRight, Test.OnlySecondRight);
        string figures = text.Format(
            $"{own:0.0000} frente a {others:0.0000}; McNemar {p}: solo {Model.Name} acierta {first} filas, solo {Other.Name} {second}",
            $"{own:0.0000} against {others:0.0000}; McNemar {p}: only {Model.Name} has {first} rows right, only {Other.Name} {second}");
        return Outcome switch
        {
            ComparisonOutcome.NoDifference when Other.Kind == ComparedModelKind.Ready => text.Say(
                $"Estas filas no muestran diferencia entre {Model.Name} y {Other.Name} ({figures}).",
                $"These rows show no difference between {Model.Name} and {Other.Name} ({figures})."),
            ComparisonOutcome.NoDifference => text.Say(
                $"Estas filas no muestran diferencia entre {Model.Name} y {Other.Name} ({figures}): el sencillo, que es {Times(text)}, puede bastar.",
                $"These rows show no difference between {Model.Name} and {Other.Name} ({figures}): the simple one, which is {Times(text)}, may be enough."),
            ComparisonOutcome.Mixed => text.Say(
                $"{Model.Name} y {Other.Name} son buenos en clases distintas ({figures}): mira cuánto vale para ti cada clase.",
                $"{Model.Name} and {Other.Name} are good at different classes ({figures}): look at what each class is worth to you."),
            ComparisonOutcome.Worse => text.Say(
                $"{Other.Name} es mejor que {Model.Name}, y no por azar ({figures}). Quédate con el sencillo.",
                $"{Other.Name} is better than {Model.Name}, and not by chance ({figures}). Take the simple one."),
            _ => text.Say(
                $"{Model.Name} es mejor que {Other.Name}, y no por azar ({figures}).",
                $"{Model.Name} is better than {Other.Name}, and not by chance ({figures})."),
        };
    }

    private string Times(ReportText text)
    {
        double faster = Other.RowsPerSecond / Model.RowsPerSecond;
        return faster >= 1 ? text.Format($"{faster:0.#} veces más rápido", $"{faster:0.#} times as fast") : text.Say("más pequeño", "smaller to run");
    }
}
