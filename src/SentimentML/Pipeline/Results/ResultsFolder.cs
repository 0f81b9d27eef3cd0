using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SentimentML.Files;

namespace SentimentML.Pipeline.Results;

/// <summary>
/// The results of a search's or a cross-validation's trainings in a folder: results.json says whose they are, and each training that has ended
/// has a file, which appears whole. Any number of processes may write into the folder at once: each training has a file of its own.
/// </summary>
internal sealed class ResultsFolder
{
    private const string HeaderFile = "results.json";
    private const int Format = 1;
    private const int MaxHeaderBytes = 1 << 20, MaxResultBytes = 1 << 30;

    private readonly string _path;
    private readonly string _work;

    /// <summary>Opens the folder; begins it if it has no results yet.</summary>
    /// <exception cref="SentimentMLException">The results are of other work, or the folder cannot be read or written.</exception>
    public ResultsFolder(string path, ResultsFingerprint work)
    {
        _path = Path.GetFullPath(path);
        var header = new ResultsHeader(Format, work);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header, ResultsJson.Default.ResultsHeader);
        _work = FileDigest.Of(json);
        string file = Path.Combine(_path, HeaderFile);
        try
        {
            if (!File.Exists(file))
                WholeFile.Write(file, json);
            if (Read(file, MaxHeaderBytes, ResultsJson.Default.ResultsHeader) is not { Format: Format } written) // another process may have been faster
                throw new SentimentMLException($"{file} was not written by a search or a cross-validation of this version. Name another folder, or delete it.");
            string[] differences = [.. work.Differences(written.Work)];
            if (differences.Length > 0)
            {
                throw new SentimentMLException($"The results in {_path} are of other work; what differs: {string.Join("; ", differences)}. "
                    + "Give the same options and data to resume it, or name another folder.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(e);
        }
    }

    /// <summary>A training's result.</summary>
    /// <returns>The result; null if the training has not ended, or its file is damaged: it is to be done again.</returns>
    /// <exception cref="SentimentMLException">The file is of other work, or cannot be read.</exception>
    public T? Find<T>(string name, JsonTypeInfo<StoredResult<T>> type)
        where T : class
    {
        string file = FileOf(name);
        try
        {
            if (!File.Exists(file) || Read(file, MaxResultBytes, type) is not { } stored)
                return null;
            return stored.Work == _work
                ? stored.Result
                : throw new SentimentMLException($"{file} is a result of other work than the folder's. Move it away, or name another folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(e);
        }
    }

    /// <exception cref="SentimentMLException">The file cannot be written.</exception>
    public void Add<T>(string name, T result, JsonTypeInfo<StoredResult<T>> type)
        where T : class
    {
        try
        {
            WholeFile.Write(FileOf(name), JsonSerializer.SerializeToUtf8Bytes(new StoredResult<T>(_work, result), type));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(e);
        }
    }

    private string FileOf(string name) => Path.Combine(_path, name + ".json");

    private static T? Read<T>(string path, int maxBytes, JsonTypeInfo<T> type)
        where T : class
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return file.Length > maxBytes ? null : JsonSerializer.Deserialize(file, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private SentimentMLException NotUsable(Exception cause) =>
        new($"The folder of results {_path} cannot be used: {cause.Message} Check write permission and free space; its results are not lost.", cause);
}
