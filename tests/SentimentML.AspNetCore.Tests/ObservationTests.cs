using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>What OpenTelemetry collects.</summary>
public sealed class ObservationTests
{
    private const string Source = "SentimentML.AspNetCore";

    [Fact]
    public async Task A_request_is_measured_and_traced_within_the_servers_own_activity()
    {
        var activities = new ConcurrentBag<Activity>();
        using var activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Source or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(activityListener);
        var measured = new ConcurrentDictionary<string, double>();
        using var meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Source)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meterListener.SetMeasurementEventCallback<double>(
            (instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        meterListener.SetMeasurementEventCallback<int>(
            (instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        meterListener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) => measured.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        meterListener.Start();

        await using TestServer server = await TestServer.StartAsync();
        await server.AnswerAsync("/predict", """{"inputs": [["bueno"], ["malo"]]}""");
        using (HttpResponseMessage refused = await server.PostAsync("/predict", """{"inputs": ""}"""))
            await TestServer.FaultAsync(refused, 400, "Empty");
        meterListener.RecordObservableInstruments();

        Assert.Equal(2, measured["sentimentml.classify.texts"]);
        Assert.Equal(1, measured["sentimentml.classify.rejected"]);
        Assert.Equal(2, measured["sentimentml.batch.texts"]);
        Assert.Equal(0, measured["sentimentml.queue.texts"]);
        foreach (string name in (
            string[])["sentimentml.classify.duration", "sentimentml.tokenization.duration", "sentimentml.queue.duration", "sentimentml.inference.duration",
            "sentimentml.batch.tokens"])
            Assert.True(measured.GetValueOrDefault(name) > 0, $"{name} was not measured");
        Activity classify = Assert.Single(activities, activity => activity.Source.Name == Source && activity.OperationName == "classify");
        Assert.Equal(2, classify.GetTagItem("sentimentml.texts"));
        Assert.Equal(TestServer.ModelName, classify.GetTagItem("sentimentml.model.name"));
        Assert.NotNull(classify.ParentId); // the request's own activity, by OpenTelemetry's conventions for HTTP
    }
}
