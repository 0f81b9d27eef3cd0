namespace SentimentML.AspNetCore.Tests.Infrastructure;

/// <summary>Texts of mixed lengths, from three words to some hundred, short ones more often, as reviews are.</summary>
internal static class MixedTexts
{
    private static readonly string[] Words =
    [
        "muy", "bueno", "malo", "el", "la", "producto", "llegó", "tarde", "funciona", "no", "me", "encanta", "calidad", "precio", "regular", "batería",
        "pantalla", "y", "pero", "de",
        "lo", "recomiendo", "devolver", "excelente", "pésimo", "normal", "color", "tamaño", "envío", "rápido", "roto", "caja", "perfecto", "horrible", "días",
        "después", "2", "estrellas",
    ];

    public static string[] Of(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(i => $"{i} {string.Join(' ', Enumerable.Range(0, Length(random)).Select(_ => Words[random.Next(Words.Length)]))}")];
    }

    private static int Length(Random random) => (int)Math.Clamp(3 * Math.Exp(4.5 * Math.Pow(random.NextDouble(), 1.5)), 3, 300);
}
