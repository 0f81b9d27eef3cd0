using SentimentML.Preprocessing;

namespace SentimentML.Tests.Preprocessing;

/// <summary>The embedded names, against what Python's emoji 2.14.1 says in Spanish.</summary>
public class EmojiNamesTests
{
    [Theory]
    [InlineData("😂", "cara_llorando_de_risa")]
    [InlineData("❤", "corazón_rojo")]
    [InlineData("❤\uFE0F", "corazón_rojo")]
    [InlineData("👍\U0001F3FD", "pulgar_hacia_arriba_tono_de_piel_medio")]
    [InlineData("\U0001F1EA\U0001F1F8", "bandera_españa")]
    [InlineData("\U0001F1E8\U0001F1EE", "bandera_côte_d’ivoire")]
    [InlineData("5\uFE0F\u20E3", "teclas_5")]
    [InlineData("5\u20E3", "teclas_5")]
    [InlineData("🔟", "teclas_10")]
    [InlineData("🧑\U0001F3FB\u200D🤝\u200D🧑\U0001F3FF", "dos_personas_de_la_mano_tono_de_piel_claro_y_tono_de_piel_oscuro")]
    [InlineData("🧑\U0001F3FB\u200D🤝\u200D🧑\U0001F3FB", "dos_personas_de_la_mano_tono_de_piel_claro")]
    [InlineData("👁\uFE0F\u200D🗨\uFE0F", "ojo_en_bocadillo_de_texto")]
    [InlineData("👁\u200D🗨", "ojo_en_bocadillo_de_texto")]
    [InlineData("⛷", "persona_esquiando")]
    [InlineData("⛷\uFE0F", "esquiador")]
    [InlineData("🤸\U0001F3FE\u200D♀\uFE0F", "mujer_haciendo_voltereta_lateral_tono_de_piel_oscuro_medio")]
    [InlineData("🏃\U0001F3FE\u200D♀\uFE0F\u200D➡\uFE0F", "mujer_corriendo_hacia_la_derecha_tono_de_piel_oscuro_medio")]
    [InlineData("🦰", "pelo_pelirrojo")]
    [InlineData("\U0001F3FE", "tono_de_piel_oscuro_medio")]
    [InlineData("🆙", "botón_up!")]
    public void An_emoji_has_the_name_of_the_reference(string emoji, string expected)
    {
        int node = 0;
        for (int at = 0; at < emoji.Length;)
        {
            node = EmojiNames.Spanish.Child(node, WordCharacters.CodePointAt(emoji, at, out int length));
            Assert.NotEqual(0, node);
            at += length;
        }
        Assert.Equal(expected, EmojiNames.Spanish.Name(node));
    }

    [Fact]
    public void Every_name_is_one_that_the_wrapping_can_read()
    {
        string[] names = [.. Names()];
        Assert.Equal(5225, names.Length);
        Assert.DoesNotContain(names, name => name.Length == 0 || name.Any(c => c is '|' or ' ' or '\t' || char.IsUpper(c)));
    }

    /// <summary>The name of each emoji, by a walk over the whole tree.</summary>
    private static IEnumerable<string> Names()
    {
        int[] codePoints = [.. Enumerable.Range(0, 0x20000), .. Enumerable.Range(0xE0000, 0x80)];
        int[] parts = [.. codePoints.Where(c => EmojiNames.Spanish.Child(0, c) > 0), 0x200D, 0xFE0F, 0x20E3, .. Enumerable.Range(0xE0020, 0x60)];
        var nodes = new Stack<int>([0]);
        while (nodes.TryPop(out int node))
        {
            if (EmojiNames.Spanish.Name(node) is { } name)
                yield return name;
            foreach (int child in parts.Select(part => EmojiNames.Spanish.Child(node, part)).Where(child => child > 0))
                nodes.Push(child);
        }
    }
}
