using System.Text.Json.Nodes;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Training;

/// <summary>What a plan of trials has, for the person who starts its tasks.</summary>
internal static class PlanSummary
{
    public static void Print(TrialsPlan plan, IReadOnlyList<int> trials, bool json)
    {
        if (json)
        {
            JsonResult.Print(new JsonObject { ["manifest"] = plan.Path, ["rounds"] = new JsonArray([.. trials.Select(count => JsonValue.Create(count))]) });
            return;
        }
        string rounds = trials.Count == 1
            ? Language.Format($"de 0 a {trials[0] - 1}", $"0 to {trials[0] - 1}")
            : string.Join("; ", trials.Select(
                (count, round) => Language.Format($"ronda {round + 1}: de 0 a {count - 1}", $"round {round + 1}: 0 to {count - 1}")));
        Console.WriteLine(Language.Format($"{plan.Path}: {trials.Sum()} entrenamientos, {rounds}", $"{plan.Path}: {trials.Sum()} trainings, {rounds}"));
    }
}
