namespace SentimentML.Reviews;

/// <summary>
/// XML documents after one another, as <c>cat *.xml</c> writes them, as one text that an <see cref="System.Xml.XmlReader"/> reads as a fragment: the XML
/// declarations and document types, which it takes in one document alone, become spaces. Line breaks stay.
/// </summary>
/// <param name="text">The documents; owned.</param>
internal sealed class XmlDocuments(TextReader text) : TextReader
{
    /// <summary>What is not searched for others of its kind: how it begins and ends, and whether it becomes spaces.</summary>
    private static readonly (string Start, string End, bool IsBlank)[] Kinds =
        [("<!--", "-->", false), ("<![CDATA[", "]]>", false), ("<?xml ", "?>", true), ("<!DOCTYPE", ">", true)];

    private const int MaxMark = 9; // of the longest start

    private readonly char[] _buffer = new char[1 << 14];
    private int _start, _end;
    private string? _until; // the end of what the text is in
    private bool _isBlank, _isSubset, _isMarkBlank;
    private int _marked; // how many characters are left of what was found last

    public override int Read(char[] buffer, int index, int count)
    {
        int written = 0;
        for (; written < count && HasMark(); written++)
        {
            if (_marked == 0)
                Look(_buffer.AsSpan(_start, _end - _start));
            _marked--;
            char c = _buffer[_start++];
            buffer[index + written] = _isMarkBlank && c is not ('\n' or '\r') ? ' ' : c;
        }
        return written;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            text.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Finds out what begins or ends here, and how many characters belong to that: one if nothing does.</summary>
    private void Look(ReadOnlySpan<char> rest)
    {
        (_marked, _isMarkBlank) = (1, _isBlank);
        if (_until is null && rest[0] == '<')
        {
            foreach ((string start, string end, bool isBlank) in Kinds)
            {
                if (!rest.StartsWith(start))
                    continue;
                (_marked, _until, _isBlank, _isMarkBlank) = (start.Length, end, isBlank, isBlank);
                return;
            }
        }
        else if (_until is not null && !_isSubset && rest.StartsWith(_until))
        {
            (_marked, _until, _isBlank) = (_until.Length, null, false);
        }
        else if (_until == ">") // a document type's declarations are in brackets
        {
            _isSubset = rest[0] == '[' || (_isSubset && rest[0] != ']');
        }
    }

    /// <summary>Whether there is more text; makes sure that a whole mark is in the buffer, if the text has one.</summary>
    private bool HasMark()
    {
        if (_end - _start >= MaxMark)
            return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < MaxMark && text.Read(_buffer, _end, _buffer.Length - _end) is > 0 and int read)
            _end += read;
        return _end > _start;
    }
}
