using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SentimentML.Files;

namespace SentimentML.Pipeline.Search;

/// <summary>
/// A search's results in a file: a line that says whose they are, then one for each trial, written through to the disk when
/// the trial ends. A line that was cut off counts for nothing.
/// </summary>
internal sealed class SearchTable
{
    private const int Format = 1;

    private readonly string _path;
    private readonly List<SearchTrial> _trials = [];

    /// <summary>Reads what is there, or begins a new file.</summary>
    /// <exception cref="SentimentMLException">The file is of another search, or no table, or cannot be read or written.</exception>
    public SearchTable(string path, SearchFingerprint search)
    {
        _path = Path.GetFullPath(path);
        try
        {
            if (new FileInfo(_path) is { Exists: true, Length: > 0 })
                Read(search);
            else
                Begin(search);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(e);
        }
    }

    /// <summary>The trials that stand in it, in their order.</summary>
    public IReadOnlyList<SearchTrial> Trials => _trials;

    /// <exception cref="SentimentMLException">The file cannot be written.</exception>
    public void Add(SearchTrial trial)
    {
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            file.Seek(-1, SeekOrigin.End);
            bool cutOff = file.ReadByte() != '\n'; // the last line, when an earlier search was stopped
            file.Write(Encoding.UTF8.GetBytes((cutOff ? "\n" : "") + JsonSerializer.Serialize(trial, SearchJson.Default.SearchTrial) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotUsable(e);
        }
        _trials.Add(trial);
    }

    private void Begin(SearchFingerprint search) =>
        WholeFile.Write(_path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Header(Format, search), SearchJson.Default.Header) + "\n"));

    private void Read(SearchFingerprint search)
    {
        using IEnumerator<string> lines = File.ReadLines(_path).GetEnumerator();
        lines.MoveNext();
        if (Line(lines.Current, SearchJson.Default.Header) is not { Format: Format, Search: { } written })
            throw new SentimentMLException($"{_path} is no table of a search by this version: its first line does not say whose results it holds. Name another file, or delete it.");
        string[] differences = [.. search.Differences(written)];
        if (differences.Length > 0)
            throw new SentimentMLException($"The table {_path} is of another search; what differs: {string.Join("; ", differences)}. Search with the same options and data to resume it, or name another file.");
        while (lines.MoveNext())
            if (Line(lines.Current, SearchJson.Default.SearchTrial) is { } trial)
                _trials.Add(trial);
    }

    /// <summary>Null for a truncated line, as a search that was stopped leaves it; its trial is run again.</summary>
    private static T? Line<T>(string line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private SentimentMLException NotUsable(Exception cause) =>
        new($"The table of results {_path} cannot be used: {cause.Message} Look for the folder, for write permission and for free space; the trials that stand in it are not lost.", cause);

    internal sealed record Header(int Format, SearchFingerprint Search);
}
