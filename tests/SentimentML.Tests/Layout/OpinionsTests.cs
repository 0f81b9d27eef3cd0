using System.Globalization;
using System.Text.Json;

namespace SentimentML.Tests.Layout;

/// <summary>The data that is shipped, data/opinions: whole, and as its card says.</summary>
public class OpinionsTests
{
    private static readonly string Folder = Path.Combine(Repository.Folder, "data", "opinions");

    private static readonly (string Id, string Text, string Label, string Kind)[] Rows =
    [
        .. Repository.Opinions().Select(line => JsonDocument.Parse(line).RootElement).Select(row =>
            (row.GetProperty("id").GetString()!, row.GetProperty("text").GetString()!, row.GetProperty("label").GetString()!,
                row.GetProperty("kind").GetString()!)),
    ];

    [Fact]
    public void Every_row_has_an_id_and_a_text_of_its_own_and_a_known_label()
    {
        Assert.Equal(Rows.Length, Rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(Rows.Length, Rows.Select(row => row.Text.Trim().ToLowerInvariant()).Distinct().Count());
        Assert.All(Rows, row => Assert.True(row.Label is "negative" or "neutral" or "positive", $"{row.Id} has the label '{row.Label}'"));
        Assert.All(Rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Text), $"{row.Id} has no text"));
    }

    [Fact]
    public void The_card_counts_them()
    {
        string card = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string Count(Func<(string Id, string Text, string Label, string Kind), bool> which) => Rows.Count(which).ToString("N0", CultureInfo.InvariantCulture);
        Assert.Contains($"{Count(_ => true)} short texts in Spanish with a label: {Count(r => r.Label == "negative")} negative, "
            + $"{Count(r => r.Label == "positive")} positive, {Count(r => r.Label == "neutral")} neutral.", card, StringComparison.Ordinal);
        foreach (string kind in Rows.Select(row => row.Kind).Distinct())
            Assert.Contains($"| {kind} | {Count(row => row.Kind == kind)} |", card, StringComparison.Ordinal);
    }
}
