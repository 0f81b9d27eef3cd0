using System.Text.Json;
using SentimentML.Encoders;

namespace SentimentML.Tests.Encoders;

/// <summary>The network at roberta-base-bne's size, with its vocabulary (golden/base_forward.json).</summary>
public class BaseForwardTests
{
    [Fact]
    public void Logits_at_full_size_equal_the_reference()
    {
        JsonElement[] cases = [.. Goldens.Json("base_forward.json").GetProperty("cases").EnumerateArray()];
        var tokenizer = PretrainedTokenizer.FromFolder(Shared.Path("tokenizers", "bne"));
        using SequenceClassifier network = FormulaWeights.Base();
        foreach (JsonElement each in cases)
        {
            string text = each.GetProperty("text").GetString()!;
            int[] ids = tokenizer.EncodeToIds(text);
            Assert.Equal(each.GetProperty("tokens").GetInt32(), ids.Length);
            Goldens.Near($"'{text}', logits", each.GetProperty("logits").Doubles(), Goldens.Logits(network, [ids])[0], 1e-5);
        }
    }
}
