using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Reviews;

/// <summary>A folder for the files of one test, and what a test asks of them.</summary>
public sealed class ReviewFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentimentml-reviews-");

    public MLContext ML { get; } = new(seed: 1);

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        string path = Path(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public IDataView Load(string name, string content, ReviewFileOptions? options = null) => ML.Data.LoadReviews(Write(name, content), options);

    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] Gzip(string content) => Gzip(Encoding.UTF8.GetBytes(content));

    public static string[] Texts(IDataView data, string column = "Text") => [.. data.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString())];

    public static float[] Stars(IDataView data) => [.. data.GetColumn<float>("Stars")];

    public static string[] Columns(IDataView data) => [.. data.Schema.Select(column => column.Name)];

    /// <summary>Loads a file that is wrong, reads all of it, and gives the error's message without the folder.</summary>
    public string Fault(string path, ReviewFileOptions? options = null)
    {
        var error = Assert.Throws<SentimentMLException>(() => ReadAll(ML.Data.LoadReviews(path, options)));
        return WithoutFolder(error.Message);
    }

    /// <summary>The error that LoadReviews gives at once, without a row being asked for.</summary>
    public string FaultAtOnce(string path, ReviewFileOptions? options = null)
    {
        var error = Assert.Throws<SentimentMLException>(() => ML.Data.LoadReviews(path, options));
        return WithoutFolder(error.Message);
    }

    public static void ReadAll(IDataView data)
    {
        foreach (DataViewSchema.Column column in data.Schema)
        {
            if (column.Type is TextDataViewType)
                Texts(data, column.Name);
            else
                _ = data.GetColumn<float>(column.Name).Count();
        }
    }

    private string WithoutFolder(string message) => message.Replace(_folder.FullName + System.IO.Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
