using System.Diagnostics;
using System.Globalization;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Observation;
using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Requests;

/// <summary>Texts to classify, whichever face they came through.</summary>
/// <param name="Texts">The texts, or pairs of texts.</param>
/// <param name="IsBatch">Whether the client sent a batch, which may have one text.</param>
/// <param name="Truncate">Whether texts with too many tokens are cut.</param>
/// <param name="KeepEnd">Whether a cut text loses its beginning, and not its end; null: as the model's tokenizer says.</param>
internal sealed record TextRequest(IReadOnlyList<TextInput> Texts, bool IsBatch, bool Truncate, bool? KeepEnd = null)
{
    private string Method => IsBatch ? ServerMetrics.Batch : ServerMetrics.Single;

    /// <summary>Refuses a request for a model that has no room, before its body is read.</summary>
    /// <exception cref="RequestFault">The model has no room.</exception>
    public static void RequireRoom(ServerRequest request, ServedModel model)
    {
        if (!model.TryAccept(1, request.Server.Options.MaxWaitingTexts))
            throw RequestFault.Overloaded(model.RetryAfter);
        model.Leave(1);
    }

    /// <summary>Classifies the texts, each on its own, so that they are computed with the texts of other requests that are as long.</summary>
    /// <exception cref="RequestFault">A text is empty or too long, there are too many, or the model has no room for them.</exception>
    public async Task<ClassifiedTexts> ClassifyAsync(ServerRequest request, ServedModel model)
    {
        ServerMetrics metrics = request.Server.Metrics;
        SentimentServerOptions limits = request.Server.Options;
        metrics.RequestCame(Method);
        Check(Texts, limits);
        if (!model.TryAccept(Texts.Count, limits.MaxWaitingTexts))
            throw RequestFault.Overloaded(model.RetryAfter);
        long accepted = Stopwatch.GetTimestamp();
        using Activity? activity = metrics.Activities.StartActivity("classify");
        activity?.SetTag("sentimentml.model.name", model.Name).SetTag("sentimentml.texts", Texts.Count);
        try
        {
            metrics.TextsAccepted(Texts.Count);
            Answer[] answers = await Task.WhenAll(Texts.Select(text => AnswerAsync(model, metrics, text, request.Aborted))).ConfigureAwait(false);
            model.Answered(Texts.Count, accepted);
            var classified = new ClassifiedTexts([.. answers.Select(answer => answer.Prediction)], Texts.Sum(Characters), answers.Sum(answer => answer.Tokens),
                Mean(answers, Stopwatch.GetElapsedTime(request.Began)), model.ComputeType);
            metrics.RequestAnswered(Method, model.Name, Texts.Count, classified.Times);
            activity?.SetTag("sentimentml.tokens", classified.Tokens);
            return classified;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e is RequestFault fault ? fault.Type : e.GetType().FullName);
            throw;
        }
        finally
        {
            model.Leave(Texts.Count);
        }
    }

    /// <exception cref="RequestFault">A text is empty or too long, or there are too many.</exception>
    public static void Check(IReadOnlyList<TextInput> texts, SentimentServerOptions limits)
    {
        if (texts.Count == 0)
            throw RequestFault.Empty("`inputs` cannot be empty");
        if (texts.Count > limits.MaxTextsPerRequest)
            throw RequestFault.TooLarge(
                string.Create(CultureInfo.InvariantCulture, $"batch size {texts.Count} > maximum allowed batch size {limits.MaxTextsPerRequest}"));
        foreach (TextInput text in texts)
        {
            if (text.Text.Length == 0 && text.Pair is not { Length: > 0 })
                throw RequestFault.Empty("`inputs` cannot be empty");
            int characters = Math.Max(text.Text.Length, text.Pair?.Length ?? 0);
            if (characters > limits.MaxTextCharacters)
                throw RequestFault.Invalid(
                    string.Create(CultureInfo.InvariantCulture, $"`inputs` must have at most {limits.MaxTextCharacters} characters. Given: {characters}"));
        }
    }

    private async Task<Answer> AnswerAsync(ServedModel model, ServerMetrics metrics, TextInput text, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        TextScorer scorer = model.Classifier.Scorer;
        TokenRow tokens = Tokenize(scorer, text);
        TimeSpan tokenization = Stopwatch.GetElapsedTime(began);
        GatheredAnswer answer = await model.Classifier.Gathering.AnswerAsync([tokens], cancellation).ConfigureAwait(false);
        SentimentPrediction prediction = scorer.Rule.Answer(answer.Logits);
        var times = new ClassificationTimes(Stopwatch.GetElapsedTime(began), tokenization, answer.Waited, answer.Computed);
        metrics.TextAnswered(model.Name, tokens.Length, times);
        return new Answer(prediction, tokens.Length, times);
    }

    private TokenRow Tokenize(TextScorer scorer, TextInput text)
    {
        TokenRow tokens;
        bool isTruncated;
        try
        {
            tokens = scorer.Tokenize(text, KeepEnd, out isTruncated);
        }
        catch (SentimentMLException e) // a regular expression of the tokenizer takes too long on this text
        {
            throw RequestFault.Untokenizable(e.Message);
        }
        return isTruncated && !Truncate
            ? throw RequestFault.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"`inputs` must have at most {scorer.MaxTokens} tokens. Send \"truncate\": true to have it cut."))
            : tokens;
    }

    private static ClassificationTimes Mean(Answer[] answers, TimeSpan total) => new(total, Mean(answers, times => times.Tokenization),
        Mean(answers, times => times.Queue), Mean(answers, times => times.Inference));

    private static TimeSpan Mean(Answer[] answers, Func<ClassificationTimes, TimeSpan> time) =>
        answers.Aggregate(TimeSpan.Zero, (sum, answer) => sum + time(answer.Times)) / answers.Length;

    private static int Characters(TextInput text) => CodePoints.Count(text.Text) + CodePoints.Count(text.Pair ?? "");

    private readonly record struct Answer(SentimentPrediction Prediction, int Tokens, ClassificationTimes Times);
}
