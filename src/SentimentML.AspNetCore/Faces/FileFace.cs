using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using SentimentML.AspNetCore.Files;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;
using SentimentML.Predictions;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// <c>/predict/file</c>: a file of texts in, its rows with their predictions out, in constant memory. The header x-total-rows says how
/// many there will be. A file with a fault is answered 422 before anything else; an answer that breaks off later ends the connection.
/// </summary>
internal static class FileFace
{
    private const string TotalRows = "x-total-rows";
    private const int FlushBytes = 1 << 16;

    public static async Task RunAsync(ServerRequest request)
    {
        bool? acceptsCsv = FileFormat.AcceptsCsv(request.Context.Request);
        ServedModel model = request.Model();
        if (!request.Server.FileSlots.Wait(0, CancellationToken.None))
            throw RequestFault.Overloaded(model.RetryAfter);
        try
        {
            using ReceivedFile file = await ReceivedFile.ReceiveAsync(request).ConfigureAwait(false);
            FileRows rows = await Task.Run(() => file.Open(request.Aborted), request.Aborted).ConfigureAwait(false);
            await AnswerAsync(request, model, rows, acceptsCsv ?? file.IsCsv).ConfigureAwait(false);
        }
        finally
        {
            request.Server.FileSlots.Release();
        }
    }

    private static async Task AnswerAsync(ServerRequest request, ServedModel model, FileRows rows, bool answersCsv)
    {
        HttpResponse response = request.Context.Response;
        response.ContentType = answersCsv ? $"{FileFormat.Csv}; charset=utf-8" : FileFormat.NdJson;
        response.Headers[TotalRows] = rows.Count.ToString(CultureInfo.InvariantCulture);
        await response.StartAsync(request.Aborted).ConfigureAwait(false); // rows that wait in the writer are an answer that has begun
        PipeWriter body = response.BodyWriter;
        IReadOnlyList<string> labels = model.Classifier.Labels;
        var fields = new PredictionFields(labels, withLogits: false, withUnsure: false);
        string[] columns = CarriedColumns.FreeNames([.. rows.ColumnNames.Select((name, place) => (name, place))], fields.Names);
        IPredictionWriter writer = answersCsv ? new CsvWriter(body, columns, labels) : new JsonLinesWriter(body, columns, fields);
        var read = new ConcurrentQueue<FileRow>(); // read ahead of their predictions, by two windows at most
        await foreach (SentimentPrediction prediction in model.Classifier.ClassifyAsync(Texts().ToAsyncEnumerable(), request.Aborted).ConfigureAwait(false))
        {
            read.TryDequeue(out FileRow row);
            writer.Write(row, row.IsMissing ? null : prediction);
            if (body.UnflushedBytes >= FlushBytes)
                await body.FlushAsync(request.Aborted).ConfigureAwait(false);
        }
        await body.FlushAsync(request.Aborted).ConfigureAwait(false);

        IEnumerable<string> Texts()
        {
            foreach (FileRow row in rows.Read())
            {
                read.Enqueue(row);
                yield return row.Text;
            }
        }
    }
}
