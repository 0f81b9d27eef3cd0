using SentimentML.Persistence;

namespace SentimentML.Tests.Persistence;

public class ModelCardTests
{
    [Fact]
    public void A_model_that_rewrites_texts_tells_those_who_use_it_from_Python()
    {
        const string told = "rewritten before they are tokenized, as `preprocessing` in sentimentml.json says";
        string rewriting = ModelCard.Write(new ModelRecord { Preprocessing = new TweetPreprocessingOptions() }, ["negative", "positive"]);
        Assert.Contains(told, rewriting, StringComparison.Ordinal);
        Assert.DoesNotContain(told, ModelCard.Write(new ModelRecord(), ["negative", "positive"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "transformers", "from transformers import pipeline", "")]
    [InlineData("PlanTL-GOB-ES/roberta-base-bne", "peft", "AutoPeftModelForSequenceClassification", "base_model: \"PlanTL-GOB-ES/roberta-base-bne\"\n")]
    [InlineData("SentimentML.SpanishSmall", "peft", "inside the NuGet package SentimentML.SpanishSmall", "")]
    public void An_adapter_is_said_to_be_one_and_of_what(string? adapterOf, string library, string use, string baseModel)
    {
        string card = ModelCard.Write(new ModelRecord(), ["negative", "positive"], adapterOf);
        Assert.Contains($"library_name: {library}\n", card, StringComparison.Ordinal);
        Assert.Contains(use, card, StringComparison.Ordinal);
        Assert.Contains($"{baseModel}tags:\n", card, StringComparison.Ordinal);
        Assert.Equal(adapterOf is null, card.Contains("```python", StringComparison.Ordinal));
    }
}
