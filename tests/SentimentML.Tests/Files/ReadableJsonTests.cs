using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Tests.Files;

public sealed class ReadableJsonTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = ReadableJson.Encoder };

    [Theory]
    [InlineData("me encanta 😂, señor", "\"me encanta 😂, señor\"")]
    [InlineData("<b>\"sí\"\\\n", "\"<b>\\\"sí\\\"\\\\\\n\"")]
    public void Characters_stay_as_they_are_where_JSON_allows_it(string text, string expected)
    {
        Assert.Equal(expected, JsonSerializer.Serialize(text, Readable));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(expected));
    }
}
