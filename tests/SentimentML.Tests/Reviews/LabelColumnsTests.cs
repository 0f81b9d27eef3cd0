namespace SentimentML.Tests.Reviews;

/// <summary>Files with a column for each label.</summary>
public sealed class LabelColumnsTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("a.csv", "texto,positivo,negativo,neutro\nMuy bien,1,0,0\nMal,0,1,0\nNormal,0,0,1\n", "positivo", "negativo", "neutro")]
    [InlineData("a.csv", "texto;Positivo;Negativo;Neutro\nMuy bien;x;;\nMal;;X;\nNormal;;;x\n", "Positivo", "Negativo", "Neutro")]
    [InlineData("a.csv", "texto;es_positivo;es_negativo;es_neutro\nMuy bien;Sí;No;No\nMal;no;si;no\nNormal;no;no;sí\n", "positivo", "negativo", "neutro")]
    [InlineData("a.csv", "text,isPositive,isNegative,isNeutral\nMuy bien,True,False,False\nMal,False,True,False\nNormal,FALSE,FALSE,TRUE\n",
        "Positive", "Negative", "Neutral")]
    [InlineData("a.csv", "id,text,prob_neg,prob_neu,prob_pos\n1,Muy bien,0.1,0.1,0.8\n2,Mal,9e-1,0.1,0\n3,Normal,0.25,0.5,0.25\n", "pos", "neg", "neu")]
    [InlineData("a.tsv", "text\tPOS score\tNEG score\tNEU score\nMuy bien\t0,7\t0,2\t0,1\nMal\t0,1\t0,9\t0\nNormal\t0\t,4\t,6\n", "POS", "NEG", "NEU")]
    [InlineData("a.jsonl", """
        {"text": "Muy bien", "label_positive": 1, "label_negative": 0, "label_neutral": 0}
        {"text": "Mal", "label_positive": 0, "label_negative": 1, "label_neutral": 0}
        {"text": "Normal", "label_neutral": 1}
        """, "positive", "negative", "neutral")]
    [InlineData("a.json", """
        [{"review": {"text": "Muy bien"}, "sentiment_scores": {"positive": 0.8, "negative": 0.1, "neutral": 0.1}},
        {"review": {"text": "Mal"}, "sentiment_scores": {"positive": 0.1, "negative": 0.8, "neutral": 0.1}},
        {"review": {"text": "Normal"}, "sentiment_scores": {"positive": 0.1, "negative": 0.1, "neutral": 0.8}}]
        """, "positive", "negative", "neutral")]
    public void The_label_is_the_one_that_is_marked_or_reaches_a_half(string name, string content, params string[] labels)
    {
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy bien", "Mal", "Normal"], ReviewFolder.Texts(data));
        Assert.Equal(labels, ReviewFolder.Texts(data, "Label"));
        Assert.DoesNotContain(ReviewFolder.Columns(data), column => column.Contains("pos", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("are taken for one label each", Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Fact]
    public void The_columns_are_named_in_a_warning()
    {
        string path = _folder.Write("a.csv", "text,is_positive,is_negative\nMuy bien,true,false\n");
        _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal([$"{path}: columns 'is_positive', 'is_negative' are taken for one label each (positive, negative), by their names and values: a row's "
            + "label is the one that is marked, or has a number of at least 0.5. If another column is the label, name it by LabelColumn."], _warned);
    }

    [Fact]
    public void A_row_without_a_mark_has_no_label()
    {
        const string Content = "text,positivo,negativo\nMuy bien,1,0\nMesa,0,0\nSilla,,\nRegular,0.4,0.3\n";
        Assert.Equal(["positivo", "", "", ""], ReviewFolder.Texts(_folder.Load("a.csv", Content), "Label"));
        Assert.Contains("a.csv, line 3, column 'positivo': no label, expected a text.",
            _folder.Fault(_folder.Write("a.csv", Content), new ReviewFileOptions { Strict = true }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,1", "line 3, column 'positivo': 2 labels in one row (positivo, negativo), expected one.")]
    [InlineData("0.5,0.5", "line 3, column 'positivo': 2 labels in one row (positivo, negativo), expected one.")]
    public void A_row_with_two_labels_is_told(string marks, string fault) =>
        Assert.Contains(fault, _folder.Fault(_folder.Write("a.csv", $"text,positivo,negativo\nMuy bien,1,0\nMesa,{marks}\n")), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_mark_is_told_where_it_stands()
    {
        string rows = string.Concat(Enumerable.Repeat("Muy bien,1,0\nMal,0,1\n", 60));
        Assert.Equal("a.csv, line 122, column 'negativo': '3' was found, expected a mark (1 or 0, true or false, yes or no, x or nothing) or a number from 0 "
            + "to 1, as the column of each label has. Correct it, or name the column that holds the labels.",
            _folder.Fault(_folder.Write("a.csv", $"text,positivo,negativo\n{rows}Mesa,0,3\n")));
    }

    [Theory]
    [InlineData("text,positivo,negativo\nMuy bien,12,3\nMal,0,1\n")] // counts
    [InlineData("text,Positive Feedback Count,Negative Feedback Count\nMuy bien,0,1\nMal,1,0\n")]
    [InlineData("text,neg,neu,pos,compound\nMuy bien,0,0.4,0.6,0.83\nMal,0.3,0.7,0,-0.72\n")] // VADER's
    [InlineData("text,Positive_Review,Negative_Review\nEntero,Muy bien,\nOtro,,Mal\n")] // sides
    [InlineData("text,positivo,negativo\nMuy bien,0,0\nMal,0,0\n")]
    [InlineData("text,is_positive\nMuy bien,true\nMal,false\n")]
    [InlineData("text,pred_positive,pred_negative\nMuy bien,1,0\nMal,0,1\n")]
    [InlineData("text,is_positive,negative_score\nMuy bien,1,0\nMal,0,1\n")]
    [InlineData("text,muy_positivo,positivo,negativo\nMuy bien,1,0,0\nMal,0,0,1\nBien,0,1,0\n")]
    [InlineData("text,pos_ana,neg_ana,pos_luis,neg_luis\nMuy bien,1,0,1,0\nMal,0,1,1,0\n")]
    public void Other_columns_stay_what_they_are(string content)
    {
        string[] names = content[..content.IndexOf('\n', StringComparison.Ordinal)].Split(',');
        Assert.Equal(["Text", .. names[1..]], ReviewFolder.Columns(_folder.Load("a.csv", content)));
    }

    [Fact]
    public void The_shares_of_VADER_are_told()
    {
        var warned = new List<string>();
        _folder.Load("a.csv", "text,neg,neu,pos,compound\nMuy bien,0,0.4,0.6,0.83\nMal,0.3,0.7,0,-0.72\n", new ReviewFileOptions { Warn = warned.Add });
        Assert.Equal($"{_folder.Path("a.csv")}: columns 'neg' and 'neu' and 'pos' beside 'compound' are a program's scores, as VADER writes them: the shares "
            + "of a text's words, and no labels. None of them is taken. If another column is the label, name it by LabelColumn; to learn from VADER's verdict, "
            + "write a column of labels: positive where compound is at least 0.05, negative where it is at most -0.05, else neutral.", Assert.Single(warned));
    }

    [Fact]
    public void Marks_go_before_a_models_scores() => Assert.Equal(["positivo", "negativo"], ReviewFolder.Texts(_folder.Load("a.csv",
        "text,prob_pos,prob_neg,positivo,negativo\nMuy bien,0.3,0.7,1,0\nMal,0.9,0.1,0,1\n"), "Label"));

    [Theory]
    [InlineData("text,label,positivo,negativo\nMuy bien,uno,0,1\n", null, "uno")]
    [InlineData("text,Tono,positivo,negativo\nMuy bien,bueno,0,1\nMal,malo,1,0\n", null, "bueno")]
    [InlineData("text,clase_final,positivo,negativo\nMuy bien,uno,0,1\n", "clase_final", "uno")]
    public void A_column_of_labels_goes_before_them(string content, string? named, string label) =>
        Assert.Equal(label, ReviewFolder.Texts(_folder.Load("a.csv", content, new ReviewFileOptions { LabelColumn = named }), "Label")[0]);

    [Fact]
    public void Stars_go_before_them() =>
        Assert.Equal(["Text", "Stars", "positivo", "negativo"], ReviewFolder.Columns(_folder.Load("a.csv", "text,stars,positivo,negativo\nMuy bien,5,1,0\n")));

    public void Dispose() => _folder.Dispose();
}
