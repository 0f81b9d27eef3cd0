using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tests.Infrastructure;

namespace SentimentML.Tests.Training;

/// <summary>The research corpus beside the checkout, read by the library itself.</summary>
internal static class RealReviews
{
    public static IDataView View(MLContext ml, string file) => ml.Data.LoadReviews(Shared.Path("data", "amazon_reviews_multi_es", file));

    public static IEnumerable<string> Texts(string file) => View(new MLContext(), file).GetColumn<string>("Text");
}
