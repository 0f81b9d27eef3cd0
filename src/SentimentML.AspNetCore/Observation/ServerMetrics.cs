using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using SentimentML.AspNetCore.Requests;
using SentimentML.Inference;

namespace SentimentML.AspNetCore.Observation;

/// <summary>
/// What the server counts, twice: as a meter and an activity source of .NET, which OpenTelemetry collects (ASP.NET Core itself measures
/// and traces the requests by OpenTelemetry's HTTP conventions), and under text-embeddings-inference's names for /metrics.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "SentimentML.AspNetCore";

    /// <summary>The values of text-embeddings-inference's label "method".</summary>
    public const string Single = "single", Batch = "batch";

    private const string ModelTag = "sentimentml.model.name", ErrorTag = "error.type", Seconds = "s", TextUnit = "{text}", TokenUnit = "{token}";

    // As text-embeddings-inference's.
    private static readonly double[] Durations = PrometheusHistogram.Growing(0.000015, 1.5, 35);
    private static readonly double[] Lengths = PrometheusHistogram.Growing(1, 2, 14), Sizes = PrometheusHistogram.Growing(1, 2, 13),
        Tokens = PrometheusHistogram.Growing(1, 2, 21);

    private readonly PrometheusCounter _requests = new("te_request_count", "Requests for predictions, by whether they bring one text or a batch", "method");
    private readonly PrometheusCounter _successes = new("te_request_success", "Requests that were answered", "method");
    private readonly PrometheusCounter _failures = new("te_request_failure", "Requests that were not answered, by the reason", "err");
    private readonly PrometheusCounter _predictions = new("te_predict_count", "Texts that were accepted");
    private readonly PrometheusCounter _predicted = new("te_predict_success", "Texts that were answered");

    private readonly PrometheusHistogram _requestDuration = new("te_request_duration", "Seconds from a request to its answer", Durations);
    private readonly PrometheusHistogram _requestTokenization =
        new("te_request_tokenization_duration", "Seconds of tokenization, the mean of a request's texts", Durations);
    private readonly PrometheusHistogram _requestQueue = new("te_request_queue_duration", "Seconds in the queue, the mean of a request's texts", Durations);
    private readonly PrometheusHistogram _requestInference =
        new("te_request_inference_duration", "Seconds of the batch, the mean of a request's texts", Durations);
    private readonly PrometheusHistogram _inputLength = new("te_request_input_length", "Tokens of a text, special ones included", Lengths);
    private readonly PrometheusHistogram _predictDuration = new("te_predict_duration", "Seconds from a text's tokenization to its answer", Durations);
    private readonly PrometheusHistogram _predictTokenization = new("te_predict_tokenization_duration", "Seconds of a text's tokenization", Durations);
    private readonly PrometheusHistogram _predictQueue = new("te_predict_queue_duration", "Seconds of a text in the queue", Durations);
    private readonly PrometheusHistogram _predictInference = new("te_predict_inference_duration", "Seconds of a text's batch", Durations);
    private readonly PrometheusHistogram _batchSize = new("te_batch_next_size", "Texts of a batch", Sizes);
    private readonly PrometheusHistogram _batchTokens = new("te_batch_next_tokens", "Tokens of a batch", Tokens);

    private readonly Meter _meter;
    private readonly Histogram<double> _duration, _tokenization, _queue, _inference;
    private readonly Histogram<int> _batchTexts, _batchTokenCount;
    private readonly Counter<long> _texts, _rejected;

    public ServerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(SourceName);
        _duration = _meter.CreateHistogram<double>("sentimentml.classify.duration", Seconds, "Duration of a request's classification.");
        _tokenization = _meter.CreateHistogram<double>("sentimentml.tokenization.duration", Seconds, "Duration of a text's tokenization.");
        _queue = _meter.CreateHistogram<double>("sentimentml.queue.duration", Seconds, "Time that a text waited for its batch.");
        _inference = _meter.CreateHistogram<double>("sentimentml.inference.duration", Seconds, "Duration of a text's batch.");
        _batchTexts = _meter.CreateHistogram<int>("sentimentml.batch.texts", TextUnit, "Texts of a batch.");
        _batchTokenCount = _meter.CreateHistogram<int>("sentimentml.batch.tokens", TokenUnit, "Tokens of a batch.");
        _texts = _meter.CreateCounter<long>("sentimentml.classify.texts", TextUnit, "Texts that were answered.");
        _rejected = _meter.CreateCounter<long>("sentimentml.classify.rejected", "{request}", "Requests that were not answered.");
        _meter.CreateObservableUpDownCounter("sentimentml.queue.texts", () => WaitingTexts(), TextUnit, "Texts that wait for their batch.");
    }

    public ActivitySource Activities { get; } = new(SourceName);

    /// <summary>Counts the texts that wait.</summary>
    public Func<int> WaitingTexts { get; set; } = () => 0;

    public void BatchStarted(string model, GatheredBatch batch)
    {
        _batchSize.Record(batch.Rows);
        _batchTokens.Record(batch.Tokens);
        var tag = new KeyValuePair<string, object?>(ModelTag, model);
        _batchTexts.Record(batch.Rows, tag);
        _batchTokenCount.Record(batch.Tokens, tag);
    }

    public void RequestCame(string method) => _requests.Add(method);

    public void TextsAccepted(int count) => _predictions.Add(count: count);

    /// <param name="model">The model's name.</param>
    /// <param name="tokens">The text's tokens.</param>
    /// <param name="times">The text's own times.</param>
    public void TextAnswered(string model, int tokens, ClassificationTimes times)
    {
        _predicted.Add();
        _inputLength.Record(tokens);
        Record(times, _predictDuration, _predictTokenization, _predictQueue, _predictInference);
        var tag = new KeyValuePair<string, object?>(ModelTag, model);
        _tokenization.Record(times.Tokenization.TotalSeconds, tag);
        _queue.Record(times.Queue.TotalSeconds, tag);
        _inference.Record(times.Inference.TotalSeconds, tag);
    }

    /// <param name="method">Whether the request brought one text or a batch.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="texts">How many texts.</param>
    /// <param name="times">The means of the texts' times.</param>
    public void RequestAnswered(string method, string model, int texts, ClassificationTimes times)
    {
        _successes.Add(method);
        Record(times, _requestDuration, _requestTokenization, _requestQueue, _requestInference);
        var tag = new KeyValuePair<string, object?>(ModelTag, model);
        _texts.Add(texts, tag);
        _duration.Record(times.Total.TotalSeconds, tag);
    }

    /// <param name="reason">One of text-embeddings-inference's words: validation, batch_size, tokenization, overloaded, inference, dropped.</param>
    public void RequestFailed(string reason)
    {
        _failures.Add(reason);
        _rejected.Add(1, new KeyValuePair<string, object?>(ErrorTag, reason));
    }

    /// <summary>Prometheus' text format, version 0.0.4.</summary>
    public string ToPrometheus()
    {
        var text = new StringBuilder();
        foreach (PrometheusCounter counter in (PrometheusCounter[])[_requests, _successes, _failures, _predictions, _predicted])
            counter.WriteTo(text);
        text.Append(CultureInfo.InvariantCulture,
            $"# HELP te_queue_size Texts that wait for their batch\n# TYPE te_queue_size gauge\nte_queue_size {WaitingTexts()}\n");
        foreach (PrometheusHistogram histogram in (
            PrometheusHistogram[])[_requestDuration, _requestTokenization, _requestQueue, _requestInference, _inputLength,
            _predictDuration, _predictTokenization, _predictQueue, _predictInference, _batchSize, _batchTokens])
            histogram.WriteTo(text);
        return text.ToString();
    }

    public void Dispose()
    {
        Activities.Dispose();
        _meter.Dispose();
    }

    private static void Record(
        ClassificationTimes times, PrometheusHistogram total, PrometheusHistogram tokenization, PrometheusHistogram queue, PrometheusHistogram inference)
    {
        total.Record(times.Total.TotalSeconds);
        tokenization.Record(times.Tokenization.TotalSeconds);
        queue.Record(times.Queue.TotalSeconds);
        inference.Record(times.Inference.TotalSeconds);
    }
}
