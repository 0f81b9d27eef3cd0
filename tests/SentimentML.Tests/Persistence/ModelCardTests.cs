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
}
