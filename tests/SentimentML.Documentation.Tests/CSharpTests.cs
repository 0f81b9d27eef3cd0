using System.Text.RegularExpressions;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>The C# of the pages is what the library takes.</summary>
public sealed class CSharpTests
{
    public static TheoryData<string> Guides => [.. Pages.Guides.Where(page => CSharpPiece.Of(page).Any())];

    public static TheoryData<string> Packages => [.. Pages.Packages.Where(page => CSharpPiece.Of(page).Any())];

    public static TheoryData<string> Running =>
        [.. Pages.Guides.SelectMany(CSharpPiece.Of).Where(piece => piece.First.Runs).Select(piece => piece.First.Place)];

    [Theory]
    [MemberData(nameof(Guides))]
    public void The_code_of_a_guide_compiles(string page) => Expect.None(CSharpPiece.Of(page).SelectMany(piece => CSharpCompiler.Compile(piece.Source())));

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_code_of_a_packages_page_compiles(string page) =>
        Expect.None(CSharpPiece.Of(page)
            .SelectMany(piece => CSharpCompiler.Compile(piece.Source(TakenForGranted.On(page) + TakenForGranted.Before(piece.First.Code)))));

    [Theory]
    [MemberData(nameof(Running))]
    public void The_code_of_a_guide_runs(string place) =>
        Assert.NotEmpty(Run(Pages.Guides.SelectMany(CSharpPiece.Of).Single(piece => piece.First.Place == place)));

    /// <summary>ML.NET takes scores above 0 for positive: a probability in their place would make all rows positive.</summary>
    [Fact]
    public void A_binary_evaluation_counts_as_the_one_of_several_classes()
    {
        string output = Run(CSharpPiece.Of("docs/mlnet.md").Single(piece => piece.First.Code.Contains("BinaryClassification", StringComparison.Ordinal)));
        string[] accuracies = [.. Regex.Matches(output, @"^accuracy (\d\S*\d)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, accuracies.Length);
        Assert.Equal(accuracies[1], accuracies[0]);
    }

    [Fact]
    public void What_does_not_compile_is_found_at_its_line_of_the_page()
    {
        var piece = new CSharpPiece([new CodeBlock("docs/page.md", 7, "csharp", "using SentimentML;\nSentimentClassifier.Laod(\"model\");\n", null)]);
        string error = Assert.Single(CSharpCompiler.Compile(piece.Source()));
        Assert.StartsWith("docs/page.md:8: CS0117", error, StringComparison.Ordinal);
    }

    private static string Run(CSharpPiece piece)
    {
        using var image = new MemoryStream();
        Expect.None(CSharpCompiler.Compile(piece.Source(), image));
        using TemporaryFolder folder = PageFolder.Create(piece.First.Page);
        return CSharpCompiler.Run(image.ToArray(), folder.Path);
    }
}
