using System.Globalization;

namespace SentimentML.Tool.Evaluation;

/// <summary>Says which model to take, and whether the simple one is as good: in words, and honestly.</summary>
internal static class ComparisonVerdict
{
    private const double Significant = 0.05;

    public static string Write(IReadOnlyList<ComparedModel> models)
    {
        ComparedModel simple = models.Where(model => model.Kind == ComparedKind.Classic).MaxBy(model => model.Headline)!;
        IEnumerable<ComparedModel> others = models.Where(model => model.Kind is ComparedKind.FineTuned or ComparedKind.Stack);
        string figure = simple.Metrics.IsUnbalanced
            ? "The classes are unbalanced, so macro-F1 is what counts: every class weighs the same in it."
            : "The classes are balanced, so accuracy is what counts.";
        return string.Join(Environment.NewLine, others.Select(model => Against(model, simple)).Prepend(figure));
    }

    private static string Against(ComparedModel model, ComparedModel simple)
    {
        McNemar test = McNemar.Test(simple.Scored.Labels, model.Scored.Predictions, simple.Scored.Predictions);
        bool isLess = model.Headline < simple.Headline, hasFewerRight = test.OnlyFirstRight < test.OnlySecondRight;
        string figures = string.Create(CultureInfo.InvariantCulture,
            $"{model.Headline:0.0000} against {simple.Headline:0.0000}; McNemar {(test.PValue < 0.001 ? "p < 0.001" : $"p = {test.PValue.ToString("0.000", CultureInfo.InvariantCulture)}")}: only {model.Name} has {test.OnlyFirstRight} rows right, only {simple.Name} {test.OnlySecondRight}");
        if (test.PValue >= Significant)
            return $"These rows show no difference between {model.Name} and {simple.Name} ({figures}): the simple one, which is {Times(simple.RowsPerSecond / model.RowsPerSecond)}, may be enough.";
        if (isLess != hasFewerRight)
            return $"{model.Name} and {simple.Name} are good at different classes ({figures}): look at what each class is worth to you.";
        return isLess
            ? $"{simple.Name} is better than {model.Name}, and not by chance ({figures}). Take the simple one."
            : $"{model.Name} is better than {simple.Name}, and not by chance ({figures}).";
    }

    private static string Times(double faster) => faster >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{faster:0.#} times as fast")
        : "smaller to run";
}
