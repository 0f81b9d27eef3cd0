using System.Xml.Linq;

namespace SentimentML.Reporting.Html;

/// <summary>Makes elements.</summary>
internal static class Element
{
    /// <summary>An element by its name and classes, as in "td.number", with attributes, elements and texts in it; nulls are left out.</summary>
    public static XElement Of(string nameAndClasses, params object?[] content)
    {
        string[] parts = nameAndClasses.Split('.');
        var element = new XElement(parts[0]);
        if (parts.Length > 1)
            element.Add(new XAttribute("class", string.Join(' ', parts[1..])));
        element.Add(content);
        return element;
    }

    public static XAttribute With(string name, string value) => new(name, value);
}
