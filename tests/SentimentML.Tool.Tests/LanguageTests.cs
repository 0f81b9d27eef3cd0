using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SentimentML.Tool.Commands;
using SentimentML.Tool.Tests.Infrastructure;
using SentimentML.Wording;

namespace SentimentML.Tool.Tests;

/// <summary>Everything that a command says to a person is in one language: --language's, else the system's.</summary>
public sealed partial class LanguageTests(TrainedModel model)
{
    /// <summary>Words that English sentences have, and Spanish ones never.</summary>
    internal static readonly string[] EnglishWords =
    [
        " the ", "The ", " of ", " which ", " with ", " and ", " or ", " is ", " are ", " its ", " it ", " that ", " to ", " by ", " for ", " from ", " not ",
        " as ", " in ", " on ", " an ", " needs ", " expected", " how ", "How ", "What ", "Which ",
    ];

    /// <summary>Words that stand in the English output of the commands below, and in no Spanish one.</summary>
    private static readonly string[] English =
        ["metric", "value", "label", "rows", "epoch", "loss", "count", "share", "words", "Classifying", "Reading", "Writing", " left", "Validating"];

    [Fact]
    public async Task An_evaluation_is_all_in_Spanish_or_all_in_English()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["evaluate", "--model", model.Path, "--data", TestFiles.Validation, "--report", "report.html"];
        ToolResult spanish = (await ToolProcess.RunAsync(folder, [.. arguments, "--language", "es"])).Expect(0);
        foreach (string word in (string[])["métrica", "valor", "intervalo del 95 %", "etiqueta", "filas", "Exactitud", "como negative", "Clasificando"])
            Assert.Contains(word, spanish.Output + spanish.Error, StringComparison.Ordinal);
        HasNoneOf(English, spanish);
        Assert.Contains("<html lang=\"es\">", folder.Read("report.html"), StringComparison.Ordinal);

        ToolResult english = (await ToolProcess.RunAsync(folder, [.. arguments, "--language", "en"])).Expect(0);
        Assert.Contains("as negative", english.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exactitud", english.Output, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", folder.Read("report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_and_its_learning_curve_follow_the_systems_language()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.jsonl", TestFiles.Head(TestFiles.Train, 40));
        string[] arguments = [.. TestFiles.TrainTiny("reviews.jsonl"), "--validation", "reviews.jsonl", "--max-tokens", "12", "--learning-curve", "curve.html"];
        using Process process =
            ToolProcess.Start("dotnet", folder.Path, [ToolProcess.Program, .. arguments], new Dictionary<string, string> { ["LC_ALL"] = "es_MX.UTF-8" });
        ToolResult result = (await ToolProcess.EndOfAsync(process, arguments)).Expect(0);
        foreach (string word in (string[])["época", "exactitud", "pérdida", "El modelo está en"])
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
        Assert.Contains("filas para aprender tienen más de 12 tokens", result.Error, StringComparison.Ordinal); // a warning
        Assert.Matches(@"Época 1: en la validación exactitud \d,\d{4}, macro-F1 \d,\d{4}, pérdida \d,\d{4}", result.Error);
        Assert.Contains("tasa de aprendizaje 2e-5 (valor de la red)", result.Error, StringComparison.Ordinal);
        HasNoneOf([.. English, "training", "validation accuracy", "learning rate", "numbers are trained", "Tokenizing", "as set"],
            result with { Error = result.Error.Replace(folder.Path, "", StringComparison.Ordinal) });
        string page = folder.Read("curve.html");
        Assert.Contains("<html lang=\"es\">", page, StringComparison.Ordinal);
        Assert.Contains(">pérdida en la validación</span>", page, StringComparison.Ordinal);
        Assert.Matches(@"<td>\d,\d{4}</td>", page);
    }

    [Fact]
    public async Task An_inspection_is_in_Spanish()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(folder, "inspect", TestFiles.Validation, "--backbone", TestFiles.TinyBackbone, "--language", "es"))
            .Expect(0);
        foreach (string word in (string[])["formato", "longitud en", "palabras", "conviene mirar", "5 estrellas", "Para seguir: sentimentml train"])
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
        HasNoneOf(English, result);
    }

    /// <summary>A line that is the same in both languages was not translated, or has no description.</summary>
    [Fact]
    public async Task Every_line_of_the_help_is_in_the_one_language_or_the_other()
    {
        using var folder = new TemporaryFolder();
        var untranslated = new List<string>();
        foreach (string[] command in Commands(new SentimentMLCommand()))
        {
            string[] spanish = await Descriptions(folder, command, "es"), english = await Descriptions(folder, command, "en");
            Assert.Equal(english.Length, spanish.Length);
            untranslated.AddRange(spanish.Zip(english)
                .Where(pair => pair.First == pair.Second || EnglishWords.Any(word => pair.First.Contains(word, StringComparison.Ordinal)))
                .Select(pair => $"{string.Join(' ', command)}: {pair.First}"));
        }
        Assert.True(untranslated.Count == 0, string.Join(Environment.NewLine, untranslated));
    }

    [Theory]
    [InlineData("train --train a.csv --output m --epochs two", "--epochs es «two»; se esperaba un número entero.")]
    [InlineData("train a.csv --output m", "Se requiere la opción '--train'.")]
    [InlineData("train --train a.csv --output m --device gpu", "«gpu» no vale para --device. Dónde calcular: auto (por defecto), cpu, cuda o cuda:N.")]
    [InlineData("train --train a.csv --output m --log a.csv", "--log es el archivo de --train: sus filas quedarían sustituidas por el registro.")]
    [InlineData("trials run", "«sentimentml trials run --help» muestra el uso.")]
    public async Task Wrong_usage_is_told_in_Spanish(string arguments, string said)
    {
        using var folder = new TemporaryFolder();
        ToolResult result = (await ToolProcess.RunAsync(folder, [.. arguments.Split(' '), "--language", "es"])).Expect(2);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_language_is_wrong_usage()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("--language is 'fr', expected es or en.", (await ToolProcess.RunAsync(folder, "info", "--language", "fr")).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es_ES.UTF-8", ReportLanguage.Spanish)]
    [InlineData("es", ReportLanguage.Spanish)]
    [InlineData("es-419", ReportLanguage.Spanish)]
    [InlineData("en_GB.UTF-8", ReportLanguage.English)]
    [InlineData("est_EE", ReportLanguage.English)]
    [InlineData("C.UTF-8", ReportLanguage.English)]
    [InlineData(null, ReportLanguage.English)]
    public void A_locale_is_Spanish_or_else_English(string? locale, ReportLanguage expected) => Assert.Equal(expected, ReportText.Of(locale));

    /// <summary>The words that name each command, from none for the tool itself.</summary>
    private static IEnumerable<string[]> Commands(Command command) =>
        [[], .. command.Subcommands.SelectMany(child => Commands(child).Select(words => (string[])[child.Name, .. words]))];

    /// <summary>What a command's help says of the command and of each argument, option and command in it: the last column, without a default value.</summary>
    private static async Task<string[]> Descriptions(TemporaryFolder folder, string[] command, string language) =>
    [
        .. (await ToolProcess.RunAsync(folder, [.. command, "--help", "--language", language])).Expect(0).Output
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => DefaultValue().Replace(line.Split("  ")[^1], "").Trim()),
    ];

    [GeneratedRegex(@"\[(default|por defecto): [^]]*\]$")]
    private static partial Regex DefaultValue();

    private static void HasNoneOf(IEnumerable<string> words, ToolResult result) =>
        Assert.DoesNotContain(words, word => (result.Output + result.Error).Contains(word, StringComparison.Ordinal));
}
