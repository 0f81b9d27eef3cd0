using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>What a command says to a person who uses it wrongly, and what it warns of, follows --language; JSON does not.</summary>
public sealed class SpanishMessagesTests
{
    [Theory]
    [InlineData("Se esperaba --train o --model", "compare", "--validation", "a.csv")]
    [InlineData("--backbone dice cómo entrenar", "compare", "--validation", "a.csv", "--model", "small", "--backbone", "mini")]
    [InlineData("--seed dice cómo entrenar", "compare", "--validation", "a.csv", "--model", "small", "--seed", "1")]
    [InlineData("Se esperaban textos, como argumentos o con --text", "predict")]
    [InlineData("--txt no es una opción de predict", "predict", "--txt", "Bien")]
    [InlineData("--columns elige entre las columnas de un archivo", "predict", "Bien", "--columns", "id")]
    [InlineData("--output es «a.doc», cuya extensión no dice el formato; se esperaba .jsonl, .csv", "predict", "Bien", "--output", "a.doc")]
    [InlineData("--port es 70000; se esperaba de 0 a 65535.", "serve", "--port", "70000")]
    [InlineData("--max-texts es 0; se esperaba 1 o más.", "serve", "--max-texts", "0")]
    [InlineData("--plan no entrena nada y guarda los resultados en su propia carpeta: no admite --output.",
        "search", "--train", "a.csv", "--validation", "a.csv", "--plan", "plan", "--output", "model")]
    public async Task Wrong_usage_is_told_in_Spanish(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(message, (await ToolProcess.RunAsync(folder, [.. arguments, "--language", "es"])).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inspection_warns_in_Spanish_and_in_English_as_JSON()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "titulo,texto,estrellas,label\nMal,Llegó el martes,1,positive\nBien,Muy bueno,5,negative\nRegular,,3,Positive\n");
        string[] arguments = ["inspect", "a.csv", "--backbone", TestFiles.TinyBackbone, "--language", "es"];
        string output = (await ToolProcess.RunAsync(folder, arguments)).Expect(0).Output;
        foreach (string words in (string[])["toman las estrellas, columna 'estrellas'; para tomar las etiquetas, añade --label-column label",
            "El título, columna 'titulo', no se lee", "solo se diferencian en mayúsculas y minúsculas: Positive, positive", "Filas sin texto: 1 de 3."])
            Assert.Contains(words, output, StringComparison.Ordinal);

        string json = (await ToolProcess.RunAsync(folder, [.. arguments, "--json"])).Expect(0).Json["warnings"]!.ToJsonString();
        Assert.Contains("1 of 3 rows have no text.", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Filas", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_faults_of_parts_are_told_in_Spanish()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "text\nBien\nMal\n");
        (await ToolProcess.RunAsync(
            folder, "score", "plan", "--model", TestFiles.TinyClassifier, "--precision", "fp32", "--input", "a.csv", "--output", "plan")).Expect(0);
        folder.With("plan/part-00007.jsonl", "");
        string error = (await ToolProcess.RunAsync(folder, "score", "verify", "--manifest", "plan", "--language", "es")).Expect(1).Error;
        Assert.Contains("part-00000.jsonl no existe", error, StringComparison.Ordinal);
        Assert.Contains("part-00007.jsonl no es de ninguna parte del plan", error, StringComparison.Ordinal);
        Assert.Contains("1 of 1 shards are not whole", error, StringComparison.Ordinal); // an error
    }
}
