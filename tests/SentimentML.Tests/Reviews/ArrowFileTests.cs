using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using SentimentML.Reviews;

namespace SentimentML.Tests.Reviews;

public sealed class ArrowFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("a.feather", null)]
    [InlineData("a.feather", CompressionCodecType.Lz4Frame)]
    [InlineData("a.arrow", CompressionCodecType.Zstd)]
    [InlineData("a.arrow.gz", null)]
    public void Rows_come_in_order_over_batches(string name, CompressionCodecType? compression)
    {
        var data = _folder.ML.Data.LoadReviews(Write(name, isStream: name.StartsWith("a.arrow", StringComparison.Ordinal), compression, Reviews(), Reviews()));
        Assert.Equal(["Text", "Stars", "Title", "Body", "Label", "seen", "price", "verified", "sold", "at", "tags", "votes", "author.name", "nothing"],
            ReviewFolder.Columns(data));
        Assert.Equal(["T0\n\nMuy bueno", "Cuerpo 1", "T0\n\nMuy bueno", "Cuerpo 1"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f, 5f, 1f], ReviewFolder.Stars(data));
        Assert.Equal(["bueno", "", "bueno", ""], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["web", "app"], ReviewFolder.Texts(data, "seen")[..2]);
        Assert.Equal(["1.50", "-0.05"], ReviewFolder.Texts(data, "price")[..2]);
        Assert.Equal(["true", ""], ReviewFolder.Texts(data, "verified")[..2]);
        Assert.Equal(["2026-01-02", "2026-01-03"], ReviewFolder.Texts(data, "sold")[..2]);
        Assert.Equal("2026-01-02T03:04:05.0000000Z", ReviewFolder.Texts(data, "at")[0]);
        Assert.Equal(["""["a","b"]""", ""], ReviewFolder.Texts(data, "tags")[..2]);
        Assert.Equal(["[1, 2]", ""], ReviewFolder.Texts(data, "votes")[..2]);
        Assert.Equal(["Ana", ""], ReviewFolder.Texts(data, "author.name")[..2]);
        Assert.Equal(["", ""], ReviewFolder.Texts(data, "nothing")[..2]);
    }

    [Fact]
    public void Other_strings_and_numbers_are_text()
    {
        RecordBatch batch = Batch(
            ("text", new LargeStringArray.Builder().Append("Señorial").Build()), ("view", new StringViewArray.Builder().Append("más de doce letras").Build()),
            ("bytes", new BinaryArray.Builder().Append("año"u8).Build()), ("half", new HalfFloatArray.Builder().Append((Half)0.5).Build()),
            ("double", new DoubleArray.Builder().Append(1e-3).Build()), ("small", new Int8Array.Builder().Append(-1).Build()),
            ("big", new UInt64Array.Builder().Append(ulong.MaxValue).Build()), ("short", new StringViewArray.Builder().Append("sí").Build()));
        var data = _folder.ML.Data.LoadReviews(Write("a.arrow", isStream: false, null, batch));
        foreach ((string column, string expected) in (ReadOnlySpan<(string, string)>)[("Text", "Señorial"), ("view", "más de doce letras"), ("bytes", "año"),
            ("half", "0.5"), ("double", "0.001"), ("small", "-1"), ("big", "18446744073709551615"), ("short", "sí")])
            Assert.Equal([expected], ReviewFolder.Texts(data, column));
    }

    [Fact]
    public void A_name_that_says_another_format_is_told()
    {
        var warnings = new List<string>();
        string path = Write("a.parquet", isStream: true, null, Reviews());
        Assert.Equal(2, ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = warnings.Add })).Length);
        Assert.EndsWith("the content is an Arrow stream and is read so, although the name ends in .parquet.", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Structures_in_lists_are_named()
    {
        var structure = new StructType([new Field("content", StringType.Default, true)]);
        var replies = new ListArray(new ListType(structure), 1, new ArrowBuffer.Builder<int>().AppendRange([0, 0]).Build(),
            new StructArray(structure, 0, [new StringArray.Builder().Build()], ArrowBuffer.Empty), ArrowBuffer.Empty);
        Assert.StartsWith("a.arrow: the file's columns are 'id', beside 'replies' with structures in lists or maps, which are not read in Arrow; ",
            _folder.FaultAtOnce(Write("a.arrow", isStream: false, null, Batch(("id", new Int32Array.Builder().Append(1).Build()), ("replies", replies)))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cut_off_files_are_told(bool isStream)
    {
        byte[] whole = File.ReadAllBytes(Write("a.arrow", isStream, CompressionCodecType.Zstd, Reviews(), Reviews()));
        var warnings = new List<string>();
        for (int length = 8; length < whole.Length; length += 13)
        {
            string path = _folder.Write("b.arrow", whole[..length]);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = warnings.Add }));
                Assert.Contains("no mark at its end", warnings[^1], StringComparison.Ordinal); // cut off between two batches
            }
            catch (SentimentMLException e)
            {
                Assert.Contains("b.arrow", e.Message, StringComparison.Ordinal);
            }
            warnings.Clear();
        }
    }

    [Fact]
    public void A_stream_that_ends_without_its_mark_is_read_and_told()
    {
        byte[] whole = File.ReadAllBytes(Write("a.arrow", isStream: true, null, Reviews()));
        var warnings = new List<string>();
        string path = _folder.Write("b.arrow", whole[..^8]);
        Assert.Equal(2, ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = warnings.Add })).Length);
        Assert.Contains(warnings, warning => warning.EndsWith("rows after row 2 may be missing.", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_streams_in_a_file_are_refused()
    {
        byte[] one = File.ReadAllBytes(Write("a.arrow", isStream: true, null, Reviews()));
        Assert.Contains("Something follows its end", _folder.Fault(_folder.Write("b.arrow", [.. one, .. one])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, CompressionCodecType.Lz4Frame)]
    [InlineData(false, CompressionCodecType.Zstd)]
    public void Damaged_files_give_errors_of_this_library_alone(bool isStream, CompressionCodecType? compression)
    {
        byte[] whole = File.ReadAllBytes(Write("a.arrow", isStream, compression, Reviews(), Reviews()));
        var random = new Random(1);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = [.. whole];
            for (int j = 0; j < 4; j++)
                damaged[8 + random.Next(whole.Length - 8)] = (byte)(random.Next(4) == 0 ? 255 : random.Next(256));
            string path = _folder.Write("b.arrow", damaged);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path));
            }
            catch (SentimentMLException e)
            {
                Assert.Contains("b.arrow", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_field_that_is_its_own_child_is_refused()
    {
        byte[] content = File.ReadAllBytes(Write("a.arrow", isStream: true, null, Batch(("author", Author()))));
        int field = FieldOf(content), children = field + BinaryPrimitives.ReadInt16LittleEndian(content.AsSpan(Vtable(content, field) + 4 + (2 * 5)));
        int element = children + BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(children)) + 4;
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(element), field - element);
        Assert.Contains("It has fields of more than 64 levels", _folder.FaultAtOnce(_folder.Write("b.arrow", content)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_and_the_categories_that_are_kept_have_a_bound_on_their_memory()
    {
        var memory = new ArrowMemory("a.arrow", mostBytes: 100);
        foreach (long? categories in (long?[])[null, 7, 7, null])
        {
            memory.BeginMessage(categories);
            memory.Allocate(50);
        }
        Assert.StartsWith("a.arrow: a batch of rows takes more than 0 MiB of memory, which is the limit here.",
            Assert.Throws<SentimentMLException>(() => memory.Allocate(1)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static int Vtable(byte[] content, int table) => table - BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(table));

    /// <summary>Where the first field of a stream's schema is.</summary>
    private static int FieldOf(byte[] content)
    {
        int Indirect(int place) => place + BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(place));
        int Value(int table, int index) => table + BinaryPrimitives.ReadInt16LittleEndian(content.AsSpan(Vtable(content, table) + 4 + (2 * index)));
        int schema = Indirect(Value(Indirect(8), 2));
        return Indirect(Indirect(Value(schema, 1)) + 4);
    }

    private string Write(string name, bool isStream, CompressionCodecType? compression, params RecordBatch[] batches)
    {
        using var content = new MemoryStream();
        var options = new IpcOptions { CompressionCodec = compression, CompressionCodecFactory = new CompressionCodecFactory() };
        using (ArrowStreamWriter writer = isStream ? new ArrowStreamWriter(content, batches[0].Schema, leaveOpen: true, options)
            : new ArrowFileWriter(content, batches[0].Schema, leaveOpen: true, options))
        {
            foreach (RecordBatch batch in batches)
                writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        return _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? ReviewFolder.Gzip(content.ToArray()) : content.ToArray());
    }

    private static RecordBatch Batch(params (string Name, IArrowArray Values)[] columns)
    {
        var metadata = new Dictionary<string, string>
        {
            ["huggingface"] = """{"info": {"features": {"label": {"names": ["malo", "bueno"], "_type": "ClassLabel"}}}}""",
        };
        return new RecordBatch(new Schema(columns.Select(column => new Field(column.Name, column.Values.Data.DataType, true)), metadata),
            columns.Select(column => column.Values), columns[0].Values.Length);
    }

    private static StructArray Author() => new(new StructType([new Field("name", StringType.Default, true)]), 2,
        [new StringArray.Builder().Append("Ana").Append("Eva").Build()], new ArrowBuffer.BitmapBuilder().Append(true).Append(false).Build(), nullCount: 1);

    private static RecordBatch Reviews()
    {
        var tags = new ListArray.Builder(StringType.Default);
        ((StringArray.Builder)tags.Append().ValueBuilder).Append("a").Append("b");
        tags.AppendNull();
        var votes = new LargeListArray.Builder(Int64Type.Default);
        ((Int64Array.Builder)votes.Append().ValueBuilder).Append(1).Append(2);
        votes.AppendNull();
        var seen = new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().Append(1).Append(0).Build(),
            new StringArray.Builder().Append("app").Append("web").Build());
        return Batch(("title", new StringArray.Builder().Append("T0").AppendNull().Build()),
            ("body", new StringArray.Builder().Append("Muy bueno").Append("Cuerpo 1").Build()), ("stars", new Int32Array.Builder().Append(5).Append(1).Build()),
            ("label", new Int64Array.Builder().Append(1).Append(-1).Build()), ("seen", seen),
            ("price", new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(1.50m).Append(-0.05m).Build()),
            ("verified", new BooleanArray.Builder().Append(true).AppendNull().Build()),
            ("sold", new Date32Array.Builder().Append(new DateOnly(2026, 1, 2)).Append(new DateOnly(2026, 1, 3)).Build()),
            ("at", new TimestampArray.Builder(TimeUnit.Microsecond, "UTC").Append(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).AppendNull().Build()),
            ("tags", tags.Build()), ("votes", votes.Build()), ("author", Author()), ("nothing", new NullArray(2)));
    }
}
