using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>The folder that a reader of the pages works in: the files that they name, cut small from the samples.</summary>
internal static class PageFolder
{
    private const int TrainingRows = 24, OtherRows = 12;

    private static readonly string[] TextAndLabel = ["text", "label"], Survey = ["respuesta", "clase"], Parts = ["title", "body", "stars"],
        New = ["id", "text", "date"];

    /// <param name="page">A model that one of its commands writes is not there beforehand; else "model" is there as the first page leaves it.</param>
    public static TemporaryFolder Create(string page)
    {
        var folder = new TemporaryFolder();
        string[] train = Lines("train.jsonl", TrainingRows), validation = Lines("validation.jsonl", OtherRows);
        folder.With("train.jsonl", string.Concat(train)).With("validation.jsonl", string.Concat(validation));
        Review[] many = [.. train.Select(Review.Parse)], few = [.. validation.Select(Review.Parse)];
        foreach (string name in (string[])["reviews.csv", "opiniones.csv"])
            folder.With(name, Csv(Parts, many.Select(review => (string[])[review.Title, review.Body, $"{review.Stars}"])));
        folder.With("more-reviews.csv", Csv(Parts, few.Select(review => (string[])[review.Title, review.Body, $"{review.Stars}"])));
        foreach (string name in (string[])["survey.csv", "encuesta.csv"])
            folder.With(name, Csv(Survey, many.Select(review => (string[])[review.Body, review.Sentiment])));
        foreach (string name in (string[])["train.csv", "tweets.csv", "tuits.csv"])
            folder.With(name, Csv(TextAndLabel, many.Select(review => (string[])[review.Body, review.Sentiment])));
        folder.With("dev.csv", Csv(TextAndLabel, few.Select(review => (string[])[review.Body, review.Sentiment])));
        foreach (string name in (string[])["new-reviews.csv", "nuevas.csv"])
            folder.With(name, Csv(New, few.Select((review, i) => (string[])[$"{i + 1}", review.Body, "2026-11-26"])));
        foreach (string name in (string[])["texts.txt", "textos.txt"])
            folder.With(name, string.Concat(few.Select(review => review.Body + "\n")));
        foreach (string name in (string[])["labels.txt", "etiquetas.txt"])
            folder.With(name, string.Concat(many.Select(review => $"__label__{review.Sentiment} {review.Body}\n")));
        foreach ((int number, Review review) in many.Index())
            folder.With($"corpus/{review.Sentiment}/{number}.txt", review.Body);
        Copy("tiny_mlm", folder.At("downloaded-backbone"));
        string code = string.Concat(Pages.Blocks(page).Select(block => block.Code));
        foreach (string name in (string[])["their-model", "modelo-ajeno"])
            Copy("tiny_classifier", folder.At(name));
        foreach (string name in (string[])["model", "modelo"])
        {
            if (Regex.IsMatch(code, $@"--output {name}\s"))
                continue;
            Copy("tiny_classifier", folder.At(name));
            NameLabels(folder.At(name, "config.json"), "negative", "positive");
        }
        return folder;
    }

    private static string[] Lines(string name, int count) =>
        [.. File.ReadLines(Path.Combine(Repository.Folder, "samples", "data", name)).Take(count).Select(line => line + "\n")];

    private static string Csv(string[] columns, IEnumerable<string[]> rows) =>
        string.Concat(rows.Prepend(columns)
            .Select(row => string.Join(',', row.Select(value => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n"));

    private static void Copy(string golden, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Folder, "tests", "SentimentML.Tests", "golden", golden)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>As a training here names them: without names they are LABEL_0 and so on, as in other people's models.</summary>
    private static void NameLabels(string config, params string[] labels)
    {
        JsonNode model = JsonNode.Parse(File.ReadAllText(config))!;
        model["id2label"] = new JsonObject(labels.Index().Select(label => KeyValuePair.Create($"{label.Index}", (JsonNode?)label.Item)));
        model["label2id"] = new JsonObject(labels.Index().Select(label => KeyValuePair.Create(label.Item, (JsonNode?)label.Index)));
        File.WriteAllText(config, model.ToJsonString());
    }

    private sealed record Review(string Title, string Body, int Stars)
    {
        public string Sentiment => Stars switch { < 3 => "negative", 3 => "neutral", _ => "positive" };

        public static Review Parse(string line)
        {
            JsonNode row = JsonNode.Parse(line)!;
            return new Review((string?)row["title"] ?? "", (string?)row["body"] ?? "", (int)row["stars"]!);
        }
    }
}
