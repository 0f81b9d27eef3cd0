using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Xml;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// XML as the JSON that says the same: the elements in the root, or those of them that have one name, are an array of objects, whose properties are the
/// attributes and the elements inside; elements of one name are an array. A root whose first element is nothing but text is one object. What an element in
/// the root holds beside attributes and elements is its "text"; another with text is a string, and its attributes stand beside it, as "texto.lang". Each
/// object is in the line where its element is. Roots of one name after one another, as in files that were put together, are read as one.
/// </summary>
internal sealed class XmlJson : ReadOnlyStream
{
    private const int MaxDepth = 50;
    private const int MaxJsonDepth = 2 * (MaxDepth + 2);

    private readonly XmlReader _xml;
    private readonly string _path;
    private readonly string? _rows;
    private readonly ArrayBufferWriter<byte> _json = new();
    private int _given;
    private int _line = 1;
    private long _size; // of what is held in memory
    private string? _root;
    private bool _isAtRoot, _isRootEmpty;
    private string? _before; // the element of text that makes the root one object
    private State _state = State.Start;

    /// <param name="text">UTF-8; owned. An encoding that the XML declares was taken care of before.</param>
    /// <param name="path">For messages.</param>
    /// <param name="rows">The name of the elements that are read, of those in the root; null for all. The default value is null.</param>
    public XmlJson(Stream text, string path, string? rows = null)
    {
        _path = path;
        _rows = rows;
        _xml = XmlReader.Create(new XmlDocuments(new StreamReader(text, TextEncodings.Utf8)), new XmlReaderSettings
        {
            CloseInput = true,
            ConformanceLevel = ConformanceLevel.Fragment,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            XmlResolver = null,
        });
    }

    private enum State
    {
        Start,
        Inside,
        Ended,
    }

    /// <summary>
    /// The name of the elements that are the reviews, where the root has others beside them without a text: a forum's categories and threads beside its
    /// comments. Null for all elements.
    /// </summary>
    /// <param name="text">UTF-8; owned.</param>
    /// <param name="names">The columns that are looked for.</param>
    /// <param name="path">For messages.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    public static string? FindRows(Stream text, ReviewColumnNames names, string path, Action<string> warn)
    {
        using var xml = new XmlJson(text, path);
        Dictionary<string, bool> kinds = [];
        try
        {
            xml.ReadRoot();
            for (bool isFirst = true; xml.MoveToNext(); isFirst = false)
            {
                string name = xml._xml.LocalName;
                if (kinds.GetValueOrDefault(name))
                {
                    xml._xml.Skip();
                    continue;
                }
                xml._size = 0;
                Element element = xml.ReadElement(1);
                if (isFirst && element.IsText)
                    return null; // the root is one object
                kinds[name] = xml.HoldsText(element, names);
            }
        }
        catch (Exception e) when (e is XmlException or SentimentMLException)
        {
            return null; // the reader of the rows reports it
        }
        string[] rows = [.. kinds.Keys.Where(name => kinds[name])];
        if (rows.Length == 0 || kinds.Count == 1)
            return null;
        string read = string.Join(", ", rows.Take(5).Select(Quoted.Name)), others = string.Join(", ", kinds.Keys.Except(rows).Take(5).Select(Quoted.Name));
        warn(rows.Length > 1
            ? Localized.Say(
                $"{path}: las reseñas se leen de sus elementos {read}, y todos tienen textos. Si algunos no son reseñas, quítalos.",
                $"{path}: the reviews are read from its elements {read}, which have texts each. If some are no reviews, take them out.")
            : Localized.Say(
                $"{path}: las reseñas se leen de sus elementos {read}; se saltan los elementos {others}, que están junto a ellos.",
                $"{path}: the reviews are read from its elements {read}; {others} beside them are passed over."));
        return rows.Length > 1 ? null : rows[0];
    }

    public override int Read(Span<byte> buffer)
    {
        while (_given == _json.WrittenCount && _state != State.Ended && !buffer.IsEmpty)
        {
            _json.ResetWrittenCount();
            _given = 0;
            try
            {
                Fill();
            }
            catch (XmlException e)
            {
                throw new SentimentMLException($"{_path}{(e.LineNumber > 0 ? $", line {e.LineNumber}" : "")}: broken XML, expected whole elements, with &amp; "
                    + $"for & and &lt; for < in texts. {e.Message}", e);
            }
        }
        int count = Math.Min(buffer.Length, _json.WrittenCount - _given);
        _json.WrittenSpan.Slice(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _xml.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        _size = 0;
        if (_state == State.Start)
        {
            _state = State.Inside;
            Begin();
        }
        else if ((_before is null ? ReadNext() : ReadNextRoot()) is { } next)
        {
            Put(","u8);
            WriteInLine(next);
        }
        else
        {
            Put("]"u8);
            _state = State.Ended;
        }
    }

    private void Begin()
    {
        Element root = ReadRoot();
        Element? first = ReadInside(root);
        if (first is null ? root.HasText || _isRootEmpty : first.IsText)
        {
            _before = first?.Name ?? root.Name;
            ReadRest(root, first);
            if (!MoveToRoot())
            {
                Write(root);
                _state = State.Ended;
                return;
            }
        }
        Put("["u8);
        if ((_before is not null ? root : first is not null && IsRow(first.Name) ? first : ReadNext()) is { } next)
            WriteInLine(next);
    }

    private void WriteInLine(Element element)
    {
        for (; _line < element.Line; _line++)
            Put("\n"u8);
        Write(_before is null && element.IsText ? new Element("").With(element) : element);
    }

    private int Line => ((IXmlLineInfo)_xml).LineNumber;

    private bool HoldsText(Element element, ReviewColumnNames names)
    {
        _json.ResetWrittenCount();
        Write(element);
        using JsonDocument json = JsonDocument.Parse(_json.WrittenMemory, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        var leaves = new JsonLeaves(JsonLayout.MaxColumns);
        leaves.Add(json.RootElement);
        return leaves.Found.Exists(leaf => leaf.HasValue && names.IsTextOf(leaf.Name));
    }

    /// <summary>Reads a root's attributes, and moves behind its start.</summary>
    private Element ReadRoot()
    {
        if (_root is null && _xml.MoveToContent() != XmlNodeType.Element)
            throw new SentimentMLException($"{_path}: the XML {(_xml.NodeType == XmlNodeType.Text ? "begins with text" : "has no element")}, expected an "
                + "element with the reviews inside.");
        if (_xml.NamespaceURI == "urn:schemas-microsoft-com:office:spreadsheet")
            throw new SentimentMLException($"{_path}: the content is a workbook of Excel 2003 (XML Spreadsheet), expected reviews in elements of their own. "
                + "Open it in a spreadsheet program, and save it as .xlsx.");
        var root = new Element(_xml.LocalName) { Line = Line };
        (_isAtRoot, _isRootEmpty) = (false, _xml.IsEmptyElement);
        ReadAttributes(root);
        if (!_isRootEmpty)
            _xml.Read();
        if (_root is null && root.IsText && (_isRootEmpty || _xml.NodeType == XmlNodeType.EndElement))
            throw new SentimentMLException($"{_path}: the XML's element '{root.Name}' is empty, expected the reviews inside.");
        _root = root.Name;
        return root;
    }

    /// <summary>The next element in this root or in another behind it; null behind the last.</summary>
    private Element? ReadNext()
    {
        while (MoveToNext())
        {
            if (IsRow(_xml.LocalName))
                return ReadElement(1);
            _xml.Skip();
        }
        return null;
    }

    private bool IsRow(string name) => _rows is null || name == _rows;

    private bool MoveToNext()
    {
        while (!MoveInside())
        {
            if (!MoveToRoot())
                return false;
            ReadRoot();
        }
        return true;
    }

    /// <summary>The next root with all that is in it; null if there is none.</summary>
    private Element? ReadNextRoot()
    {
        if (!_isAtRoot && !MoveToRoot())
            return null;
        Element root = ReadRoot();
        ReadRest(root, ReadInside(root));
        return root;
    }

    private void ReadRest(Element root, Element? first)
    {
        root.HasText &= first is null;
        for (Element? inside = first; inside is not null; inside = ReadInside())
            root.Add(inside);
    }

    /// <summary>The next element in the root; null at its end.</summary>
    /// <param name="root">Takes the text between them; null if it is passed over. The default value is null.</param>
    private Element? ReadInside(Element? root = null) => MoveInside(root) ? ReadElement(1) : null;

    private bool MoveInside(Element? root = null)
    {
        for (; _xml.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement or XmlNodeType.None); _xml.Read())
            root?.AddText(_xml.Value);
        return _xml.NodeType == XmlNodeType.Element && !_isRootEmpty;
    }

    /// <summary>Moves from a root's end to the next root; false behind the last.</summary>
    private bool MoveToRoot()
    {
        _xml.Read();
        _isRootEmpty = false;
        _isAtRoot = _xml.MoveToContent() != XmlNodeType.None;
        if (_isAtRoot && (_xml.NodeType != XmlNodeType.Element || _xml.LocalName != _root))
        {
            bool isElement = _xml.NodeType == XmlNodeType.Element;
            int line = Line + _xml.Value.TakeWhile(char.IsWhiteSpace).Count('\n'.Equals);
            throw new SentimentMLException($"{_path}, line {line}: {(isElement ? $"element {Quoted.Name(_xml.LocalName)}" : Quoted.Value(_xml.Value.Trim()))} "
                + $"stands behind the end of element '{_root}', expected nothing or another '{_root}'. Keep the reviews in one element, and take away what is "
                + "behind it.");
        }
        return _isAtRoot;
    }

    /// <summary>Reads the element that the reader is on, and moves behind it.</summary>
    private Element ReadElement(int depth)
    {
        if (depth > MaxDepth)
            throw new SentimentMLException($"{_path}, line {Line}: elements are inside one another {depth} times, expected reviews.");
        var element = new Element(_xml.LocalName) { Line = Line };
        bool isEmpty = _xml.IsEmptyElement;
        ReadAttributes(element);
        _xml.Read();
        while (!isEmpty && _xml.NodeType != XmlNodeType.EndElement)
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                Element inside = ReadElement(depth + 1);
                Count(inside.Text.Length);
                element.Text.Append(inside.Text);
                element.Add(inside);
                continue;
            }
            Count(_xml.Value.Length);
            element.AddText(_xml.Value);
            if (!_xml.Read())
                break;
        }
        if (!isEmpty)
            _xml.Read();
        return element;
    }

    private void ReadAttributes(Element element)
    {
        while (_xml.MoveToNextAttribute())
        {
            Count(_xml.LocalName.Length + _xml.Value.Length);
            if (_xml.Prefix != "xmlns" && _xml.Name != "xmlns")
                element.Add(new Element(_xml.LocalName, _xml.Value));
        }
        _xml.MoveToElement();
    }

    private void Count(int characters)
    {
        _size += characters;
        if (_size > RecordReader.MaxRecordBytes)
            throw new SentimentMLException(_before is null
                ? $"{_path}, line {Line}: the element has more than {RecordReader.MaxRecordBytes} characters, expected one review in each."
                : $"{_path}: '{_before}' stands before the reviews, so that the whole file is one element, and that has more than "
                    + $"{RecordReader.MaxRecordBytes} characters. Take away what stands before the reviews.");
    }

    private void Put(ReadOnlySpan<byte> json) => _json.Write(json);

    private void Write(Element element)
    {
        using var json = new Utf8JsonWriter(_json, new JsonWriterOptions { MaxDepth = MaxJsonDepth });
        element.Write(json);
    }

    /// <summary>An element or an attribute.</summary>
    private sealed class Element(string name, string text = "")
    {
        private readonly List<Element> _inside = [];

        public string Name => name;

        public int Line { get; init; }

        /// <summary>All text, that of the elements inside too.</summary>
        public StringBuilder Text { get; } = new(text);

        /// <summary>Whether there is text beside the elements inside.</summary>
        public bool HasText { get; set; }

        /// <summary>Whether there is nothing but text.</summary>
        public bool IsText => _inside.Count == 0;

        private bool IsPlainText => HasText && _inside.Exists(inside => inside is { Name: "type", IsText: true, Trimmed: "text" });

        private string Trimmed => Text.ToString().Trim();

        public void AddText(string text)
        {
            Text.Append(text);
            HasText |= !string.IsNullOrWhiteSpace(text);
        }

        public void Add(Element inside) => _inside.Add(inside);

        public Element With(Element inside)
        {
            Add(inside);
            return this;
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            if (HasText)
                json.WriteString("text", Trimmed);
            foreach (IGrouping<string, Element> named in _inside.GroupBy(element => element.Name, StringComparer.Ordinal))
            {
                if (!named.Any(element => element.HasText) && !named.All(element => element.IsText))
                {
                    Write(json, named.Key, [.. named], element => element.Write(json));
                    continue;
                }
                Element[] same = [.. named];
                if (Array.FindAll(same, element => element.IsPlainText) is [var plain])
                    same = [plain]; // of one text in several types, as Atom has it
                if (!HasText || Array.TrueForAll(same, element => element.IsText)) // else it is a part of this text, with something said about it
                    Write(json, named.Key, same, element => json.WriteStringValue(element.Trimmed));
                foreach (IGrouping<string, Element> about in same.SelectMany(element => element._inside).Where(element => element.IsText)
                    .GroupBy(element => element.Name, StringComparer.Ordinal))
                    Write(json, $"{named.Key}.{about.Key}", [.. about], element => json.WriteStringValue(element.Trimmed));
            }
            json.WriteEndObject();
        }

        private static void Write(Utf8JsonWriter json, string name, Element[] elements, Action<Element> write)
        {
            json.WritePropertyName(name);
            if (elements.Length > 1)
                json.WriteStartArray();
            Array.ForEach(elements, write);
            if (elements.Length > 1)
                json.WriteEndArray();
        }
    }
}
