using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace SentimentML.Tests.Reviews;

public sealed class ParquetFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("a.parquet")]
    [InlineData("a.parquet.gz")]
    public async Task Rows_come_in_order_over_row_groups(string name)
    {
        string path = await WriteAsync(name, groups: 3);
        var data = _folder.ML.Data.LoadReviews(path);
        Assert.Equal(["Text", "Stars", "Title", "Body", "price", "votes", "verified", "sold", "tags"], ReviewFolder.Columns(data));
        Assert.Equal(["T0\n\nCuerpo 0", "Cuerpo 1", "T0\n\nCuerpo 0", "Cuerpo 1", "T0\n\nCuerpo 0", "Cuerpo 1"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f, 5f, 1f, 5f, 1f], ReviewFolder.Stars(data));
        Assert.Equal(["1.5", "2.25"], ReviewFolder.Texts(data, "price")[..2]);
        Assert.Equal(["", "7"], ReviewFolder.Texts(data, "votes")[..2]);
        Assert.Equal(["true", "false"], ReviewFolder.Texts(data, "verified")[..2]);
        Assert.Equal(["""["a","b"]""", """["c"]"""], ReviewFolder.Texts(data, "tags")[..2]);
        Assert.StartsWith("2026-01-02T00:00:00", ReviewFolder.Texts(data, "sold")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_labels_have_the_names_that_Hugging_Face_says()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<long>("label"));
        string path = _folder.Path("a.parquet");
        await using (FileStream file = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: TestContext.Current.CancellationToken))
        {
            writer.CustomMetadata = new Dictionary<string, string>
            {
                ["huggingface"] = """{"info": {"features": {"text": {"_type": "Value"}, "label": {"names": ["malo", "bueno"], "_type": "ClassLabel"}}}}""",
            };
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], ["x", "y", "z"]);
            await group.WriteAsync(schema.DataFields[1], new ReadOnlyMemory<long>([1, 0, -1]));
        }
        Assert.Equal(["bueno", "malo", ""], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path), "Label"));
    }

    [Fact]
    public async Task Cut_off_files_are_told()
    {
        byte[] whole = await File.ReadAllBytesAsync(await WriteAsync("a.parquet", groups: 2), TestContext.Current.CancellationToken);
        for (int length = 4; length < whole.Length; length += 37)
            Assert.StartsWith("b.parquet: ", _folder.Fault(_folder.Write("b.parquet", whole[..length])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_files_give_errors_of_this_library_alone()
    {
        byte[] whole = await File.ReadAllBytesAsync(await WriteAsync("a.parquet", groups: 2), TestContext.Current.CancellationToken);
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. whole];
            for (int j = 0; j < 4; j++)
                damaged[4 + random.Next(whole.Length - 4)] = (byte)random.Next(256);
            string path = _folder.Write("b.parquet", damaged);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path));
            }
            catch (SentimentMLException e)
            {
                Assert.Contains("b.parquet", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Values_inside_structures_are_columns_and_structures_in_lists_are_named()
    {
        var replies = new ListField("replies", new StructField("element", new DataField<string>("content")));
        Task<string> Write(Field review) => WriteAsync(new ParquetSchema(review, replies));
        var data = _folder.ML.Data.LoadReviews(await Write(new StructField("review", new DataField<string>("texto"))));
        Assert.Equal(["Text"], ReviewFolder.Columns(data));
        Assert.Equal(["Muy bien", ""], ReviewFolder.Texts(data));
        Assert.StartsWith("a.parquet: the file's columns are 'id', beside 'replies' with structures in lists or maps, which are not read in Parquet; expected "
            + "a column 'text'", _folder.FaultAtOnce(await Write(new DataField<string>("id"))), StringComparison.Ordinal);

        async Task<string> WriteAsync(ParquetSchema schema)
        {
            string path = _folder.Path("a.parquet");
            await using FileStream file = File.Create(path);
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: TestContext.Current.CancellationToken);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(schema.GetDataFields()[0], ["Muy bien", null!]);
            await group.WriteAsync(schema.GetDataFields()[1], ["Gracias", "Vaya"], new ReadOnlyMemory<int>([0, 0]));
            return path;
        }
    }

    [Fact]
    public async Task Stars_that_are_none_are_told_by_row()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<long>("label"));
        string path = _folder.Path("a.parquet");
        await using (FileStream file = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: TestContext.Current.CancellationToken))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], ["a", "b"]);
            await group.WriteAsync<long>(schema.DataFields[1], new long[] { 4, 5 }, cancellationToken: TestContext.Current.CancellationToken);
        }
        Assert.StartsWith("a.parquet, row 2, column 'label': '5' was found, expected a whole number from 0 to 4. Correct it",
            _folder.Fault(path, new ReviewFileOptions { StarsColumn = "label", StarsOffset = 1 }), StringComparison.Ordinal);
    }

    // Written by Arrow's C++ library through ParquetSharp 25: what Parquet.Net does not write.
    [Theory]
    [InlineData("bytes", new[] { 5f, 1f, 2f, 3f, 4f })]
    [InlineData("delta", new[] { 5f, 1f, 2f, 3f, 4f })]
    [InlineData("half_unneeded", new[] { 5f, 1f, 2f, 3f, 4f })]
    [InlineData("half_stars", new[] { 1f, 2f, float.NaN, 4f, 5f })]
    [InlineData("odd", new[] { 5f, 1f, 2f, 3f, 4f })]
    [InlineData("lz4_raw", new[] { 5f, 1f, 2f, 3f, 4f })]
    public void Files_of_other_writers_are_read(string name, float[] stars)
    {
        var data = _folder.ML.Data.LoadReviews(Golden(name));
        Assert.Equal(["Muy bueno", "Año malo", "Normal", "Pésimo", "Útil"], ReviewFolder.Texts(data)[..5]);
        Assert.Equal(stars, ReviewFolder.Stars(data)[..5]);
        if (name == "half_unneeded")
            Assert.Equal(["1", "2", "3", "4", "5"], ReviewFolder.Texts(data, "emb"));
    }

    [Theory]
    [InlineData("boolean_rle", "Label",
        "row group 1, column 'label' has booleans in run-length encoding, which Parquet.Net does not know. Write the file with them in plain encoding, or as "
        + "text or numbers.")]
    [InlineData("lz4_hadoop", "Text",
        "row group 1, column 'text' is compressed with LZ4 in frames, as Hadoop does, expected Snappy, Zstandard, Gzip, Brotli, LZ4_RAW or no compression. "
        + "Write the file with one of them.")]
    public void What_the_library_cannot_read_is_named(string name, string column, string expected)
    {
        var data = _folder.ML.Data.LoadReviews(Golden(name));
        var error = Assert.Throws<SentimentMLException>(() => ReviewFolder.Texts(data, column));
        Assert.EndsWith(": " + expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_cannot_be_read_hinders_no_other() =>
        Assert.Equal(5, ReviewFolder.Texts(_folder.ML.Data.LoadReviews(Golden("boolean_rle"))).Length);

    [Fact]
    public void A_damaged_footer_with_half_precision_columns_gives_errors_of_this_library_alone()
    {
        byte[] whole = File.ReadAllBytes(Golden("half_unneeded"));
        var random = new Random(2);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. whole];
            for (int j = 0; j < 3; j++)
                damaged[whole.Length - 1 - random.Next(400)] = (byte)random.Next(256);
            string path = _folder.Write("b.parquet", damaged);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path));
            }
            catch (SentimentMLException e)
            {
                Assert.Contains("b.parquet", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("list_label", "pos,neg,,neg,pos")]
    [InlineData("list_of_numbers", "1,0,1,0,1")]
    public void A_list_of_one_label_is_that_label(string name, string labels) =>
        Assert.Equal(labels.Split(','), ReviewFolder.Texts(_folder.ML.Data.LoadReviews(Golden(name)), "Label"));

    [Fact]
    public void A_list_of_several_labels_is_refused_with_its_row() =>
        Assert.EndsWith("list_of_two.parquet, row 3, column 'label': 2 labels in one row (pos, neu), expected one. Keep one label a row, or leave such rows "
            + "out: a text has one label in this training.",
            _folder.Fault(Golden("list_of_two")), StringComparison.Ordinal);

    [Fact]
    public async Task A_column_for_each_label_is_read_as_the_label()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<bool>("es_positivo"), new DataField<bool>("es_negativo"));
        using var content = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, content, cancellationToken: cancel))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            DataField[] fields = schema.GetDataFields();
            await group.WriteAsync(fields[0], ["Bien", "Mal"]);
            await group.WriteAsync<bool>(fields[1], new[] { true, false }, cancellationToken: cancel);
            await group.WriteAsync<bool>(fields[2], new[] { false, true }, cancellationToken: cancel);
        }
        Assert.Equal(["positivo", "negativo"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.parquet", content.ToArray())), "Label"));
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "golden", "parquet", name + ".parquet");

    private async Task<string> WriteAsync(string name, int groups)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var schema = new ParquetSchema(
            new DataField<string>("title"), new DataField<string>("body"), new DataField<int>("stars"), new DataField<double>("price"),
            new DataField<long?>("votes"), new DataField<bool>("verified"), new DataField<DateTime>("sold"),
            new ListField("tags", new DataField<string>("element")));
        using var content = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, content, cancellationToken: cancel))
        {
            for (int i = 0; i < groups; i++)
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                DataField[] fields = schema.GetDataFields();
                await group.WriteAsync(fields[0], ["T0", null!]);
                await group.WriteAsync(fields[1], ["Cuerpo 0", "Cuerpo 1"]);
                await group.WriteAsync<int>(fields[2], new[] { 5, 1 }, cancellationToken: cancel);
                await group.WriteAsync<double>(fields[3], new[] { 1.5, 2.25 }, cancellationToken: cancel);
                await group.WriteAsync<long>(fields[4], new long?[] { null, 7 }, cancellationToken: cancel);
                await group.WriteAsync<bool>(fields[5], new[] { true, false }, cancellationToken: cancel);
                await group.WriteAsync<DateTime>(
                    fields[6], new[] { DateTime.Parse("2026-01-02Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), default },
                    cancellationToken: cancel);
                await group.WriteAsync(fields[7], ["a", "b", "c"], new ReadOnlyMemory<int>([0, 1, 0]));
            }
        }
        byte[] bytes = content.ToArray();
        return _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? ReviewFolder.Gzip(bytes) : bytes);
    }

    public void Dispose() => _folder.Dispose();
}
