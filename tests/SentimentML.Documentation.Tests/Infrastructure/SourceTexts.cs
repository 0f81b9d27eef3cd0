using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>The texts that the source can say: its string literals, each with the literals that it is joined with, and "…" for every value in it.</summary>
internal static class SourceTexts
{
    private const char Value = '…';

    private static readonly Lazy<string[]> All = new(() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Folder, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/content/", StringComparison.Ordinal))
            .SelectMany(file => Texts(CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()))]);

    /// <summary>Whether one text has all of a message, in its order; "…" of the message stands for anything.</summary>
    public static bool Have(string message)
    {
        var pattern = new Regex(string.Join(".*", message.Split(Value).Select(part => Regex.Escape(part.Trim(' ', '\'')))), RegexOptions.Singleline);
        return All.Value.Any(pattern.IsMatch);
    }

    private static IEnumerable<string> Texts(SyntaxNode root) =>
        root.DescendantNodes().Where(node => IsText(node) && !IsText(node.Parent)).Select(node => Text((ExpressionSyntax)node));

    private static bool IsText(SyntaxNode? node) => node switch
    {
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.StringLiteralExpression),
        InterpolatedStringExpressionSyntax => true,
        BinaryExpressionSyntax sum => sum.IsKind(SyntaxKind.AddExpression) && (IsText(sum.Left) || IsText(sum.Right)),
        _ => false,
    };

    private static string Text(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case LiteralExpressionSyntax literal when IsText(literal):
                return literal.Token.ValueText;
            case BinaryExpressionSyntax sum when IsText(sum):
                return Text(sum.Left) + Text(sum.Right);
            case InterpolatedStringExpressionSyntax interpolated:
                var text = new StringBuilder();
                foreach (InterpolatedStringContentSyntax content in interpolated.Contents)
                    _ = content is InterpolatedStringTextSyntax plain ? text.Append(plain.TextToken.ValueText) : text.Append(Value);
                return text.ToString();
            default:
                return $"{Value}";
        }
    }
}
