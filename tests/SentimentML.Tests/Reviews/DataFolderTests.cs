using System.Text;

namespace SentimentML.Tests.Reviews;

/// <summary>Folders with files of reviews.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const string Csv = "text,stars\nMuy bueno,5\n";

    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("part-00000-c1.csv", "_SUCCESS", ".part-00000-c1.csv.crc", "._SUCCESS.crc", "_temporary/0/part-00000.csv")] // Spark
    [InlineData("reviews.csv", "LICENSE", "README.txt", "dataset-metadata.json", "foto.jpg")] // Kaggle
    [InlineData("train/reviews.csv.gz", "dataset_dict.json", "train/dataset_info.json", "train/state.json")] // Hugging Face
    public void The_only_file_of_reviews_in_a_folder_is_read_and_named(string file, params string[] others)
    {
        Write("datos.csv/" + file, file.EndsWith(".gz", StringComparison.Ordinal) ? ReviewFolder.Gzip(Csv) : Encoding.UTF8.GetBytes(Csv));
        foreach (string other in others)
            Write("datos.csv/" + other, "no"u8.ToArray());
        var warnings = new List<string>();
        var data = _folder.ML.Data.LoadReviews(_folder.Path("datos.csv"), new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
        Assert.EndsWith($"datos.csv is a folder: its only file of reviews, '{file.Replace('/', Path.DirectorySeparatorChar)}', is read.",
            Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_in_the_file_is_told_with_its_name()
    {
        Write("datos/part-0.csv", "text,stars\nMuy bueno,9\n"u8.ToArray());
        Assert.StartsWith(Path.Combine("datos", "part-0.csv") + ", line 2, column 'stars': ", _folder.Fault(_folder.Path("datos")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.csv", "test.csv")]
    [InlineData("stars=1/part-0.csv", "stars=2/part-0.csv")]
    [InlineData("train-0-of-2.csv", "train-1-of-2.csv", "test-0-of-1.csv")]
    public void Several_tables_are_refused_with_their_names(params string[] files)
    {
        foreach (string file in files)
            Write("datos/" + file, "x"u8.ToArray());
        string names = string.Join(", ", files.Order(StringComparer.Ordinal).Select(file => $"'{file.Replace('/', Path.DirectorySeparatorChar)}'"));
        Assert.Equal($"datos is a folder with {files.Length} files of reviews ({names}), expected one, or the parts of one table, with names that differ in "
            + "one number alone. Give one of them, or a folder that has the parts of one table alone.", _folder.FaultAtOnce(_folder.Path("datos")));
    }

    [Fact]
    public void The_parts_of_a_table_are_read_in_the_order_of_their_numbers()
    {
        (string, string)[] parts = [("10", "Décimo,1\n"), ("9", "Noveno,5\nNueve,4\n"), ("11", ""), ("2", "Segundo,2\n")];
        foreach ((string name, string rows) in parts)
            Write($"datos/part-{name}.csv", Encoding.UTF8.GetBytes("text,stars\n" + rows));
        Write("datos/part-12.csv", []);
        var warnings = new List<string>();
        var data = _folder.ML.Data.LoadReviews(_folder.Path("datos"), new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Segundo", "Noveno", "Nueve", "Décimo"], ReviewFolder.Texts(data));
        Assert.Equal([2f, 5f, 4f, 1f], ReviewFolder.Stars(data));
        Assert.EndsWith("datos is a folder: its 5 files ('part-2.csv', 'part-9.csv', 'part-10.csv', …) are read one after the other as one table.",
            Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text,stars\nBien,5\nBien,9\n", "datos, a-2.csv, line 3, column 'stars': ")]
    [InlineData("text,rating\nBien,5\n", "datos/a-1.csv and datos/a-2.csv have other columns (text, stars; text, rating), expected the parts of one table. "
        + "Give one file, or write the parts with the same columns; if they have no header, set HasHeader to false.")]
    public void What_is_wrong_in_a_part_is_told_with_its_name(string second, string expected)
    {
        Write("datos/a-1.csv", Encoding.UTF8.GetBytes(Csv));
        Write("datos/a-2.csv", Encoding.UTF8.GetBytes(second));
        Assert.StartsWith(expected, _folder.Fault(_folder.Path("datos")), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_with_two_texts_in_a_row_and_parts_of_lines_of_JSON_are_read()
    {
        foreach (int part in (int[])[0, 1])
        {
            Write($"hotel/{part}.csv", "Positive_Review,Negative_Review\nGran sitio,Muy caro\n"u8.ToArray());
            Write($"lineas/{part}.jsonl.gz", ReviewFolder.Gzip("{\"texto\": \"Bien\", \"etiqueta\": \"a\"}\n"));
        }
        Assert.Equal(["positive", "negative", "positive", "negative"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Path("hotel")), "Label"));
        Assert.Equal(["Bien", "Bien"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Path("lineas"))));
    }

    [Fact]
    public void Parts_name_their_columns_in_any_order_and_rows_of_JSON_leave_out_what_they_do_not_have()
    {
        Write("spark/part-0.json", "{\"id\": 1, \"text\": \"Sin nota\"}\n"u8.ToArray());
        Write("spark/part-1.json", "{\"stars\": 5, \"text\": \"Muy bien\", \"id\": 2}\n{\"text\": \"Mal\", \"stars\": 1}\n"u8.ToArray());
        var spark = _folder.ML.Data.LoadReviews(_folder.Path("spark"));
        Assert.Equal(["Sin nota", "Muy bien", "Mal"], ReviewFolder.Texts(spark));
        Assert.Equal([float.NaN, 5f, 1f], ReviewFolder.Stars(spark));
        Write("orden/a1.csv", "text,stars\nMuy bien,5\n"u8.ToArray());
        Write("orden/a2.csv", "stars,text\n1,Mal\n"u8.ToArray());
        var ordered = _folder.ML.Data.LoadReviews(_folder.Path("orden"));
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(ordered));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(ordered));
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("notas/a.txt")]
    [InlineData("train/pos/a.txt")]
    public void Texts_beside_a_file_of_reviews_are_refused_unless_they_are_in_folders_of_labels(string text)
    {
        Write("datos/" + text, "Muy bueno"u8.ToArray());
        Write("datos/b.csv", "x"u8.ToArray());
        Assert.Equal($"datos is a folder with texts ('{text.Replace('/', Path.DirectorySeparatorChar)}') and files of reviews ('b.csv'), expected one or the "
            + "other. Give the file, or move the files to another folder.", _folder.FaultAtOnce(_folder.Path("datos")));
        Write("corpus/pos/a.txt", "Muy bueno"u8.ToArray());
        Write("corpus/neg/a.txt", "Malo"u8.ToArray());
        Write("corpus/b.csv", "x"u8.ToArray());
        var warnings = new List<string>();
        Assert.Equal(["Malo", "Muy bueno"],
            ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Path("corpus"), new ReviewFileOptions { Warn = warnings.Add })));
        Assert.Contains("corpus: a file is not read ('b.csv')", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_texts_is_not_read_in_a_format_of_files()
    {
        Write("textos/a.txt", "Muy bueno"u8.ToArray());
        Assert.StartsWith("textos is a folder, expected a file of reviews: ",
            _folder.FaultAtOnce(_folder.Path("textos"), new ReviewFileOptions { Format = ReviewFileFormat.Lines }), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Path(name))!);
        _folder.Write(name, content);
    }
}
