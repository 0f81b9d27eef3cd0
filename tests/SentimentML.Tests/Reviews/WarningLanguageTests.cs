using System.Text;
using MiniExcelLibs;

namespace SentimentML.Tests.Reviews;

/// <summary>Warnings are in the language of CultureInfo.CurrentUICulture; errors are in English.</summary>
public sealed class WarningLanguageTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("a.csv", "text,stars\nBien,5\nMal,1\nTotal,6\n",
        ", línea 4: las últimas filas resumen las demás, como '6' en la columna 'stars'; sus estrellas no cuentan. Quita esas filas.",
        ", line 4: the last rows sum the others up, as '6' in column 'stars' does; their stars are not counted. Take such rows out.")]
    [InlineData("a.csv", "Opiniones de mayo\ntext,stars\nBien,5\n",
        ": se salta la línea sobre la cabecera: Opiniones de mayo",
        ": the line above the header is passed over: Opiniones de mayo")]
    [InlineData("a.csv", "text,stars\nBien,5\ntext,stars\nMal,1\n",
        ", línea 3: la fila es otra vez la cabecera, como en archivos que se juntaron uno tras otro. Esas filas se saltan.",
        ", line 3: the row is the header again, as in files that were put one after the other. Such rows are passed over.")]
    [InlineData("a.csv", "text,stars\nBien,5\nMal,1\n\nFuente: encuesta\n",
        ", línea 5: se salta lo que hay bajo la tabla, tras una línea en blanco: 'Fuente: encuesta'.",
        ", line 5: what stands below the table, after a blank line, is passed over: 'Fuente: encuesta'.")]
    [InlineData("a.csv", "text,stars\nBien,regular\nUno,5\nDos,4\nTres,1\nCuatro,2\nCinco,3\nSeis,5\nSiete,5\nOcho,1\nNueve,2\n",
        ": 1 de 10 valores de la columna 'stars' no son estrellas ('regular'); esas filas cuentan como filas sin estrellas.",
        ": 1 of 10 values in column 'stars' are no stars ('regular'); such rows count as rows without stars.")]
    [InlineData("a.csv", "text,stars\nBien,\"8,5/10\"\nMal,2/10\n",
        ": las notas de la columna 'stars' que dicen su escala se leen como estrellas enteras de 1 a 5, con las medias hacia arriba: '8,5/10' como 4, "
            + "'2/10' como 1.",
        ": scores in column 'stars' that say their scale are read as whole stars from 1 to 5, halves rounded up: '8,5/10' as 4, '2/10' as 1.")]
    [InlineData("a.csv", "texto,Tono\nBien,positivo\nMal,negativo\n",
        ": la columna 'Tono' se toma por la etiqueta por sus valores ('positivo', 'negativo'). Si es otra, nómbrala con LabelColumn.",
        ": column 'Tono' is taken for the label by its values ('positivo', 'negativo'). If it is another one, name that by LabelColumn.")]
    [InlineData("a.csv", "texto,estrellas,puntuacion\nBien,4,5\nMal,4,1\n",
        ": las columnas 'estrellas' y 'puntuacion' pueden ser las estrellas, y no se toma ninguna. Nombra la de las propias reseñas: "
            + "pon StarsColumn en estrellas.",
        ": columns 'estrellas' and 'puntuacion' may each be the stars, and none of them is taken. Name the one that is the reviews' own: set StarsColumn to "
            + "estrellas.")]
    [InlineData("a.csv", "text,Estrellas (5 = pésimo)\nBien,1\nMal,5\n",
        ": el nombre de la columna 'Estrellas (5 = pésimo)' dice que su número más bajo es el mejor, se esperaban estrellas, de las que 5 es lo "
            + "mejor. Escríbelas en una columna propia, 6 menos cada número si la escala va de 1 a 5, y nómbrala con StarsColumn; o lee los números como "
            + "etiquetas: pon LabelColumn en Estrellas (5 = pésimo). No se leen.",
        ": the name of column 'Estrellas (5 = pésimo)' says that its lowest number is the best, expected stars, of which 5 is the best. Write them "
            + "into a column of their own, 6 less each number for a scale from 1 to 5, and name that by StarsColumn; or read the numbers as labels: set "
            + "LabelColumn to Estrellas (5 = pésimo). They are not read.")]
    [InlineData("a.json", """{"tienda": "x", "reviews": [{"text": "Bien", "stars": 5}, {"text": "Mal", "stars": 1}]}""",
        ": las reseñas se leen de su lista 'reviews'.",
        ": the reviews are read from its array 'reviews'.")]
    [InlineData("a.json", """{"train": [{"text": "Bien", "stars": 5}], "test": [{"text": "Mal", "stars": 1}]}""",
        ": las reseñas se leen de sus listas, una tras otra; el nombre de cada una queda en 'key'.",
        ": the reviews are read from its arrays, one after the other; the name of each comes along as 'key'.")]
    [InlineData("a.jsonl", """
        {"prompt": "Muy bien ->", "completion": " pos"}
        {"prompt": "Mal ->", "completion": " neg"}
        """,
        ": 'prompt' se lee como el texto y 'completion' como la etiqueta, como en los archivos para afinar modelos de chat. El '->' al final de cada texto se "
            + "quita.",
        ": 'prompt' is read as the text and 'completion' as the label, as in files for the fine-tuning of chat models. The '->' at the end of each text is "
            + "taken off.")]
    [InlineData("a.txt", "12/3/23, 10:15 - Ana: Muy bien\n12/3/23, 10:16 - Luis: Mal\n",
        ": el contenido es un chat exportado de WhatsApp; cada mensaje se lee como un texto, con su fecha y su autor. Se saltan los avisos y lo que aparece en "
            + "lugar de una foto. Para leer cada línea, pon Format en lines.",
        ": the content is a chat that WhatsApp exported; each message is read as a text, with its date and author. Notices and what stands in the place of a "
            + "picture are passed over. To read each line, set Format to lines.")]
    public void A_warning_is_in_the_language_of_the_user(string name, string content, string spanish, string english) =>
        Warns(_folder.Write(name, content), spanish, english);

    [Fact]
    public void A_warning_of_an_encoding_is_too() => Warns(_folder.Write("a.csv", Encoding.Latin1.GetBytes("text,stars\nAño de señores,5\nMal,1\n")),
        ": el texto no es UTF-8 y se lee como windows-1252. Si sus letras salen mal, pon Encoding en la codificación en que se guardó el archivo.",
        ": the text is not UTF-8 and is read as windows-1252. If its letters come out wrong, set Encoding to the encoding that the file was saved in.");

    [Fact]
    public void A_warning_of_sheets_is_too()
    {
        string path = _folder.Path("a.xlsx");
        MiniExcel.SaveAs(path, new Dictionary<string, object>
        {
            ["Resumen"] = new[] { new { total = 2, media = 3 } },
            ["Opiniones"] = new[] { new { text = "Bien", stars = 5 } },
        });
        Warns(path,
            ": se lee la hoja 'Opiniones', la única visible con una columna de textos. Las otras son 'Resumen': para leer una de ellas, pon "
                + "Sheet en su nombre.",
            ": sheet 'Opiniones' is read, the only visible one with a column of texts. The others are 'Resumen': to read one of them, set Sheet to its name.");
    }

    [Fact]
    public void An_error_is_in_English()
    {
        using var spanish = new UICulture("es");
        Assert.StartsWith("a.csv: the name of column 'Estrellas (5 = pésimo)' says that its lowest number is the best, expected stars", _folder.FaultAtOnce(
            _folder.Write("a.csv", "text,Estrellas (5 = pésimo)\nBien,1\n"), new ReviewFileOptions { StarsColumn = "Estrellas (5 = pésimo)" }),
            StringComparison.Ordinal);
        Assert.StartsWith("a.csv, line 2, column 'stars': '11' was found, expected a whole number from 1 to 5.",
            _folder.Fault(_folder.Write("a.csv", "text,stars\nBien,11\n")), StringComparison.Ordinal);
    }

    private void Warns(string path, string spanish, string english)
    {
        Assert.Equal([path + spanish], Warned(path, "es"));
        Assert.Equal(Warned(path, "es"), Warned(path, "es-MX"));
        Assert.Equal([path + english], Warned(path, "en"));
        Assert.Equal([path + english], Warned(path, "de"));
        Assert.All(new[] { " the ", " is ", " of ", " are ", "set " }, word => Assert.DoesNotContain(word, spanish, StringComparison.Ordinal));
    }

    private List<string> Warned(string path, string language)
    {
        using var culture = new UICulture(language);
        var warned = new List<string>();
        ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = warned.Add }));
        return warned;
    }

    public void Dispose() => _folder.Dispose();
}
