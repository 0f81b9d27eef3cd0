using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class EvaluationSummaryTests
{
    private const char NoBreak = '\u00A0';

    [Fact]
    public void Balanced_classes_are_summed_up_by_accuracy_in_both_languages()
    {
        SentimentMetrics metrics = Binary(rightNo: 460, no: 500, rightYes: 470, yes: 500);
        string spanish = EvaluationSummary.Write(metrics, ReportLanguage.Spanish), english = EvaluationSummary.Write(metrics, ReportLanguage.English);

        Assert.StartsWith($"De 1000 textos, el modelo acierta el 93,0{NoBreak}% (intervalo del 95{NoBreak}%: de ", spanish, StringComparison.Ordinal);
        Assert.Contains($"El resultado es muy bueno: responder siempre «no» daría 50,0{NoBreak}%, y el modelo gana el 86{NoBreak}%", spanish,
            StringComparison.Ordinal);
        Assert.StartsWith("Of 1,000 texts the model has 93.0% right (95% interval: ", english, StringComparison.Ordinal);
        Assert.Contains("That is very good: always answering \"no\" would give 50.0%", english, StringComparison.Ordinal);
        Assert.DoesNotContain("macro", spanish + english, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Unbalanced_classes_are_summed_up_by_macro_F1()
    {
        SentimentMetrics metrics = Binary(rightNo: 890, no: 900, rightYes: 40, yes: 100);
        string spanish = EvaluationSummary.Write(metrics, ReportLanguage.Spanish), english = EvaluationSummary.Write(metrics, ReportLanguage.English);

        Assert.Contains("Las clases están desequilibradas", spanish, StringComparison.Ordinal);
        Assert.Contains("So macro-F1 is what counts", english, StringComparison.Ordinal);
        Assert.Contains("The class that it knows worst is \"yes\": of 100 texts it finds 40.0%, and when it answers \"yes\" it is right in 80.0%.", english,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_always_gives_the_same_answer_is_called_of_no_use()
    {
        SentimentMetrics metrics = Binary(rightNo: 300, no: 300, rightYes: 0, yes: 200);

        Assert.Contains("The model never answers \"yes\", the class of 200 texts.", EvaluationSummary.Write(metrics, ReportLanguage.English),
            StringComparison.Ordinal);
        Assert.Contains("It is no better than always answering \"no\" (60.0%)", EvaluationSummary.Write(metrics, ReportLanguage.English),
            StringComparison.Ordinal);
        Assert.Contains("No es mejor que responder siempre «no»", EvaluationSummary.Write(metrics, ReportLanguage.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_texts_do_not_tell_the_summary_says_so()
    {
        Assert.Contains("These texts are not enough to say that it is better than always answering \"no\" (50.0%).",
            EvaluationSummary.Write(Binary(6, 10, 5, 10), ReportLanguage.English), StringComparison.Ordinal);
        Assert.Contains("Todos los textos son «no»", EvaluationSummary.Write(Binary(290, 300, 0, 0), ReportLanguage.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public void Calibration_is_said_in_words_and_a_fitted_temperature_is_mentioned()
    {
        SentimentMetrics sure = Binary(400, 500, 400, 500, confidence: 0.99), calibrated = Binary(400, 500, 400, 500, confidence: 0.8),
            shy = Binary(475, 500, 475, 500, confidence: 0.6);

        Assert.Contains("It is too sure of itself: its mean confidence is 99.0% and it is right in 80.0%; calibration error 0.190. With the temperature 3.31",
            EvaluationSummary.Write(sure, ReportLanguage.English, calibration: new Calibration(3.314)), StringComparison.Ordinal);
        Assert.Contains("Its probabilities can be believed", EvaluationSummary.Write(calibrated, ReportLanguage.English), StringComparison.Ordinal);
        Assert.Contains("Está menos seguro de lo que podría", EvaluationSummary.Write(shy, ReportLanguage.Spanish), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_rows_are_warned_of() =>
        Assert.Contains("These are 20 texts only", EvaluationSummary.Write(Binary(9, 10, 9, 10), ReportLanguage.English), StringComparison.Ordinal);

    private static SentimentMetrics Binary(int rightNo, int no, int rightYes, int yes, double confidence = 0.93) =>
        SentimentMetrics.FromRows(BinaryRows(rightNo, no, rightYes, yes, confidence), 200);

    private static ScoredRows BinaryRows(int rightNo, int no, int rightYes, int yes, double confidence = 0.93)
    {
        int[] labels = [.. Enumerable.Repeat(0, no), .. Enumerable.Repeat(1, yes)];
        double[][] probabilities = [.. labels.Select((label, row) =>
        {
            bool isRight = label == 0 ? row < rightNo : row - no < rightYes;
            return isRight == (label == 0) ? new[] { confidence, 1 - confidence } : [1 - confidence, confidence];
        })];
        return ScoredRows.FromProbabilities(labels, probabilities, ["no", "yes"]);
    }
}
