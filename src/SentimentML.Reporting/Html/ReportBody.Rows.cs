using System.Xml.Linq;
using SentimentML.Wording;
using static SentimentML.Reporting.Html.Element;

namespace SentimentML.Reporting.Html;

/// <summary>The sections that show texts.</summary>
internal sealed partial class ReportBody
{
    private const int MaxCharacters = 700;
    private const int Shades = 4;

    private XElement WorstMistakes()
    {
        if (report.Evaluation.Mistakes.Count == 0)
            return Section("mistakes", text.Say("Los peores errores", "The worst mistakes"),
                Of("p", text.Say("No hay ninguno: acierta todos los textos.", "There are none: it has every text right.")));
        bool areExplained = report.Explanations.Count > 0;
        return Section("mistakes", text.Say("Los peores errores", "The worst mistakes"),
            Of("p.note", text.Say("Los textos a cuya clase dio menos probabilidad.", "The texts whose class it gave the least probability.")),
            areExplained ? Of("p.note", Of("mark.for3", text.Say("a favor de lo que respondió", "for what it answered")), " ",
                Of("mark.against3", text.Say("en contra", "against it"))) : null,
            Of("ol.texts", report.Evaluation.Mistakes.Select(row =>
            {
                Explanation? explanation = report.Explanations.GetValueOrDefault(row);
                return Of("li", RowHead(row), Of("p.review", With("lang", "es"), Explained(report.Rows.Texts[row], explanation?.Words)),
                    Roughness(explanation));
            })));
    }

    /// <summary>Says where an explanation does not add up to what it explains.</summary>
    private XElement? Roughness(Explanation? explanation) => explanation?.CompletenessGap is { } gap && !(gap <= Explanation.MaxCompletenessGap)
        ? Of("p.note", text.Say("Explicación aproximada: sus pesos se desvían de lo que explican en una parte de ",
            "A rough explanation: its weights are off from what they explain by a share of "), Of("span.number", text.Number(gap)), ".")
        : null;

    private XElement LabelErrors() => Section("labels", text.Say("Etiquetas que quizá estén mal", "Labels that may be wrong"),
        Of("p.note", text.Say(
            "Textos en los que el modelo contradice la etiqueta con la seguridad que suele tener cuando acierta. Conviene leerlos.",
            "Texts where the model contradicts the label as surely as it usually is when it is right. Worth reading.")),
        report.Evaluation.LabelErrors.Count == 0
            ? Of("p", text.Say("Ninguna.", "None."))
            : Of("ol.texts", report.Evaluation.LabelErrors.Select(
                suspect => Of("li", RowHead(suspect.Row),
                    Of("p.review", With("lang", "es"), ReportText.Shorten(report.Rows.Texts[suspect.Row], MaxCharacters))))));

    private XElement Leaks(TrainingDuplicates duplicates)
    {
        string share = text.Percent(duplicates.Count / (double)Metrics.RowCount);
        return Section("leaks", text.Say("Textos que ya había visto", "Texts that it had seen"),
            Of("p", Of("strong.number", text.Count(duplicates.Count)), text.Say(
                $" de estos textos están, iguales ({text.Count(duplicates.Exact)}) o casi, entre los {text.Count(duplicates.TrainingRows)} del entrenamiento: ",
                $" of these texts are, the same ({text.Count(duplicates.Exact)}) or nearly, among the {text.Count(duplicates.TrainingRows)} of the training: "),
                Of("span.number.derived", share), ". ",
                text.Say(
                    $"Otros {text.Count(duplicates.TooShort)} tienen menos de {TrainingDuplicates.MinWords} palabras y pueden coincidir por azar.",
                    $"Another {text.Count(duplicates.TooShort)} have fewer than {TrainingDuplicates.MinWords} words and may be alike by chance.")),
            duplicates.Pairs.Count == 0 ? null : Of("ol.texts", duplicates.Pairs.Zip(duplicates.TrainingTexts, (pair, trainingText) => Of("li",
                Of("p.head", text.Say("Fila ", "Row "), Of("span.number", text.Count(report.NumberOf(pair.Second))), text.Say(" y fila ", " and row "),
                    Of("span.number", text.Count(pair.First + 1)), text.Say(" del entrenamiento · parecido ", " of the training · similarity "),
                    Of("span.number", text.Number(pair.Similarity, 2))),
                Of("p.review", With("lang", "es"), ReportText.Shorten(report.Rows.Texts[pair.Second], MaxCharacters)),
                pair.IsExact ? null : Of("p.review.second", With("lang", "es"), ReportText.Shorten(trainingText, MaxCharacters))))));
    }

    private XElement RowHead(int row)
    {
        return Of("p.head",
            text.Say("Fila ", "Row "), Of("span.number", text.Count(report.NumberOf(row))), " · ",
            text.Say("es ", "is "), Of("b.label", report.Rows.LabelNames[report.Rows.Labels[row]]), " (",
            Of("span.number", text.Number(report.ProbabilityOfLabel(row))), ")",
            text.Say(", respondió ", ", answered "), Of("b.label", report.Rows.LabelNames[report.Evaluation.Predictions[row]]), " (",
            Of("span.number", text.Number(report.Evaluation.Confidences[row])), ")");
    }

    /// <summary>The text with what moved the answer marked, the stronger the darker.</summary>
    private static IEnumerable<object> Explained(string review, IReadOnlyList<WordAttribution>? words)
    {
        string shown = ReportText.Shorten(review, MaxCharacters);
        int end = shown.Length == review.Length ? shown.Length : shown.Length - 1, at = 0;
        double strongest = words is { Count: > 0 } ? words.Max(word => Math.Abs(word.Weight)) : 0;
        if (strongest > 0)
        {
            foreach (WordAttribution word in words!.OrderBy(word => word.Start))
            {
                int shade = (int)Math.Round(Shades * Math.Abs(word.Weight) / strongest);
                if (word.Start < at || word.End > end || shade == 0)
                    continue;
                yield return review[at..word.Start];
                yield return Of($"mark.{(word.Weight > 0 ? "for" : "against")}{shade}", review[word.Start..word.End]);
                at = word.End;
            }
        }
        yield return shown[at..];
    }
}
