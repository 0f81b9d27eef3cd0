namespace SentimentML.Tool.Evaluation;

/// <summary>One label's figures; a share of nothing is 0.</summary>
/// <param name="Name">The label.</param>
/// <param name="Rows">Rows that have it.</param>
/// <param name="Predicted">Rows that were given it.</param>
/// <param name="Right">Rows that have it and were given it.</param>
internal sealed record LabelFigures(string Name, long Rows, long Predicted, long Right)
{
    public double Precision => Share(Right, Predicted);

    public double Recall => Share(Right, Rows);

    public double F1 => Share(2 * Right, Rows + Predicted);

    private static double Share(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
