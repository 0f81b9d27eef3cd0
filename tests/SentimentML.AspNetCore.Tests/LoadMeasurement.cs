using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SentimentML.AspNetCore.Tests.Infrastructure;

namespace SentimentML.AspNetCore.Tests;

/// <summary>
/// A running server under load, beside <c>Classify</c> on the same texts; tests/load.sh starts it. Wrong or lost answers fail, speeds are printed.
/// </summary>
public sealed class LoadMeasurement : IDisposable
{
    private const int DifferentTexts = 2000, OverloadFactor = 4, MaxOutstanding = 4096, Looks = 7;
    private const float Tolerance = 1e-3f; // bfloat16 in other batches

    private static readonly TimeSpan Predicting = TimeSpan.FromSeconds(8);

    private readonly string[] _texts = MixedTexts.Of(DifferentTexts, seed: 1);
    private readonly List<string> _wrong = [];
    private SentimentPrediction[] _expected = [];
    private HttpClient? _client;

    private enum Outcome
    {
        Right,
        Wrong,
        Refused,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Under_load()
    {
        string model = Environment.GetEnvironmentVariable("SENTIMENTML_LOAD_MODEL")!;
        int clients = Setting("CLIENTS", 256), seconds = Setting("SECONDS", 60), process = Setting("PROCESS", 0);
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = MaxOutstanding })
        {
            BaseAddress = new Uri(Environment.GetEnvironmentVariable("SENTIMENTML_LOAD_ADDRESS")!),
            Timeout = TimeSpan.FromMinutes(2),
        };
        double predicted;
        using (SentimentClassifier classifier = SentimentClassifier.Load(model, TorchDevice.Cpu))
        {
            _expected = [.. classifier.Classify(_texts, Stop)];
            predicted = Rate(classifier);
        }
        await ClosedLoopAsync(clients, TimeSpan.FromSeconds(Math.Min(5, seconds))); // warm

        Task<long[]> memory = MemoryOver(process, TimeSpan.FromSeconds(seconds));
        (double served, TimeSpan[] times) = await ClosedLoopAsync(clients, TimeSpan.FromSeconds(seconds));
        using (SentimentClassifier classifier = SentimentClassifier.Load(model, TorchDevice.Cpu))
            predicted = (predicted + Rate(classifier)) / 2; // before and after
        Write($"{clients} clients, {seconds} s: {served:N0} texts/s, predict {predicted:N0}, ratio {served / predicted:0.00}; p50 {Milliseconds(times, 0.5)}, "
            + $"p99 {Milliseconds(times, 0.99)}");
        Write($"memory, MB, from the start to the end: {string.Join(", ", (await memory).Select(bytes => $"{bytes / 1e6:N0}"))}");

        TimeSpan[] alone = await AloneAsync(500);
        (TimeSpan[] half, TimeSpan[] refusedAtHalf, _) = await OpenLoopAsync(served / 2, TimeSpan.FromSeconds(Math.Max(5, seconds / 2)));
        Write($"half load: p50 {Milliseconds(half, 0.5)}, p99 {Milliseconds(half, 0.99)}, {half.Length:N0} answered, {refusedAtHalf.Length:N0} refused; alone "
            + $"p50 {Milliseconds(alone, 0.5)}, p99 {Milliseconds(alone, 0.99)}, mean {alone.Average(time => time.TotalMilliseconds):0.0} ms; "
            + $"p99 / alone {At(half, 0.99) / alone.Average(time => time.TotalMilliseconds):0.0}, p99 / p99 alone {At(half, 0.99) / At(alone, 0.99):0.0}");

        (TimeSpan[] answered, TimeSpan[] refused, double rate) = await OpenLoopAsync(served * OverloadFactor, TimeSpan.FromSeconds(Math.Max(5, seconds / 2)));
        Write($"{OverloadFactor} x load: {rate:N0} texts/s answered ({rate / served:0.00} of full speed), {refused.Length:N0} refused, 429 after p50 "
            + $"{Milliseconds(refused, 0.5)}, p99 {Milliseconds(refused, 0.99)}; answered p99 {Milliseconds(answered, 0.99)}");
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} wrong: {string.Join("\n", _wrong.Take(10))}");
    }

    public void Dispose() => _client?.Dispose();

    private double Rate(SentimentClassifier classifier)
    {
        long began = Stopwatch.GetTimestamp();
        int count = 0;
        while (Stopwatch.GetElapsedTime(began) < Predicting)
            count += classifier.Classify(_texts, Stop).Count();
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private async Task<(double Rate, TimeSpan[] Times)> ClosedLoopAsync(int clients, TimeSpan duration)
    {
        long began = Stopwatch.GetTimestamp();
        List<TimeSpan>[] times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var own = new List<TimeSpan>();
            for (int i = client * 7919; Stopwatch.GetElapsedTime(began) < duration; i++)
            {
                (Outcome outcome, TimeSpan time) = await AskAsync(i % _texts.Length);
                if (outcome == Outcome.Right)
                    own.Add(time);
            }
            return own;
        })));
        TimeSpan[] all = [.. times.SelectMany(own => own)];
        return (all.Length / Stopwatch.GetElapsedTime(began).TotalSeconds, all);
    }

    private async Task<TimeSpan[]> AloneAsync(int count)
    {
        var times = new TimeSpan[count];
        for (int i = 0; i < count; i++)
            times[i] = (await AskAsync(i * 31 % _texts.Length)).Time;
        return times;
    }

    /// <summary>Requests at a rate, whether those before them were answered or not.</summary>
    private async Task<(TimeSpan[] Answered, TimeSpan[] Refused, double Rate)> OpenLoopAsync(double rate, TimeSpan duration)
    {
        long began = Stopwatch.GetTimestamp();
        var asked = new List<Task<(Outcome Outcome, TimeSpan Time)>>();
        int outstanding = 0;
        for (TimeSpan elapsed; (elapsed = Stopwatch.GetElapsedTime(began)) < duration;)
        {
            for (int due = (int)(elapsed.TotalSeconds * rate); asked.Count < due && Volatile.Read(ref outstanding) < MaxOutstanding;)
                asked.Add(CountedAsync(asked.Count * 31 % _texts.Length));
            await Task.Delay(1, Stop);
        }
        (Outcome Outcome, TimeSpan Time)[] all = await Task.WhenAll(asked);
        TimeSpan[] answered = [.. all.Where(answer => answer.Outcome == Outcome.Right).Select(answer => answer.Time)];
        return (answered, [.. all.Where(answer => answer.Outcome == Outcome.Refused).Select(answer => answer.Time)],
            answered.Length / Stopwatch.GetElapsedTime(began).TotalSeconds);

        async Task<(Outcome, TimeSpan)> CountedAsync(int text)
        {
            Interlocked.Increment(ref outstanding);
            try
            {
                return await AskAsync(text);
            }
            finally
            {
                Interlocked.Decrement(ref outstanding);
            }
        }
    }

    private async Task<(Outcome Outcome, TimeSpan Time)> AskAsync(int text)
    {
        long began = Stopwatch.GetTimestamp();
        string answer;
        HttpStatusCode status;
        using (HttpResponseMessage response = await _client!.PostAsJsonAsync("/predict", new { inputs = _texts[text] }, Stop))
        {
            answer = await response.Content.ReadAsStringAsync(Stop);
            status = response.StatusCode;
        }
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        if (status == HttpStatusCode.TooManyRequests)
            return (Outcome.Refused, time);
        if (status == HttpStatusCode.OK && IsRight(JsonNode.Parse(answer)!, _expected[text]))
            return (Outcome.Right, time);
        lock (_wrong)
            _wrong.Add($"{_texts[text]}: {(int)status} {answer}, expected {_expected[text]}");
        return (Outcome.Wrong, time);
    }

    /// <summary>The same scores up to rounding, and so the same label unless two are that close.</summary>
    private static bool IsRight(JsonNode answer, SentimentPrediction expected) => answer.AsArray().Count == expected.Labels.Count && expected.Labels
        .Select((label, i) => (label, expected.Probabilities[i]))
        .All(pair => answer.AsArray()
            .Any(item => item!["label"]!.ToString() == pair.label && Math.Abs(item["score"]!.GetValue<float>() - pair.Item2) < Tolerance));

    private static int Setting(string name, int byDefault) =>
        Environment.GetEnvironmentVariable($"SENTIMENTML_LOAD_{name}") is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : byDefault;

    /// <summary>The process's memory at <see cref="Looks"/> times, the first at once and the last after the duration.</summary>
    private static async Task<long[]> MemoryOver(int process, TimeSpan duration)
    {
        long[] memory = new long[Looks];
        for (int look = 0; look < Looks; look++)
        {
            using Process? server = process == 0 ? null : Process.GetProcessById(process);
            memory[look] = server?.WorkingSet64 ?? 0;
            if (look < Looks - 1)
                await Task.Delay(duration / (Looks - 1), Stop);
        }
        return memory;
    }

    private static double At(TimeSpan[] times, double share) =>
        times.Length == 0 ? double.NaN : times.Order().ElementAt((int)(share * (times.Length - 1))).TotalMilliseconds;

    private static string Milliseconds(TimeSpan[] times, double share) => string.Create(CultureInfo.InvariantCulture, $"{At(times, share):0.0} ms");

    private static void Write(string line) => TestContext.Current.TestOutputHelper!.WriteLine("load: " + line);
}
