using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using SentimentML.Wording;
using static SentimentML.Reporting.Html.Element;

namespace SentimentML.Reporting.Html;

/// <summary>
/// The page. Both languages are in it, and a switch that needs no script shows one; nothing is loaded from anywhere, which the
/// page itself forbids.
/// </summary>
internal static class ReportPage
{
    private static readonly Lazy<string> Style = new(ReadStyle);

    public static string Write(EvaluationReport report)
    {
        string style = Style.Value;
        bool inSpanish = report.Options.Language == ReportLanguage.Spanish;
        XElement head = Of("head",
            Of("meta", With("charset", "utf-8")),
            Of("meta", With("name", "viewport"), With("content", "width=device-width, initial-scale=1")),
            Of("meta", With("http-equiv", "Content-Security-Policy"),
                With("content", $"default-src 'none'; style-src 'sha256-{Digest(style)}'; base-uri 'none'; form-action 'none'")),
            Of("meta", With("name", "color-scheme"), With("content", "light dark")),
            Of("title", Title(report, inSpanish)));
        XElement body = Of("body",
            Switch(inSpanish),
            new ReportBody(report, ReportText.Spanish).Write(),
            new ReportBody(report, ReportText.English).Write());

        var html = new StringBuilder("<!DOCTYPE html>\n");
        html.Append("<html lang=\"").Append(inSpanish ? ReportText.Spanish.Code : ReportText.English.Code).Append("\">\n");
        HtmlText.Write(html, head);
        // The style goes in as it is: its digest is what the page allows.
        html.Replace("</head>", "", html.Length - "</head>".Length, "</head>".Length);
        html.Append("<style>").Append(style).Append("</style></head>\n");
        HtmlText.Write(html, body);
        return html.Append("\n</html>\n").ToString();
    }

    private static string Title(EvaluationReport report, bool inSpanish)
    {
        string what = inSpanish ? "Informe de evaluación" : "Evaluation report";
        return report.Options.ModelName.Length == 0 ? what : $"{what} · {report.Options.ModelName}";
    }

    private static XElement Switch(bool inSpanish) => Of("header.bar",
        Of("span.mark", "SentimentML"),
        Of("fieldset.languages",
            Of("legend.unseen", "Idioma · Language"),
            Choice("es", "Español", inSpanish),
            Choice("en", "English", !inSpanish)));

    private static object[] Choice(string code, string name, bool isChosen) =>
    [
        Of("input", With("type", "radio"), With("name", "language"), With("id", $"language-{code}"), isChosen ? With("checked", "") : null),
        Of("label", With("for", $"language-{code}"), With("lang", code), name),
    ];

    private static string Digest(string style) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));

    private static string ReadStyle()
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
