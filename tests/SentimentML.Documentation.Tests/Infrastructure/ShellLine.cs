using System.Text;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>A line of a shell block, as the shell splits it.</summary>
internal static class ShellLine
{
    /// <summary>The block's lines, those that end in a backslash joined with the next; comments and empty lines are left out.</summary>
    public static IEnumerable<string> Of(CodeBlock block) => block.Code.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        .Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'));

    /// <summary>The arguments of each command of a pipeline.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Commands(string line)
    {
        var commands = new List<List<string>> { new() };
        var word = new StringBuilder();
        bool isWord = false;
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                isWord = true;
            }
            else if (c == '#' && !isWord)
            {
                break;
            }
            else if (c is ' ' or '|')
            {
                End();
                if (c == '|')
                    commands.Add([]);
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }
        End();
        return commands;

        void End()
        {
            if (isWord)
                commands[^1].Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }
}
