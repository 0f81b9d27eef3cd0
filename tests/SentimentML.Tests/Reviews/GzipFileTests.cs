using System.IO.Compression;
using System.Text;

namespace SentimentML.Tests.Reviews;

public sealed class GzipFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("a.csv.gz", "text,stars\nMuy bueno,5\n")]
    [InlineData("a.tsv.gz", "text\tstars\nMuy bueno\t5\n")]
    [InlineData("a.jsonl.gz", "{\"text\": \"Muy bueno\", \"stars\": 5}\n")]
    [InlineData("a.json.GZ", "{\"text\": \"Muy bueno\", \"stars\": 5}")]
    [InlineData("a.csv", "text,stars\nMuy bueno,5\n")]
    public void Compressed_files_are_read_whatever_their_name(string name, string content)
    {
        var data = _folder.ML.Data.LoadReviews(_folder.Write(name, ReviewFolder.Gzip(content)));
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
    }

    [Fact]
    public void Files_of_several_members_are_read_to_the_end()
    {
        byte[] members = [.. ReviewFolder.Gzip("text\nuno\n"), .. ReviewFolder.Gzip("dos\n"), .. ReviewFolder.Gzip("tres\n")];
        Assert.Equal(["uno", "dos", "tres"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.csv.gz", members))));
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public void A_file_cut_off_anywhere_is_told(CompressionLevel level)
    {
        byte[] whole = ReviewFolder.Gzip(
            Encoding.UTF8.GetBytes("text\n" + string.Join('\n', Enumerable.Range(0, 200).Select(i => $"reseña {i * i * 7919 % 1009}"))), level);
        for (int length = 2; length < whole.Length; length++)
        {
            string fault = _folder.Fault(_folder.Write("a.csv.gz", whole[..length]));
            Assert.True(fault.StartsWith("a.csv.gz: the gzip data is", StringComparison.Ordinal)
                && fault.Contains("cut off", StringComparison.Ordinal), $"cut to {length} of {whole.Length}: {fault}");
        }
    }

    [Fact]
    public void A_second_member_that_is_cut_off_is_told()
    {
        byte[] second = ReviewFolder.Gzip("dos\n");
        Assert.Contains("cut off", _folder.Fault(_folder.Write("a.csv.gz", [.. ReviewFolder.Gzip("text\nuno\n"), .. second[..^3]])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_file_cut_off_is_told_after_its_whole_rows()
    {
        byte[] whole = ReviewFolder.Gzip(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{{\"text\": \"reseña {i * 7919L % 100_003}\"}}\n")));
        var data = _folder.ML.Data.LoadReviews(_folder.Write("a.jsonl.gz", whole[..(whole.Length / 2)]));
        int rows = 0;
        var error = Assert.Throws<SentimentMLException>(() =>
        {
            using var cursor = data.GetRowCursor(data.Schema);
            while (cursor.MoveNext())
                rows++;
        });
        Assert.Contains("cut off or damaged at its end, after", error.Message, StringComparison.Ordinal);
        Assert.InRange(rows, 40_000, 60_000);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x1F })]
    [InlineData(new byte[] { 0x1F, 0x8B })]
    public void What_follows_the_gzip_data_is_told(byte[] garbage) =>
        Assert.StartsWith("a.csv.gz: ", _folder.Fault(_folder.Write("a.csv.gz", [.. ReviewFolder.Gzip("text\nuno\n"), .. garbage])), StringComparison.Ordinal);

    [Fact]
    public void A_second_member_with_a_damaged_head_is_told()
    {
        byte[] second = ReviewFolder.Gzip("dos\n");
        second[0] = 0;
        Assert.Equal("a.csv.gz: something that is not gzip follows the gzip data, after 9 unpacked bytes. Get the file again.",
            _folder.Fault(_folder.Write("a.csv.gz", [.. ReviewFolder.Gzip("text\nuno\n"), .. second])));
    }

    [Fact]
    public void A_damaged_file_is_told()
    {
        byte[] damaged = ReviewFolder.Gzip("text\n" + string.Join('\n', Enumerable.Range(0, 200)));
        damaged[^6] ^= 1;
        Assert.StartsWith("a.csv.gz: the gzip data is damaged after ", _folder.Fault(_folder.Write("a.csv.gz", damaged)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_promises_gzip_must_keep_it() =>
        Assert.Equal("a.csv.gz: the name ends in .gz and the content is not gz. Rename the file by what it holds, or compress it.",
            _folder.FaultAtOnce(_folder.Write("a.csv.gz", "text,stars\nx,5\n")));

    [Fact]
    public void Random_bytes_in_a_gzip_name_no_other_exception()
    {
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] content = ReviewFolder.Gzip("text,stars\n" + string.Join('\n', Enumerable.Range(0, 50).Select(n => $"reseña {n},5")));
            content[2 + random.Next(content.Length - 2)] = (byte)random.Next(256);
            string path = _folder.Write("a.csv.gz", content);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path));
            }
            catch (SentimentMLException e)
            {
                Assert.Contains("a.csv.gz", e.Message, StringComparison.Ordinal);
            }
        }
    }

    public void Dispose() => _folder.Dispose();
}
