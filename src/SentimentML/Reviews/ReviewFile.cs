using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>A file of reviews: what it is, and its rows as often as they are wanted.</summary>
internal sealed partial class ReviewFile
{
    private const string Formats = "csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather, with .gz, .bz2, .xz, .zst or .zip after it or not";

    private readonly ReviewFileOptions _options;
    private readonly TextEncoding _encoding;
    private readonly string _extension;
    private readonly bool _hasLineLabels;
    private readonly bool _isChat; // WhatsApp's
    private readonly string? _xmlRows; // the elements that are the reviews, of XML with others beside them
    private readonly TextFolder? _folder;
    private readonly TableParts? _parts; // of a table in several files
    private readonly ReviewSides? _sides;
        private Action<string>? _suspect, _passOver, _tellMojibake; // told once, however often the file is read

    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">There is no such file, or it is not what its name says.</exception>
    public ReviewFile(string path, ReviewFileOptions options, Action<string> warn)
        : this(path, options, warn, isPart: false)
    {
    }

    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <param name="isPart">Whether it is one of several, and may have no rows.</param>
    private ReviewFile(string path, ReviewFileOptions options, Action<string> warn, bool isPart)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        _options = options;
        _suspect = _passOver = _tellMojibake = warn;
        if (Directory.Exists(Path) && InFolder() is { Texts: var texts, Files: var files })
        {
            _folder = texts;
            if (files is [var only])
            {
                warn(Localized.Say(
                    $"{Path} es una carpeta: se lee su único archivo de reseñas, {FolderContent.Named(Path, files)}.",
                    $"{Path} is a folder: its only file of reviews, {FolderContent.Named(Path, files)}, is read."));
                Path = only;
            }
            if (files.Count > 1)
            {
                warn(Localized.Say(
                    $"{Path} es una carpeta: sus {files.Count} archivos ({FolderContent.Named(Path, files)}) se leen uno tras otro como una sola tabla.",
                    $"{Path} is a folder: its {files.Count} files ({FolderContent.Named(Path, files)}) are read one after the other as one table."));
                _parts = FindParts(files, warn);
                ReviewFile first = _parts.Files[0];
                (Format, Compression, Csv, Json, Excel, IsXml) = (first.Format, first.Compression, first.Csv, first.Json, first.Excel, first.IsXml);
                (Columns, RowNumbers, NotRead, HasSides) = (_parts.Columns, first.RowNumbers, first.NotRead, first.HasSides);
                (_encoding, _extension) = (first._encoding, first._extension);
                return;
            }
        }
        _encoding = new TextEncoding(Path, options.Encoding, options.Names, warn);
        if (_folder is not null)
        {
            (Format, _extension) = (ReviewFileFormat.Folder, "");
            if (_folder.LeftOver is [_, ..] left)
                warn(Localized.Say(
                    $"{Path}: {(left.Count == 1 ? "un archivo no se lee" : $"{left.Count} archivos no se leen")} ({FolderContent.Named(Path, left)}): los "
                        + "textos son los archivos .txt de sus subcarpetas, cuyos nombres son las etiquetas. Si también son textos, ponlos en ellas como "
                        + "archivos .txt.",
                    $"{Path}: {(left.Count == 1 ? "a file is" : $"{left.Count} files are")} not read ({FolderContent.Named(Path, left)}): the "
                        + "texts are the .txt files in its subfolders, whose names are the labels. If they are texts too, put them into those as .txt files."));
            Columns = FindColumns(isPart);
            return;
        }
        if (options.Format == ReviewFileFormat.Folder)
            throw new SentimentMLException($"{Path} is not a folder, expected one with .txt files, as {options.Names.Name(nameof(options.Format))} says.");
        using (FileContent content = OpenContent())
        {
            Compression = content.Compression;
            _extension = System.IO.Path.GetExtension(content.Name).ToUpperInvariant();
            IsXml = content.Kind == FileKind.Xml || (_extension == ".XML" && content.Kind == FileKind.Text);
            Format = options.Format ?? FormatOf(content, warn);
            IsXml &= Format == ReviewFileFormat.Json;
            Check(content);
        }
        _isChat = Format == ReviewFileFormat.Csv && options.Format is null && _extension == ".TXT" && WhatsAppRecords.IsChat(OpenText(), Path);
        if (_isChat)
        {
            Format = ReviewFileFormat.Lines;
            string readLines = options.Names.SetLocalized(nameof(options.Format), "lines");
            warn(Localized.Say(
                $"{Path}: el contenido es un chat exportado de WhatsApp; cada mensaje se lee como un texto, con su fecha y su autor. Se saltan los avisos y lo "
                    + $"que aparece en lugar de una foto. Para leer cada línea, {readLines}.",
                $"{Path}: the content is a chat that WhatsApp exported; each message is read as a text, with its date and author. Notices and what stands in "
                    + $"the place of a picture are passed over. To read each line, {readLines}."));
        }
        if (Format is ReviewFileFormat.Csv or ReviewFileFormat.Tsv)
            Csv = CsvLayout.Find(OpenText(), options, Path, warn);
        if (Format == ReviewFileFormat.Csv && options.Format is null && IsTextOnLines(options))
        {
            (Format, Csv) = (ReviewFileFormat.Lines, null);
            warn(Localized.Say(
                $"{Path}: ninguna cabecera nombra una columna de textos; cada línea se lee como un texto.",
                $"{Path}: no header names a column of texts; each line is read as one text."));
        }
        if (Format == ReviewFileFormat.Lines && !_isChat)
            _hasLineLabels = LineRecords.HasLabels(OpenText(), Path);
        if (Format is ReviewFileFormat.JsonLines or ReviewFileFormat.Json)
        {
            TextInput OpenUnchecked() => new(OpenContent().Stream, _encoding, isChecked: false);
            _xmlRows = IsXml ? XmlJson.FindRows(OpenUnchecked(), new ReviewColumnNames(options), Path, warn) : null;
            Json = JsonLayout.Find(() => JsonOf(OpenUnchecked()), options, Path, warn);
            Format = Json.Place.IsLines ? ReviewFileFormat.JsonLines : ReviewFileFormat.Json;
        }
        if (Format == ReviewFileFormat.Excel)
            Excel = ExcelLayout.Find(OpenBinary(), options, Path, warn);
        Columns = FindColumns(isPart);
        _sides = IsNested ? null : ReviewSides.Find(Columns, options, MeanWords);
        HasSides = _sides is not null;
        if (_sides is not null)
        {
            string readOne = options.Names.SetLocalized(nameof(options.TextColumn), Columns[_sides.Positive]);
            warn(Localized.Say(
                $"{Path}: cada fila tiene dos textos, '{Columns[_sides.Positive]}' y '{Columns[_sides.Negative]}'. Cada uno pasa a ser una fila, con la "
                    + $"etiqueta positive o negative; se saltan los que son como 'Nada'. Para leer solo una de las columnas, {readOne}.",
                $"{Path}: each row has two texts, '{Columns[_sides.Positive]}' and '{Columns[_sides.Negative]}'. Each becomes a row of its own, labelled "
                    + $"positive or negative; entries such as 'Nothing' are skipped. To read one of the columns alone, {readOne}."));
            Columns = SideRecords.NamesOf(Columns, _sides);
        }
        var usual = new ReviewColumnNames(options);
        if (!HasSides && Excel?.Hidden.Where(column => column < Columns.Count && usual.IsUsual(Columns[column])).ToArray() is [_, ..] hidden)
        {
            string hides = string.Join(", ", hidden.Select(column => Quoted.Name(Columns[column])));
            warn(Localized.Say(
                $"{Path}: la hoja '{Excel.Sheet}' oculta {hides}: una columna oculta se lee solo si la nombras, o si no hay otra de su clase.",
                $"{Path}: sheet '{Excel.Sheet}' hides {hides}: a hidden column is read only if it is named, or if no other one is of its kind."));
        }
        RowNumbers = FindRowNumbers();
        foreach (int column in RowNumbers)
            warn(Localized.Say(
                $"{Path}: la columna {column + 1} ({(Columns[column].Length == 0 ? "sin nombre" : Columns[column])}) tiene números de fila, como los escriben "
                    + "pandas y R; no forma parte de las reseñas.",
                $"{Path}: column {column + 1} ({(Columns[column].Length == 0 ? "unnamed" : Columns[column])}) holds row numbers, as pandas and R write them; "
                    + "it is not part of the reviews."));
    }

    /// <summary>A file whose layout was found out before: none of it is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="layout">What <see cref="Layout"/> gave.</param>
    public ReviewFile(string path, ReviewFileOptions options, FileLayout layout)
    {
        Path = System.IO.Path.GetFullPath(path);
        _options = options;
        _encoding = new TextEncoding(Path, TextEncodings.Utf8, options.Names, static _ => { });
        _extension = "";
        Format = layout.Format;
        Columns = layout.Columns;
        RowNumbers = layout.RowNumbers ?? [];
        _hasLineLabels = Format == ReviewFileFormat.Lines && Columns.Count > 1;
        if (Format is ReviewFileFormat.Csv or ReviewFileFormat.Tsv)
            Csv = new CsvLayout(new CsvDialect(layout.Delimiter ?? CsvLayout.NoDelimiter, options.Quote), 0, [.. layout.Columns], RowsBelow: 0, IsTable: true);
        if (Format == ReviewFileFormat.JsonLines)
            Json = new JsonLayout(JsonPlace.OfLines, [.. layout.Columns], layout.Paths) { ListDepths = layout.ListDepths };
    }

    public string Path { get; }

    /// <summary>The layout, for reading parts.</summary>
    public FileLayout Layout => new(Format, Csv?.Dialect.Delimiter, Columns, Json?.Paths, Json?.ListDepths, RowNumbers.Count > 0 ? RowNumbers : null);

    /// <summary>Why the file cannot be read in parts, in the words of a warning; null if it can. Of a text file it is known when all of it was read.</summary>
    public string? WhyWhole => this switch
    {
        { IsFolder: true } => Localized.Say("es una carpeta", "it is a folder"),
        { _isChat: true } => Localized.Say("sus mensajes tienen varias líneas", "its messages have several lines"),
        { HasSides: true } => Localized.Say("sus filas tienen dos textos cada una", "its rows have two texts each"),
        { Compression: { } compression } => Localized.Say($"está comprimido con {compression}", $"it is compressed with {compression}"),
        { Format: ReviewFileFormat.Excel } => Localized.Say("es un libro de Excel", "it is an Excel workbook"),
        { Format: ReviewFileFormat.Arrow } => Localized.Say("es un archivo de Arrow", "it is an Arrow file"),
        { Format: ReviewFileFormat.Json } => Localized.Say("sus filas están en una lista de JSON", "its rows are in a JSON array"),
        { Json.Rows: not null } => Localized.Say("sus filas están en listas dentro de objetos de JSON", "its rows are in lists inside JSON objects"),
        { Csv.Dialect: var dialect } when dialect != new CsvDialect(dialect.Delimiter, _options.Quote) =>
            Localized.Say("sus comillas no están escritas de la forma habitual", "quotes in it are not written as usual"),
        { Json.Place.Shape.Chat: not null } => Localized.Say("sus filas son chats", "its rows are chats"),
        { Json: { } json } when json.Place.Shape != JsonShape.Objects => Localized.Say("sus líneas no son objetos de JSON", "its lines are no JSON objects"),
        { Format: not ReviewFileFormat.Parquet } when Encoding != TextEncodings.Utf8.WebName =>
            Localized.Say($"su texto está en {Encoding} y no en UTF-8", $"its text is {Encoding}, and not UTF-8"),
        _ => null,
    };

    public ReviewFileFormat Format { get; }

    /// <summary>Whether it is a folder, of texts or of the files of one table.</summary>
    public bool IsFolder => Format == ReviewFileFormat.Folder || _parts is not null;

    /// <summary>What the file is compressed with: "gzip", "bzip2", "xz", "zstd", "zip"; null if it is not.</summary>
    public string? Compression { get; }

    /// <summary>The encoding of a text file, as far as it was read.</summary>
    public string Encoding => _encoding.Found.WebName;

    /// <summary>The layout of a csv or tsv file; null for others.</summary>
    public CsvLayout? Csv { get; }

    /// <summary>The layout of a JSON file; null for others.</summary>
    public JsonLayout? Json { get; }

    /// <summary>Whether the file is XML, which is read as the JSON that says the same.</summary>
    public bool IsXml { get; }

    /// <summary>The layout of an Excel workbook; null for others.</summary>
    public ExcelLayout? Excel { get; }

    /// <summary>Whether each row of the file is two, what is good and what is bad.</summary>
    public bool HasSides { get; }

    /// <summary>Whether columns are paths into objects: their last part is the name to look for.</summary>
    public bool IsNested => Json?.Paths is not null;

    /// <summary>How far a column is from the row.</summary>
    public ColumnDistance DistanceOf(int column) => Json?.DistanceOf(column) ?? ColumnDistance.Own;

    /// <summary>Whether the columns' names are the file's own.</summary>
    public bool HasHeader => Format != ReviewFileFormat.Lines && ((Csv is null && Excel is null) || _options.HasHeader);

    /// <summary>Where the header is, for messages; null if names cannot be confused with values.</summary>
    public string? HeaderPlace => HeaderPlaceIn(ReportText.English);

    /// <inheritdoc cref="HeaderPlace"/>
    public string? HeaderPlaceIn(ReportText text) => (Csv ?? (object?)Excel) is null || !_options.HasHeader
        ? null
        : $"{(Csv is null ? text.Say("fila", "row") : text.Say("línea", "line"))} {(Csv?.RowsAbove ?? Excel!.RowsAbove) + 1}";

    /// <summary>The file's columns, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether there is a row below them, which a file has that is not part of a table.</summary>
    public bool HasRows { get; private set; }

    /// <summary>
    /// The columns that number the rows and have no name of their own, as pandas and R write a table's index; looked for where a header has such names.
    /// </summary>
    public IReadOnlyList<int> RowNumbers { get; } = [];

    /// <summary>The columns of a Parquet or Arrow file that are not read: structures in lists, and maps.</summary>
    public IReadOnlyList<string> NotRead { get; private set; } = [];

    /// <summary>The names of the columns of a file without a header.</summary>
    public static string[] Numbered(int count) => [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <param name="needed">Which of <see cref="Columns"/> will be asked for.</param>
    /// <param name="part">
    /// The part to read, of a file that can be read so. Of Parquet the rows go on behind it: the groups' last rows may belong to the next part.
    /// </param>
    public RecordReader Open(bool[] needed, FilePart? part)
    {
        if (part is null)
            return Open(needed);
        if (Format == ReviewFileFormat.Parquet)
            return new ParquetRecords(OpenFile(), needed, Path, part.FirstRow);
        var text = new FilePartInput(OpenFile(), part.Start, part.End);
        return Format switch
        {
            ReviewFileFormat.JsonLines => new JsonRecords(() => text, Json!, needed, Path, part.FirstLine - 1),
            ReviewFileFormat.Lines => new LineRecords(text, _hasLineLabels, Path, part.FirstLine - 1),
            // after a line, U+FEFF is no byte order mark
            _ => new CsvRecords(new Preceded("\n"u8.ToArray(), text), Csv!, _options, Path, Suspect, PassOver, part.FirstLine - 2),
        };
    }

    /// <param name="needed">Which of <see cref="Columns"/> will be asked for.</param>
    public RecordReader Open(bool[] needed)
    {
        RecordReader records = _sides is null ? OpenRows(needed) : new SideRecords(OpenRows(NeededForSides(needed)), _sides, Path);
        if (records.Columns.SequenceEqual(Columns))
            return records;
        records.Dispose();
        throw new SentimentMLException($"{Path}: the file has changed since it was loaded; its columns were {string.Join(", ", Columns)}. Load it again.");
    }

    /// <summary>
    /// The words of a column's first values on average, those with digits aside: 0 if the values are numbers or JSON, less than one if they are ids.
    /// </summary>
    public double MeanWords(int column)
    {
        const int Rows = 100;
        const double OfId = 0.1;
        bool[] needed = new bool[Columns.Count];
        needed[column] = true;
        int values = 0;
        double words = 0;
        using RecordReader records = Open(needed);
        for (int row = 0; row < Rows && records.Read(); row++)
        {
            if (records.Value(column)?.Trim() is not { Length: > 0 } value)
                continue;
            values++;
            if (records.IsJson(column) || value[0] is '[' or '{')
                continue;
            int ofLetters = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(word => !word.Any(char.IsDigit));
            words += ofLetters > 0 ? ofLetters : value.Any(char.IsLetter) ? OfId : 0;
        }
        return values == 0 ? 1 : words / values;
    }

    private RecordReader OpenRows(bool[] needed) => Format switch
    {
        _ when _parts is not null => new PartRecords(_parts, needed, Path),
        ReviewFileFormat.Folder => OpenFolder(needed),
        ReviewFileFormat.JsonLines or ReviewFileFormat.Json => new JsonRecords(OpenJson, Json!, needed, Path),
        ReviewFileFormat.Parquet => new ParquetRecords(OpenBinary(), needed, Path),
        ReviewFileFormat.Arrow => OpenArrow(needed),
        ReviewFileFormat.Excel => OpenExcel(),
        ReviewFileFormat.Lines => OpenLines(),
        _ => OpenCsv(),
    };

    /// <summary>The file's own columns that are needed: both sides, since which rows there are depends on them.</summary>
    private bool[] NeededForSides(bool[] needed)
    {
        bool[] own = new bool[_sides!.Others.Length + 2];
        own[_sides.Positive] = own[_sides.Negative] = true;
        foreach ((int place, int other) in _sides.Others.Index())
            own[other] = needed[place];
        return own;
    }

    private IReadOnlyList<string> FindColumns(bool isPart)
    {
        HasRows = true;
        if (Json is { Columns.Count: > 0 })
            return Json.Columns;
        using RecordReader records = Format switch
        {
            ReviewFileFormat.JsonLines or ReviewFileFormat.Json => new JsonRecords(OpenJson, Json!, [], Path), // says what is broken
            ReviewFileFormat.Folder => OpenFolder([true, true, true]),
            ReviewFileFormat.Parquet => new ParquetRecords(OpenBinary(), null, Path),
            ReviewFileFormat.Arrow => OpenArrow(null),
            ReviewFileFormat.Excel => OpenExcel(),
            ReviewFileFormat.Lines => OpenLines(),
            _ => OpenCsv(),
        };
        NotRead = (records as ParquetRecords)?.NotRead ?? (records as ArrowRecords)?.NotRead ?? [];
        HasRows = records.Read();
        if (!HasRows && !isPart)
            throw new SentimentMLException($"{Path}: the file has columns ({string.Join(", ", records.Columns)}) and no rows. Add a row for each review below "
                + "them, or give another file.");
        return records.Columns;
    }

    /// <summary>By the first rows: whole numbers, each of them once.</summary>
    private int[] FindRowNumbers()
    {
        const int Sample = 100;
        int[] nameless = HeaderPlace is null ? [] : [.. Enumerable.Range(0, Columns.Count).Where(column => NoName().IsMatch(Columns[column]))];
        if (nameless.Length == 0)
            return [];
        bool[] needed = new bool[Columns.Count];
        List<string?>[] values = Array.ConvertAll(nameless, column => new List<string?>(Sample));
        foreach (int column in nameless)
            needed[column] = true;
        using RecordReader records = Open(needed);
        for (int row = 0; row < Sample && records.Read(); row++)
            for (int i = 0; i < nameless.Length; i++)
                values[i].Add(records.Value(nameless[i]));
        bool NumberRows(List<string?> column) => column.TrueForAll(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && column.Distinct().Count() == column.Count;
        return [.. nameless.Where((_, i) => values[i].Count > 0 && NumberRows(values[i]))];
    }

    /// <summary>No name, or what pandas calls a column without one when it reads a file again.</summary>
    [GeneratedRegex(@"^(?:Unnamed: \d+(?:\.\d+)*)?$")]
    private static partial Regex NoName();

    private CsvRecords OpenCsv() => new(OpenText(), Csv!, _options, Path, Suspect, PassOver);

    private void Suspect(string message) => Interlocked.Exchange(ref _suspect, null)?.Invoke(message);

    private void PassOver(string message) => Interlocked.Exchange(ref _passOver, null)?.Invoke(message);

    /// <summary>Whether such a text would be told: none has been.</summary>
    public bool LooksForMojibake => _tellMojibake is not null;

    /// <summary>Warns once of a text whose letters were broken before the file was written.</summary>
    /// <param name="place">The text's row, in the warning's language.</param>
    public void TellMojibake(string place) => Interlocked.Exchange(ref _tellMojibake, null)?.Invoke(Localized.Say(
        $"{Path}, {place}: el texto tiene letras como Ã³ en lugar de ó, o \uFFFD donde se perdió una: en algún momento se leyó en una codificación "
            + "distinta de aquella en que se guardó, y un modelo lo entiende peor. Consigue el archivo en su propia codificación. Lo que escriben Facebook e "
            + "Instagram se repara en Python con text.encode('latin-1').decode('utf-8').",
        $"{Path}, {place}: the text has letters such as Ã³ for ó, or \uFFFD for one that is lost: it was once read in another encoding than it was saved in, "
            + "and a model reads it worse. Get the file in its own encoding. What Facebook and Instagram write is repaired in Python by "
            + "text.encode('latin-1').decode('utf-8')."));

    private FolderRecords OpenFolder(bool[] needed) => new(_folder!, needed, Path,
        file => new TextInput(OpenFile(file), new TextEncoding(file, _options.Encoding, _options.Names, Suspect)));

    private RecordReader OpenLines() => _isChat ? new WhatsAppRecords(OpenText(), Path) : new LineRecords(OpenText(), _hasLineLabels, Path);

    private ArrowRecords OpenArrow(bool[]? needed) => new(OpenBinary(), needed, Path, Suspect);

    private ExcelRecords OpenExcel() => new(OpenBinary(), Excel!, _options, Path, Suspect);

    private Stream OpenJson() => JsonOf(OpenText());

    private Stream JsonOf(TextInput text) => IsXml ? new XmlJson(text, Path, _xmlRows) : JsonScript.ValueOf(text);

    private TextInput OpenText() => new(OpenContent().Stream, _encoding);

    private FileStream OpenBinary() => OpenContent().ToFile();

    private FileContent OpenContent() => FileContent.Open(OpenFile(), Path);

    /// <summary>
    /// Whether a file is texts on lines and not a table: fastText's labels, or in a .txt no name of a column and no delimiter but those of prose.
    /// </summary>
    private bool IsTextOnLines(ReviewFileOptions options)
    {
        if (!options.HasHeader || options.Delimiter is not null || options.NamesColumn)
            return false;
        return Csv!.Columns[0].StartsWith(LineRecords.LabelMark, StringComparison.Ordinal)
            || (_extension == ".TXT" && Csv.Dialect.Delimiter != '\t' && !Csv.IsTable && !new ReviewColumnNames(options).AreFoundIn(Csv.Columns));
    }

    public FileStream OpenFile() => OpenFile(Path);

    private static FileStream OpenFile(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
            if (file.CanSeek)
                return file;
            file.Dispose();
            throw new SentimentMLException(
                $"{path} is a pipe or a device, which can be read once; reviews are read several times. Write them to a file first.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SentimentMLException($"{path} does not exist, expected a file of reviews: {Formats}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="SentimentMLException">It has nothing to read, or it is not clear what.</exception>
    private FolderContent InFolder()
    {
        try
        {
            FolderContent content = FolderContent.Of(Path, onlyTexts: _options.Format == ReviewFileFormat.Folder);
            bool isRead = content.Texts is null ? content.Files.Count > 0 : _options.Format is null or ReviewFileFormat.Folder;
            return isRead ? content : throw NoFile();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{Path} cannot be read: {e.Message}", e);
        }
    }

    private TableParts FindParts(IReadOnlyList<string> files, Action<string> warn)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        void WarnOnce(string file, string message) // of what is in all parts
        {
            if (told.Add(message.Replace(file, "", StringComparison.Ordinal)))
                warn(message);
        }
        return TableParts.Of(Path, [.. files.Where(HasContent)
            .Select(file => new ReviewFile(file, _options, message => WarnOnce(file, message), isPart: true))], _options);
    }

    private static bool HasContent(string file)
    {
        using FileContent content = FileContent.Open(OpenFile(file), file);
        return content.Kind != FileKind.Empty;
    }

    /// <summary>A folder without texts, or one that is to be read as a file.</summary>
    private SentimentMLException NoFile()
    {
        string inside = string.Join(" or ", TextFolder.FoundIn(Path).Take(3).Select(folder => $"'{folder}'"));
        return new SentimentMLException($"{Path} is a folder, expected a file of reviews: {Formats}; or a folder with one such file or the parts of one "
            + "table, or with .txt files, a text in each, in a folder for each label, such as pos and neg."
            + (inside.Length == 0 || _options.Format is not null ? "" : $" Use {inside}, which has such files."));
    }

    private ReviewFileFormat FormatOf(FileContent content, Action<string> warn)
    {
        ReviewFileFormat? byName = DataFiles.FormatOf(_extension);
        ReviewFileFormat? byContent = FileKinds.FormatOf(content.Kind);
        string extension = _extension.ToLowerInvariant();
        if (byContent is not null && byName is not null && byContent != byName)
            warn(Localized.Say(
                $"{Path}: el contenido es {(content.Kind == FileKind.Excel ? "un libro de Excel" : $"{content.Kind}")} y se lee así, aunque el nombre acaba en "
                    + $"{extension}.",
                $"{Path}: the content is {content.KindName} and is read so, although the name ends in {extension}."));
        if (byName is ReviewFileFormat.Csv or ReviewFileFormat.Tsv && _options.Delimiter is null && content.Kind == FileKind.Text && BeginsAsJson())
        {
            warn(Localized.Say(
                $"{Path}: el contenido es JSON y se lee así, aunque el nombre acaba en {extension}.",
                $"{Path}: the content is JSON and is read so, although the name ends in {extension}."));
            return ReviewFileFormat.JsonLines;
        }
        if (_extension == ".XLS" && content.Kind == FileKind.Text) // web programs name tables so, that Excel may open them
        {
            warn(Localized.Say(
                $"{Path}: el contenido es texto y se lee como csv, aunque el nombre acaba en .xls.",
                $"{Path}: the content is text and is read as csv, although the name ends in .xls."));
            return ReviewFileFormat.Csv;
        }
        if ((byContent ?? byName) is { } format)
            return format;
        if (IsXml)
            return ReviewFileFormat.Json;
        if (content.Kind == FileKind.Text && LineRecords.HasLabels(OpenText(), Path)) // fastText has no extension of its own
            return ReviewFileFormat.Lines;
        if (content.Kind == FileKind.Text && BeginsAsJson()) // archives of Reddit have none either
            return ReviewFileFormat.JsonLines;
        throw new SentimentMLException(content.Kind == FileKind.Other
            ? $"{Path}: the content is {content.KindName}, expected a file of reviews: {Formats}. Convert or unpack it by another program."
            : $"{Path}: the extension does not say the format, expected {Formats}. "
                + $"Rename the file, or {_options.Names.Set(nameof(ReviewFileOptions.Format), "the one that it has")}.");
    }

    /// <summary>Whether the text begins with a JSON object, or with an array of such, and no further than a text might.</summary>
    private bool BeginsAsJson()
    {
        using var text = new TextInput(OpenContent().Stream, _encoding, isChecked: false);
        var start = new byte[1 << 16];
        var json = new Utf8JsonReader(start.AsSpan(0, text.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)), isFinalBlock: false, default);
        try
        {
            return json.Read() && (json.TokenType != JsonTokenType.StartArray || json.Read()) && json.TokenType == JsonTokenType.StartObject
                && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Check(FileContent content)
    {
        string expected = Format switch
        {
            ReviewFileFormat.Parquet => "Parquet",
            ReviewFileFormat.Excel => "an Excel workbook (.xlsx)",
            ReviewFileFormat.Arrow => "Arrow or Feather",
            ReviewFileFormat.JsonLines or ReviewFileFormat.Json => "JSON",
            ReviewFileFormat.Lines => "one text a line",
            _ => "a header line with rows below it",
        };
        if (content.Kind == FileKind.Empty)
            throw new SentimentMLException($"{Path}: the file is empty, expected {expected}.");
        ReviewFileFormat? binary = FileKinds.FormatOf(content.Kind);
        bool isBinary = Format is ReviewFileFormat.Parquet or ReviewFileFormat.Excel or ReviewFileFormat.Arrow;
        if (isBinary ? binary == Format : content.Kind == FileKind.Text || IsXml)
            return;
        string by = _options.Format is null
            ? "by the file's extension. Rename the file by what it holds"
            : $"as {_options.Names.Name(nameof(ReviewFileOptions.Format))} says. Give the right one";
        throw new SentimentMLException(content.Kind is FileKind.Text or FileKind.Xml || binary is not null
            ? $"{Path}: the content is {content.KindName}, expected {expected}, {by}."
            : $"{Path}: the content is {content.KindName}, expected {expected}. Convert or unpack it by another program.");
    }
}
