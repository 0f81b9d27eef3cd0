using System.Text;
using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Tests.Files;

public class PythonJsonTests
{
    [Theory]
    [InlineData("""{"a": NaN}""", """{"a": null}""")]
    [InlineData("""[NaN,Infinity,-Infinity]""", """[null,1e999,-1e999]""")]
    [InlineData("""{"NaN": "Infinity", "a": NaN, "b": "NaN"}""", """{"NaN": "Infinity", "a": null, "b": "NaN"}""")]
    [InlineData("""{"a": "\"NaN", "b": "\\", "c": NaN, "d": 1}""", """{"a": "\"NaN", "b": "\\", "c": null, "d": 1}""")]
    [InlineData("""{"a": None, "b": Inf}""", """{"a": None, "b": Inf}""")] // is not what Python writes
    [InlineData("""{"a": "NaN""", """{"a": "NaN""")]
    [InlineData("\"NaN\\", "\"NaN\\")]
    [InlineData("", "")]
    public void Numbers_outside_of_texts_become_standard(string written, string expected) => Assert.Equal(expected, PythonJson.ToPlain(written));

    [Fact]
    public void Infinity_is_read_as_infinite()
    {
        double[] read = JsonSerializer.Deserialize<double[]>(PythonJson.ToPlain("[Infinity, -Infinity]"))!;
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity], read);
    }

    [Fact]
    public void What_needs_no_change_is_not_copied()
    {
        ReadOnlyMemory<byte> vocabulary = Encoding.UTF8.GetBytes("""{"NaN": 0, "Infinity": 1}""");
        Assert.True(PythonJson.ToPlain(vocabulary).Span.Overlaps(vocabulary.Span));
    }
}
