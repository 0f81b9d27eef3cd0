using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace SentimentML.Reviews;

/// <summary>
/// XML as the JSON that says the same: the elements in the root are an array of objects, whose properties are the attributes and the elements inside;
/// elements of one name are an array. A root whose first element is nothing but text is one object. What an element in the root holds beside attributes
/// and elements is its "text"; another with text is a string, and its attributes stand beside it, as "texto.lang". Each object is in the line where its
/// element is.
/// </summary>
internal sealed class XmlJson : ReadOnlyStream
{
    private const int MaxDepth = 50;

    private readonly XmlReader _xml;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _json = new();
    private int _given;
    private int _line = 1;
    private long _size; // of what is held in memory
    private string? _before; // the element of text that makes the root one object
    private State _state = State.Start;

    /// <param name="text">UTF-8; owned. An encoding that the XML declares was taken care of before.</param>
    /// <param name="path">For messages.</param>
    public XmlJson(Stream text, string path)
    {
        _path = path;
        _xml = XmlReader.Create(new StreamReader(text, TextEncodings.Utf8), new XmlReaderSettings
        {
            CloseInput = true,
            DtdProcessing = DtdProcessing.Ignore,
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
        bool isFirst = _state == State.Start;
        _size = 0;
        Element? root = isFirst ? ReadRoot() : null; // with its attributes alone
        _state = State.Inside;
        int line = Line;
        Element? next = ReadInside();
        if (isFirst && next?.IsText == true)
        {
            _before = next.Name;
            root!.Add(next);
            while (ReadInside() is { } other)
                root.Add(other);
            Write(root);
            _state = State.Ended;
            return;
        }
        if (next is null)
        {
            Put("]"u8);
            _state = State.Ended;
            return;
        }
        Put(isFirst ? "["u8 : ","u8);
        for (; _line < line; _line++)
            Put("\n"u8);
        Write(next.IsText ? new Element("").With(next) : next);
    }

    private int Line => ((IXmlLineInfo)_xml).LineNumber;

    private Element ReadRoot()
    {
        if (_xml.MoveToContent() != XmlNodeType.Element)
            throw new SentimentMLException($"{_path}: the XML has no element, expected one with the reviews inside.");
        var root = new Element(_xml.LocalName);
        bool isEmpty = _xml.IsEmptyElement;
        ReadAttributes(root);
        _xml.Read();
        if (isEmpty || _xml.NodeType == XmlNodeType.EndElement)
            throw new SentimentMLException($"{_path}: the XML's element '{root.Name}' is empty, expected the reviews inside.");
        return root;
    }

    /// <summary>The next element in the root; null at its end. Text between them is passed over.</summary>
    private Element? ReadInside()
    {
        while (_xml.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement or XmlNodeType.None))
            _xml.Read();
        return _xml.NodeType == XmlNodeType.Element ? ReadElement(1) : null;
    }

    /// <summary>Reads the element that the reader is on, and moves behind it.</summary>
    private Element ReadElement(int depth)
    {
        if (depth > MaxDepth)
            throw new SentimentMLException($"{_path}, line {Line}: elements are inside one another {depth} times, expected reviews.");
        var element = new Element(_xml.LocalName);
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
            element.Text.Append(_xml.Value);
            element.HasText |= !string.IsNullOrWhiteSpace(_xml.Value);
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
        using var json = new Utf8JsonWriter(_json, new JsonWriterOptions { MaxDepth = 2 * (MaxDepth + 2) });
        element.Write(json);
    }

    /// <summary>An element or an attribute.</summary>
    private sealed class Element(string name, string text = "")
    {
        private readonly List<Element> _inside = [];

        public string Name => name;

        /// <summary>All text, that of the elements inside too.</summary>
        public StringBuilder Text { get; } = new(text);

        /// <summary>Whether there is text beside the elements inside.</summary>
        public bool HasText { get; set; }

        /// <summary>Whether there is nothing but text.</summary>
        public bool IsText => _inside.Count == 0;

        private string Trimmed => Text.ToString().Trim();

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
                if (!HasText || named.All(element => element.IsText)) // else it is a part of this text, with something said about it
                    Write(json, named.Key, [.. named], element => json.WriteStringValue(element.Trimmed));
                foreach (IGrouping<string, Element> about in named.SelectMany(element => element._inside).Where(element => element.IsText)
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
