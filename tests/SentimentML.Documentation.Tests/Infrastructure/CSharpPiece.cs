using System.Text;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>A block of C# and those that continue it: what a reader pastes into one Program.cs.</summary>
/// <param name="Blocks">In the page's order.</param>
internal sealed record CSharpPiece(IReadOnlyList<CodeBlock> Blocks)
{
    public CodeBlock First => Blocks[0];

    public static IEnumerable<CSharpPiece> Of(string page)
    {
        var pieces = new List<List<CodeBlock>>();
        foreach (CodeBlock block in Pages.Blocks(page).Where(block => block.Language == "csharp"))
        {
            if (!block.Continues)
                pieces.Add([]);
            Assert.True(pieces.Count > 0, $"{block.Place} continues nothing");
            pieces[^1].Add(block);
        }
        return pieces.Select(blocks => new CSharpPiece(blocks));
    }

    /// <summary>One source file: usings first, and each line with its place on the page.</summary>
    /// <param name="before">What a package's page takes for granted.</param>
    public string Source(string before = "")
    {
        var usings = new StringBuilder();
        var body = new StringBuilder();
        Add(before, "what the page takes for granted", 1);
        foreach (CodeBlock block in Blocks)
            Add(block.Code, block.Page, block.Line);
        return usings.Append(body).ToString();

        void Add(string code, string page, int line)
        {
            foreach (string text in code.Split('\n'))
            {
                StringBuilder part = IsUsing(text) ? usings : body;
                part.Append(System.Globalization.CultureInfo.InvariantCulture, $"#line {line++} \"{page}\"\n{text}\n");
            }
        }
    }

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=', StringComparison.Ordinal)
            && !line.Contains('(', StringComparison.Ordinal);
}
