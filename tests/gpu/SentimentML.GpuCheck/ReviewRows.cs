using System.Text.Json.Nodes;
using SentimentML.Tokenization;
using SentimentML.Training;

namespace SentimentML.GpuCheck;

/// <summary>Rows as long as Spanish reviews: 41 tokens on average, lognormal; made up, so that nothing has to travel.</summary>
internal static class ReviewRows
{
    private const double Mean = 3.5, Deviation = 0.65; // of the logarithm
    private const int MinLength = 5, MaxLength = 512, FirstWord = 5, Words = 4000;

    public static int[] Lengths(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); // Box and Muller, 1958
            return Math.Clamp((int)Math.Round(Math.Exp(Mean + Deviation * normal)), MinLength, MaxLength);
        })];
    }

    public static TokenRow[] Tokens(int[] lengths, int seed)
    {
        var random = new Random(seed);
        return [.. lengths.Select(length => (TokenRow)Enumerable.Range(0, length)
            .Select(at => at == 0 ? 0 : at == length - 1 ? 2 : FirstWord + random.Next(Words)).ToArray())];
    }

    /// <summary>The second word says the label.</summary>
    public static Example[] Examples(int count, int seed) =>
        [.. Tokens(Lengths(count, seed), seed).Select((row, i) => new Example(row, row.Ids.Span[1] % 2, Row: i))];

    /// <summary>Examples for the tiny golden classifier, which has 2,000 tokens.</summary>
    public static Example[] TinyExamples(int count, int seed, int maxLength = MaxLength) =>
        [.. Examples(count, seed).Select(row => row with { Tokens = row.Tokens.Ids.ToArray().Take(maxLength).Select(id => id % 2000).ToArray() })];

    /// <summary>Writes the lengths of every training batch and of the validation rows, so that another program can do the same work.</summary>
    public static JsonObject Write(CheckSettings settings)
    {
        Example[] train = RecipeCheck.Train(settings), validation = RecipeCheck.Validation(settings);
        int[] lengths = [.. train.Select(row => row.Tokens.Length)];
        JsonArray Row(IEnumerable<int> numbers) => [.. numbers.Select(number => (JsonNode)number)];
        var epochs = new JsonArray();
        for (int epoch = 0; epoch < RecipeCheck.Recipe.Epochs; epoch++)
            epochs.Add(new JsonArray(
                [.. EpochPlan.Steps(RecipeCheck.Recipe, lengths, epoch).Select(step => (JsonNode)Row(step[0].Select(row => lengths[row])))]));
        File.WriteAllText(settings.Folder,
            new JsonObject { ["epochs"] = epochs, ["validation"] = Row(validation.Select(row => row.Tokens.Length)) }.ToJsonString());
        return new JsonObject { ["passed"] = true, ["rows"] = train.Length, ["validation_rows"] = validation.Length,
            ["mean_tokens"] = Math.Round(validation.Average(row => row.Tokens.Length), 1) };
    }
}
