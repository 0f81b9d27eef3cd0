using System.Text;

namespace SentimentML.Ngrams;

/// <summary>Cuts a text into n-grams as scikit-learn's vectorizers do (CountVectorizer, analyzers "word" and "char_wb", lower case).</summary>
/// <remarks>Holds buffers that are used again for the next text: one for each thread.</remarks>
internal sealed class NgramText
{
    private readonly List<int> _words = [];
    private readonly List<int> _runes = [];
    private char[] _buffer = new char[1024];
    private int _length;

    public delegate void Visit(ReadOnlySpan<char> ngram);

    /// <summary>Visits the n-grams of words; a word is two or more letters, digits or underscores, and a space joins two.</summary>
    public void Words(ReadOnlySpan<char> text, int shortest, int longest, Visit visit)
    {
        SplitIntoWords(text);
        int count = _words.Count - 1;
        for (int n = shortest; n <= longest; n++)
            for (int first = 0; first + n <= count; first++)
                visit(_buffer.AsSpan(_words[first].._words[first + n]).TrimEnd(' '));
    }

    /// <summary>
    /// Visits the n-grams of characters (code points) within the edges of words; a word is what white space parts, with one
    /// space on each side. One that is shorter than an n-gram is visited whole, once.
    /// </summary>
    public void CharactersWithinWords(ReadOnlySpan<char> text, int shortest, int longest, Visit visit)
    {
        SplitAtWhiteSpace(text);
        for (int word = 0; word + 1 < _words.Count; word++)
        {
            FindRunes(_words[word], _words[word + 1] + 1);
            int count = _runes.Count - 1;
            for (int n = shortest; n <= longest; n++)
            {
                int last = Math.Max(0, count - n);
                for (int first = 0; first <= last; first++)
                    visit(_buffer.AsSpan(_runes[first].._runes[Math.Min(count, first + n)]));
                if (last == 0) break;
            }
        }
    }

    /// <summary>The buffer becomes "one two three ", <see cref="_words"/> where each begins and where the last one's space ends.</summary>
    private void SplitIntoWords(ReadOnlySpan<char> text)
    {
        Clear(text.Length);
        int start = 0, runes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune) || Rune.IsNumber(rune) || rune.Value == '_')
            {
                Append(rune);
                runes++;
            }
            else
                EndWord();
        }
        EndWord();
        _words.Add(_length);

        void EndWord()
        {
            if (runes >= 2)
            {
                _words.Add(start);
                _buffer[_length++] = ' ';
            }
            else
                _length = start;
            start = _length;
            runes = 0;
        }
    }

    /// <summary>The buffer becomes " one two three ", <see cref="_words"/> the places of the spaces.</summary>
    private void SplitAtWhiteSpace(ReadOnlySpan<char> text)
    {
        Clear(text.Length);
        Space();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune))
                Append(rune);
            else if (_buffer[_length - 1] != ' ')
                Space();
        }
        if (_buffer[_length - 1] != ' ')
            Space();

        void Space()
        {
            _words.Add(_length);
            _buffer[_length++] = ' ';
        }
    }

    private void Clear(int textLength)
    {
        _words.Clear();
        _length = 0;
        // Lower case may take one more unit than upper case, never more than two; a word of two units has one space.
        int needed = checked(textLength * 2 + 2);
        if (_buffer.Length < needed)
            _buffer = new char[needed];
    }

    private void Append(Rune rune) => _length += Rune.ToLowerInvariant(rune).EncodeToUtf16(_buffer.AsSpan(_length));

    private void FindRunes(int start, int end)
    {
        _runes.Clear();
        for (int at = start; at < end; at += char.IsHighSurrogate(_buffer[at]) ? 2 : 1)
            _runes.Add(at);
        _runes.Add(end);
    }
}
