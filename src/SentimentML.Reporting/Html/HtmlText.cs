using System.Text;
using System.Xml.Linq;

namespace SentimentML.Reporting.Html;

/// <summary>Elements to HTML. Whatever text is in them stays text: this is the one place that writes it.</summary>
internal static class HtmlText
{
    /// <summary>Elements that have no end.</summary>
    private static readonly HashSet<string> Void = ["meta", "input", "br", "link", "hr"];

    public static void Write(StringBuilder html, XNode node)
    {
        switch (node)
        {
            case XText text:
                Escape(html, text.Value);
                break;
            case XElement element:
                html.Append('<').Append(element.Name.LocalName);
                foreach (XAttribute attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
                {
                    html.Append(' ').Append(attribute.Name.LocalName).Append("=\"");
                    Escape(html, attribute.Value);
                    html.Append('"');
                }
                html.Append('>');
                if (Void.Contains(element.Name.LocalName))
                    break;
                foreach (XNode child in element.Nodes())
                    Write(html, child);
                html.Append("</").Append(element.Name.LocalName).Append('>');
                break;
        }
    }

    /// <summary>Control characters and half surrogates have no place in a page, and become the replacement character.</summary>
    private static void Escape(StringBuilder html, string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '&': html.Append("&amp;"); break;
                case '"': html.Append("&quot;"); break;
                case '\'': html.Append("&#39;"); break;
                case not ('\n' or '\t') and (< ' ' or (>= 0x7F and < 0xA0)): html.Append('\uFFFD'); break;
                default: html.Append(rune.ToString()); break;
            }
        }
    }
}
