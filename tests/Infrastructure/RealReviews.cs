using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Infrastructure;

/// <summary>The research corpus beside the checkout, read by the library itself. A test that needs it is skipped where it is missing.</summary>
internal static class RealReviews
{
    public static IDataView View(MLContext ml, string file) => ml.Data.LoadReviews(Path(file));

    public static string Path(string file) => Shared.Path("data", "amazon_reviews_multi_es", file);

    /// <summary>Each row's text: title and body together.</summary>
    public static IEnumerable<string> Texts(string file) => View(new MLContext(), file).GetColumn<string>("Text");
}
