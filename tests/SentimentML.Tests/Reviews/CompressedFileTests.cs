using System.IO.Compression;
using System.Text;
using SharpCompress.Compressors.BZip2;
using ZstdSharp;

namespace SentimentML.Tests.Reviews;

public sealed class CompressedFileTests : IDisposable
{
    private const string Csv = "text,stars\nMuy bueno,5\n";

    // What xz writes of it, and of its halves with padding between them.
    private const string Xz = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAWdGV4dCxzdGFycwpNdXkgYnVlbm8sNQoAAFXCdtUmHwPUAAEvF4EISbEftvN9AQAAAAAEWVo=";
    private const string TwoXz =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAOdGV4dCxzdGFycwpNdXkgAAAmDeTsKBj0/QABJw/fGvxqH7bzfQEAAAAABFlaAAAAAP03elhaAAAE5ta0RgIAIQEWAAAAdC/lowEAB2J1ZW5vLDUKAHDTz9yIfBYEAAEgCLsZ2bsftvN9AQAAAAAEWVo=";

    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("a.csv.bz2")]
    [InlineData("a.csv.xz")]
    [InlineData("a.csv.zst")]
    [InlineData("a.csv.zip")]
    [InlineData("a.csv")]
    public void Every_compression_is_recognized_by_the_content(string name)
    {
        foreach (byte[] packed in (byte[][])[Bzip2(Csv), Convert.FromBase64String(Xz), Convert.FromBase64String(TwoXz), Zstandard(Csv), Zip(("a.csv", Csv))])
        {
            if (name != "a.csv" && !IsPromised(name, packed))
                continue;
            var data = _folder.ML.Data.LoadReviews(_folder.Write(name, packed));
            Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
            Assert.Equal([5f], ReviewFolder.Stars(data));
        }
    }

    [Theory]
    [InlineData("a.zip", "reviews.jsonl", "{\"text\": \"Muy bueno\"}\n")]
    [InlineData("a.csv.zip", "reviews.tsv", "text\tstars\nMuy bueno\t5\n")]
    [InlineData("a.csv.zip", "reviews", "text,stars\nMuy bueno,5\n")]
    public void The_file_in_a_zip_says_its_format(string name, string entry, string content) =>
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write(name, Zip((entry, content))))));

    [Fact]
    public void What_systems_put_into_a_zip_does_not_count() =>
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.zip",
            Zip(("datos/", ""), ("datos/a.csv", Csv), ("__MACOSX/datos/._a.csv", "x"), ("datos/.DS_Store", "x"))))));

    [Theory]
    [InlineData("README.txt")]
    [InlineData("datos/Léeme.md")]
    [InlineData("LICENSE")]
    public void What_people_write_about_the_data_does_not_count(string name) =>
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.zip", Zip((name, "x"), ("a.csv", Csv))))));

    [Fact]
    public void A_compressed_file_in_a_zip_is_read()
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("a.csv.gz").Open())
            entry.Write(ReviewFolder.Gzip(Csv));
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.zip", content.ToArray()))));
    }

    [Fact]
    public void A_zip_of_several_files_is_refused_with_their_names() =>
        Assert.Equal("a.zip: the zip archive has 2 files ('train.csv', 'test.csv'), expected one. Unpack it, and give the file with the reviews, or "
            + "the folder if they are the parts of one table.",
            _folder.FaultAtOnce(_folder.Write("a.zip", Zip(("train.csv", Csv), ("test.csv", Csv)))));

    [Theory]
    [InlineData("", "the zip archive has no files, expected one.")]
    [InlineData("word/document.xml", "the content is a Word document, expected a file of reviews. Save it as .xlsx or as .csv.")]
    [InlineData("META-INF/manifest.xml", "the content is an OpenDocument file (.ods), expected a file of reviews. Save it as .xlsx or as .csv.")]
    public void Other_archives_are_named(string entry, string expected) =>
        Assert.StartsWith("a.zip: " + expected, _folder.FaultAtOnce(_folder.Write("a.zip", entry.Length == 0 ? Zip() : Zip((entry, "x")))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("bz2", "bzip2")]
    [InlineData("xz", "xz")]
    [InlineData("zst", "Zstandard")]
    [InlineData("zip", "zip")]
    public void A_file_that_is_cut_off_or_damaged_is_told(string extension, string name)
    {
        string rows = "text,stars\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"reseña {i * i * 7919L % 100_003},5\n"));
        byte[] whole = extension switch { "bz2" => Bzip2(rows), "xz" => Convert.FromBase64String(Xz), "zst" => Zstandard(rows), _ => Zip(("a.csv", rows)) };
        string start = $"a.csv.{extension}: the {name} ";
        for (int length = 20; length < whole.Length; length += Math.Max(1, whole.Length / 50))
            Assert.StartsWith(start, _folder.Fault(_folder.Write($"a.csv.{extension}", whole[..length])), StringComparison.Ordinal);
        var random = new Random(3);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. whole];
            for (int j = 0; j < 5; j++)
                damaged[8 + random.Next(whole.Length - 8)] = (byte)random.Next(256);
            string path = _folder.Write($"a.csv.{extension}", damaged);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path));
            }
            catch (SentimentMLException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("a.csv.bz2", "bz2")]
    [InlineData("a.csv.xz", "xz")]
    [InlineData("a.csv.zst", "zst")]
    [InlineData("a.csv.zip", "zip")]
    public void A_name_that_promises_a_compression_must_keep_it(string name, string promised) =>
        Assert.Equal($"{name}: the name ends in .{promised} and the content is not {promised}. Rename the file by what it holds, or compress it.",
            _folder.FaultAtOnce(_folder.Write(name, Csv)));

    private static bool IsPromised(string name, byte[] packed) => Path.GetExtension(name) switch
    {
        ".bz2" => packed[0] == 'B',
        ".xz" => packed[0] == 0xFD,
        ".zst" => packed[0] == 0x28,
        _ => packed[0] == 'P',
    };

    [Theory]
    [InlineData(28, null)] // zstd --long=28
    [InlineData(41, "a.csv.zst: the Zstandard data needs a window of more than ")]
    public void A_large_window_of_Zstandard_is_read_as_far_as_memory_allows(int log, string? fault)
    {
        byte[] packed = Zstandard(Csv);
        packed[5] = (byte)((log - 10) << 3); // the window's place in the frame's header
        string path = _folder.Write("a.csv.zst", packed);
        if (fault is null)
            Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path)));
        else
            Assert.StartsWith(fault, _folder.FaultAtOnce(path), StringComparison.Ordinal);
    }

    private static byte[] Bzip2(string content)
    {
        var packed = new MemoryStream();
        using (BZip2Stream bzip2 = BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Compress, false, leaveOpen: true))
            bzip2.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    private static byte[] Zstandard(string content)
    {
        using var packed = new MemoryStream();
        using (var zstandard = new CompressionStream(packed, leaveOpen: true))
            zstandard.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, string Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }
        return packed.ToArray();
    }

    public void Dispose() => _folder.Dispose();
}
