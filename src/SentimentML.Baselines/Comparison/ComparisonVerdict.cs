using System.Globalization;

namespace SentimentML;

/// <summary>Whether a model is better than a simple one, by more than chance (<see cref="McNemar"/>), or not.</summary>
public sealed class ComparisonVerdict
{
    private const double Significant = 0.05;

    private ComparisonVerdict(ComparedModel model, ComparedModel simple)
    {
        Model = model;
        Simple = simple;
        Test = McNemar.Test(model.Rows, simple.Rows);
        bool isWorse = model.Headline.Value < simple.Headline.Value, hasFewerRight = Test.OnlyFirstRight < Test.OnlySecondRight;
        Outcome = Test.PValue >= Significant ? ComparisonOutcome.NoDifference
            : isWorse != hasFewerRight ? ComparisonOutcome.Mixed
            : isWorse ? ComparisonOutcome.Worse : ComparisonOutcome.Better;
    }

    /// <summary>The model.</summary>
    public ComparedModel Model { get; }

    /// <summary>The simple model.</summary>
    public ComparedModel Simple { get; }

    /// <summary>The test of the model (first) against the simple one (second).</summary>
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
        return [.. models.Where(model => model.Kind is ComparedModelKind.FineTuned or ComparedModelKind.Stack).Select(model => new ComparisonVerdict(model, simple))];
    }

    /// <summary>The verdict in a sentence or two, with its figures.</summary>
    public override string ToString()
    {
        string p = Test.PValue < 0.001 ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {Test.PValue:0.000}");
        string figures = string.Create(CultureInfo.InvariantCulture, $"{Model.Headline.Value:0.0000} against {Simple.Headline.Value:0.0000}; McNemar {p}: "
            + $"only {Model.Name} has {Test.OnlyFirstRight} rows right, only {Simple.Name} {Test.OnlySecondRight}");
        return Outcome switch
        {
            ComparisonOutcome.NoDifference =>
                $"These rows show no difference between {Model.Name} and {Simple.Name} ({figures}): the simple one, which is {Times(Simple.RowsPerSecond / Model.RowsPerSecond)}, may be enough.",
            ComparisonOutcome.Mixed => $"{Model.Name} and {Simple.Name} are good at different classes ({figures}): look at what each class is worth to you.",
            ComparisonOutcome.Worse => $"{Simple.Name} is better than {Model.Name}, and not by chance ({figures}). Take the simple one.",
            _ => $"{Model.Name} is better than {Simple.Name}, and not by chance ({figures}).",
        };
    }

    private static string Times(double faster) => faster >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{faster:0.#} times as fast")
        : "smaller to run";
}
