using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("", "command")]
    [InlineData("fly", "fly")]
    [InlineData("train --output model", "--train")]
    [InlineData("train --train reviews.csv", "--output")]
    [InlineData("train --train reviews.csv --output model --epoch 2", "--epoch")]
    [InlineData("train --train reviews.csv --output model --epochs two", "--epochs is 'two', expected a whole number")]
    [InlineData("train --train reviews.csv --output model --learning-rate fast", "--learning-rate is 'fast', expected a number")]
    [InlineData("train --train reviews.csv --output model --device gpu", "'gpu' is not a device")]
    [InlineData("train --train reviews.csv --output model --backbone two/words?", "two/words?")]
    [InlineData("train --train reviews.csv --output model --label-column a --stars-column b", "--label-column")]
    [InlineData("train --train reviews.csv --folds 1", "--folds is 1, expected 2 or more")]
    [InlineData("train --train reviews.csv --folds 2 --learning-curve f.html", "--learning-curve")]
    [InlineData("train --train reviews.csv --folds 2 --on-cancel best", "--on-cancel best and --folds")]
    [InlineData("train --train reviews.csv --output model --class-weights a=2,a=3", "--class-weights is 'a=2,a=3', expected none, balanced")]
    [InlineData("train --train reviews.csv --output model --class-weights a=-1", "'a' has the weight -1")]
    [InlineData("train --train reviews.csv --output model --best-by speed", "--best-by is 'speed', expected accuracy, macro-f1, loss")]
    [InlineData("train --train reviews.csv --output model --early-stopping 2", "--early-stopping needs --validation")]
    [InlineData("train --train reviews.csv --output model --calibrated", "--calibrated needs --validation")]
    [InlineData("train --train reviews.csv --output model --lora-rank 2 --save-adapter model", "--save-adapter and --output name one folder, expected two")]
    [InlineData("train reviews.csv --output model", "Option '--train' is required.")]
    [InlineData("predict --input a.csv --output ./a.csv", "--output is the file of --input: its rows would be replaced by the answers. Choose another name.")]
    [InlineData("tokenize --input a.csv --output a.csv", "--output is the file of --input")]
    [InlineData("evaluate --data a.csv --report a.csv", "--report is the file of --data: its rows would be replaced by the report.")]
    [InlineData("train --train a.csv --output model --log a.csv", "--log is the file of --train")]
    [InlineData("train --train b.csv --validation a.csv --output model --learning-curve a.csv", "--learning-curve is the file of --validation")]
    [InlineData("predict -t hola", "-t is not an option of predict; a text that begins so is given by --text.")]
    [InlineData("search --train reviews.csv", "--validation")]
    [InlineData("search --train reviews.csv --validation v.csv --epochs 1,x", "--epochs is '1,x'")]
    [InlineData("search --train reviews.csv --validation v.csv --plan plan --output model",
        "--plan trains nothing, and has its results in its own folder: --output cannot be given with it.")]
    [InlineData("train --train reviews.csv --output model --results r", "--results has the results of a cross-validation: it needs --folds.")]
    [InlineData("train --train reviews.csv --folds 3 --plan plan --output model --log l.jsonl", "--output, --log cannot be given with it.")]
    [InlineData("trials", "command")]
    [InlineData("trials run --index 1", "--manifest")]
    [InlineData("predict --model model", "--text")]
    [InlineData("predict --model model --text hola --input reviews.csv", "--input")]
    [InlineData("predict hola --input reviews.csv", "--input")]
    [InlineData("predict hola --modle m", "--modle is not an option of predict")]
    [InlineData("predict --model model --text hola --unsure-below 2", "--unsure-below")]
    [InlineData("predict hola --unsure-below 0,8", "--unsure-below is '0,8', expected a number")]
    [InlineData("predict hola --engine tensorflow", "--engine is 'tensorflow', expected torch, onnx")]
    [InlineData("train --train reviews.csv --output model --max-rows many", "--max-rows is 'many', expected a whole number")]
    [InlineData("train --train reviews.csv --folds few", "--folds is 'few', expected a whole number")]
    [InlineData("serve --port http", "--port is 'http', expected a whole number")]
    [InlineData("serve --max-bytes 1e9", "--max-bytes is '1e9', expected a whole number")]
    [InlineData("serve --port", "--port")]
    [InlineData("evaluate --model model", "--data")]
    [InlineData("score", "command")]
    [InlineData("score plan --input reviews.csv", "--output")]
    [InlineData("score plan --input reviews.csv --output plan --output-format xlsx", "--output-format is 'xlsx', expected jsonl, csv, tsv or parquet")]
    [InlineData("score run --index 1", "--manifest")]
    public async Task Wrong_usage_ends_with_2_and_says_what_is_wrong(string arguments, string said)
    {
        using var folder = new TemporaryFolder();
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ToolResult result = (await ToolProcess.RunAsync(folder, words)).Expect(2), spanish =
            (await ToolProcess.RunAsync(folder, ["--language", "es", .. words])).Expect(2);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(LanguageTests.EnglishWords, word => spanish.Error.Contains(word, StringComparison.Ordinal));
        foreach (ToolResult one in (ToolResult[])[result, spanish])
        {
            Assert.Contains("--help", one.Error, StringComparison.Ordinal);
            Assert.Empty(one.Output);
        }
        Assert.Empty(folder.Names);
    }

    [Theory]
    [InlineData("predict hola --model mini", 1, "--backbone mini")]
    [InlineData("train --train reviews.csv --validation ./reviews.csv --backbone mini --epochs 1 --output model", 0, "--validation is the file of --train")]
    public async Task What_people_mix_up_is_told(string arguments, int exitCode, string said)
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,label\nbueno,pos\nmalo,neg\n");
        Assert.Contains(said, (await ToolProcess.RunAsync(folder, arguments.Split(' '))).Expect(exitCode).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_out_of_range_is_wrong_usage()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,label\nbueno,pos\nmalo,neg\n");
        Assert.Contains("--epochs is 0, expected 1 or more.",
            (await ToolProcess.RunAsync(folder, "train", "--train", "reviews.csv", "--output", "model", "--epochs", "0")).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train --train reviews.csv --backbone mini --output reviews.csv/model", "is a file, expected a folder")]
    [InlineData("train --train bare.csv --backbone mini --output model", "Its columns are Reseña, Día.")]
    [InlineData("evaluate --data bare.csv", "Its columns are Reseña, Día. Name the one with the stars by --stars-column")]
    [InlineData("predict hola --model Small", "or small: the ready Spanish sentiment model")]
    [InlineData("predict hola --model small/", "or small: the ready Spanish sentiment model")]
    public async Task What_cannot_be_done_names_the_way_on(string arguments, string said)
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,label\nbueno,pos\nmalo,neg\n").With("bare.csv", "Reseña,Día\nmuy bueno de verdad,hoy\nmuy malo,ayer\n");
        (await ToolProcess.RunAsync(folder, arguments.Split(' '))).ExpectFailure(said);
    }

    [Fact]
    public async Task Help_names_every_option_of_the_contract()
    {
        using var folder = new TemporaryFolder();
        ToolResult help = (await ToolProcess.RunAsync(folder, "train", "--help")).Expect(0);
        foreach (string option in (
            string[])["--train", "--validation", "--backbone", "--output", "--epochs", "--batch-size", "--learning-rate", "--weight-decay", "--warmup-steps",
            "--gradient-accumulation", "--label-smoothing", "--max-tokens", "--max-rows", "--seed", "--no-shuffle", "--device", "--log", "--stars-column",
            "--stars-offset"])
            Assert.Contains($" {option} ", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_shows_where_it_happened_when_asked()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(folder, "train", "--train", "missing.csv", "--output", "model", "--verbose")).Expect(1);
        Assert.Contains("   at SentimentML.", result.Error, StringComparison.Ordinal);
    }
}
