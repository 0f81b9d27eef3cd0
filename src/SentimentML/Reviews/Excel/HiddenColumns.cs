using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace SentimentML.Reviews;

/// <summary>The columns of an Excel sheet that its author has hidden; MiniExcel reads them as others.</summary>
internal static class HiddenColumns
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>Their places, from 0.</summary>
    /// <param name="file">The workbook.</param>
    /// <param name="sheet">The sheet's name.</param>
    public static IReadOnlySet<int> Of(Stream file, string sheet)
    {
        var hidden = new HashSet<int>();
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        string? id = Elements(archive, "xl/workbook.xml", "sheet", "sheets").Where(xml => xml.GetAttribute("name") == sheet)
            .Select(xml => xml.GetAttribute("id", Relationships)).FirstOrDefault();
        string? target = Elements(archive, "xl/_rels/workbook.xml.rels", "Relationship", null).Where(xml => xml.GetAttribute("Id") == id)
            .Select(xml => xml.GetAttribute("Target")).FirstOrDefault();
        if (target is null)
            return hidden;
        string entry = target.StartsWith('/') ? target[1..] : $"xl/{target}";
        foreach (XmlReader xml in Elements(archive, entry, "col", "cols"))
            if (xml.GetAttribute("hidden") is "1" or "true" && Number(xml, "min") is { } min && Number(xml, "max") is { } max)
                hidden.UnionWith(Enumerable.Range(min - 1, Math.Clamp(max - min + 1, 0, JsonLayout.MaxColumns)));
        return hidden;
    }

    private static int? Number(XmlReader xml, string name) =>
        int.TryParse(xml.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    /// <summary>The elements of a name in an entry, up to the end of the one around them.</summary>
    private static IEnumerable<XmlReader> Elements(ZipArchive archive, string entry, string name, string? around)
    {
        if (archive.GetEntry(entry) is not { } found)
            yield break;
        using Stream content = found.Open();
        using XmlReader xml = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == around) && xml.LocalName != "sheetData")
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == name)
                yield return xml;
    }
}
