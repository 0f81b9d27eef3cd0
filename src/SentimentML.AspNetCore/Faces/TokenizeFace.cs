using System.Text.Json;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;
using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Faces;

/// <summary>text-embeddings-inference's <c>/tokenize</c>: each text's tokens, whole, with their places in code points.</summary>
internal static class TokenizeFace
{
    public static async Task RunAsync(ServerRequest request)
    {
        ServedModel model = request.Model();
        TextInput[] texts;
        bool addSpecialTokens;
        using (JsonDocument body = await request.ReadJsonAsync().ConfigureAwait(false))
        {
            JsonElement inputs = body.RootElement.Required("inputs");
            texts = inputs.ValueKind == JsonValueKind.String
                ? [new TextInput(inputs.Text("inputs"))]
                : [.. inputs.Items("inputs").Select(text => new TextInput(text.Text("inputs")))];
            addSpecialTokens = body.RootElement.Boolean("add_special_tokens") ?? true;
        }
        TextRequest.Check(texts, request.Server.Options);
        TextScorer scorer = model.Classifier.Scorer with { MaxTokens = int.MaxValue };
        await request.WriteJsonAsync(json =>
        {
            json.WriteStartArray();
            foreach (TextInput text in texts)
            {
                request.Aborted.ThrowIfCancellationRequested();
                Write(json, scorer, text, addSpecialTokens);
            }
            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, TextScorer scorer, TextInput text, bool addSpecialTokens)
    {
        TokenizedText tokens;
        TextInput input;
        IReadOnlyList<TokenOffset> offsets;
        try
        {
            input = scorer.Transformed(text);
            tokens = scorer.Encode(input, out offsets);
        }
        catch (SentimentMLException e) // a regular expression of the tokenizer takes too long on this text
        {
            throw RequestFault.Untokenizable(e.Message);
        }
        int[] codePoints = CodePoints.Before(input.Text);
        json.WriteStartArray();
        for (int i = 0; i < tokens.Ids.Count; i++)
        {
            bool isAround = tokens.SequenceIds[i] is null;
            if (isAround && !addSpecialTokens)
                continue;
            (int start, int end) = offsets[i];
            json.WriteStartObject();
            json.WriteNumber("id", tokens.Ids[i]);
            json.WriteString("text", isAround ? scorer.Tokenizer.IdToToken(tokens.Ids[i]) : input.Text[start..end]);
            json.WriteBoolean("special", scorer.Tokenizer.IsSpecial(tokens.Ids[i]));
            if (isAround)
            {
                json.WriteNull("start");
                json.WriteNull("stop");
            }
            else
            {
                json.WriteNumber("start", codePoints[start]);
                json.WriteNumber("stop", codePoints[end]);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
