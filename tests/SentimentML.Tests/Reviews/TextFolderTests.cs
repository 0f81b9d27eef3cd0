using System.Text;

namespace SentimentML.Tests.Reviews;

/// <summary>Folders with a text in each file.</summary>
public sealed class TextFolderTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Fact]
    public void Each_text_is_a_row_and_its_folders_name_the_label()
    {
        Write("corpus/pos/2_10.txt", "Muy bueno\n");
        Write("corpus/pos/1_9.txt", "Precioso,\nde verdad\r\n");
        Write("corpus/neg/1_1.txt", "Fatal");
        Write("corpus/neg/notas.md", "no");
        Write("corpus/unsup/0.txt", "Nadie lo sabe");
        Write("corpus/urls.txt", "no");
        var data = _folder.ML.Data.LoadReviews(_folder.Path("corpus") + Path.DirectorySeparatorChar);
        Assert.Equal(["Fatal", "Precioso,\nde verdad", "Muy bueno", "Nadie lo sabe"], ReviewFolder.Texts(data));
        Assert.Equal(["neg", "pos", "pos", ""], ReviewFolder.Texts(data, "Label"));
        Assert.Equal([Path.Combine("neg", "1_1.txt"), Path.Combine("pos", "1_9.txt"), Path.Combine("pos", "2_10.txt"), Path.Combine("unsup", "0.txt")],
            ReviewFolder.Texts(data, "file"));
    }

    [Fact]
    public void Texts_in_the_folder_itself_have_no_labels()
    {
        Write("textos/a.txt", "Muy bueno");
        Write("textos/b.txt", "");
        var data = _folder.ML.Data.LoadReviews(_folder.Path("textos"));
        Assert.Equal(["Muy bueno", ""], ReviewFolder.Texts(data));
        Assert.Equal(["Text", "file"], ReviewFolder.Columns(data));
    }

    [Fact]
    public void Extensions_in_capitals_are_read_and_what_is_left_over_is_told()
    {
        Write("corpus/pos/1.TXT", "Muy bueno");
        Write("corpus/pos/2.txt", "Genial");
        Write("corpus/neg/1.Txt", "Fatal");
        Write("corpus/neg/.DS_Store", "no");
        Write("corpus/neg/2.html", "Pésimo");
        Write("corpus/3.txt", "Regular");
        var warnings = new List<string>();
        var data = _folder.ML.Data.LoadReviews(_folder.Path("corpus"), new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Fatal", "Muy bueno", "Genial"], ReviewFolder.Texts(data));
        Assert.EndsWith($"corpus: 2 files are not read ('3.txt', '{Path.Combine("neg", "2.html")}'): the texts are the .txt files in its subfolders, whose "
            + "names are the labels. If they are texts too, put them into those as .txt files.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_encoding_is_found_for_each_file_and_told_once()
    {
        byte[] latin = Encoding.Latin1.GetBytes("La habitación pequeña, y además cara: mañana me voy a otro sitio, según dicen mejor");
        Write("corpus/neg/a.txt", latin);
        Write("corpus/neg/b.txt", latin);
        Write("corpus/pos/c.txt", "Señorial");
        var warnings = new List<string>();
        var data = _folder.ML.Data.LoadReviews(_folder.Path("corpus"), new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal([Encoding.Latin1.GetString(latin), Encoding.Latin1.GetString(latin), "Señorial"], ReviewFolder.Texts(data));
        Assert.Contains("is read as windows-1252", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_corpus_with_its_parts_further_inside_is_refused_with_their_names()
    {
        Write("corpus/train/pos/a.txt", "Muy bueno");
        Write("corpus/train/urls.txt", "no");
        Write("corpus/test/neg/a.txt", "Malo");
        string parts = $"'{Path.Combine("corpus", "test")}' or '{Path.Combine("corpus", "train")}'";
        Assert.EndsWith($"in a folder for each label, such as pos and neg. Use {parts}, which has such files.",
            _folder.FaultAtOnce(_folder.Path("corpus")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_no_folder() =>
        Assert.Equal("a.txt is not a folder, expected one with .txt files, as Format says.",
            _folder.FaultAtOnce(_folder.Write("a.txt", "x"), new ReviewFileOptions { Format = ReviewFileFormat.Folder }));

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Path(name))!);
        _folder.Write(name, content);
    }
}
