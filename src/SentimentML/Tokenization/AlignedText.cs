using System.Runtime.CompilerServices;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>A stretch of text on its way to the model.</summary>
/// <param name="Start">Its first UTF-16 unit.</param>
/// <param name="End">The unit behind its last.</param>
/// <param name="TokenId">The added token that it is; -1 for text.</param>
internal readonly record struct Piece(int Start, int End, int TokenId = -1);

/// <summary>
/// Text on its way from the user to the model: the characters as normalizers and pre-tokenizers leave them, where each of
/// them comes from in the user's text, and the pieces that it is cut into. Follows NormalizedString and PreTokenizedString
/// of huggingface/tokenizers, whose offsets are ours, in UTF-16 units. One for each thread, used again for each text.
/// </summary>
/// <remarks>
/// An edit writes the text again from left to right: <see cref="BeginEdit"/>, then <see cref="Keep"/>, <see cref="Put"/> and
/// <see cref="Drop"/>, then <see cref="EndEdit"/>.
/// </remarks>
internal sealed class AlignedText
{
    /// <summary>A thread keeps its buffers up to this size.</summary>
    private const int MaxKeptLength = 1 << 20;

    [ThreadStatic]
    private static AlignedText? s_ofThread;

    private Buffers _current = new(), _edited = new();
    private Piece[] _pieces = new Piece[64], _cut = new Piece[64];
    private int _cutCount;
    private int _origin;
    private int _read;

    /// <summary>Whether it is known where characters come from; without it, the work is less.</summary>
    public bool IsTracked { get; private set; }

    public int Length => _current.Length;

    public ReadOnlySpan<char> Characters => _current.Characters.AsSpan(0, _current.Length);

    public ReadOnlySpan<Piece> Pieces => _pieces.AsSpan(0, PieceCount);

    private int PieceCount { get; set; }

    /// <summary>Where the character at a unit begins in the user's text. Needs tracking.</summary>
    public int OriginalStart(int unit) => _current.Starts[unit];

    /// <summary>Where the character at a unit ends in the user's text. Needs tracking.</summary>
    public int OriginalEnd(int unit) => _current.Ends[unit];

    /// <summary>The thread's own, with a text in it that is one piece.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="origin">Where it begins in the user's text.</param>
    /// <param name="track">Whether to know where characters come from.</param>
    public static AlignedText Of(ReadOnlySpan<char> text, int origin, bool track)
    {
        AlignedText aligned = s_ofThread ??= new AlignedText();
        aligned.Load(text, origin, track);
        return aligned;
    }

    /// <summary>Lets go of buffers that a very long text has made.</summary>
    public void Release()
    {
        if (_current.Capacity > MaxKeptLength || _edited.Capacity > MaxKeptLength || _pieces.Length > MaxKeptLength || _cut.Length > MaxKeptLength)
            s_ofThread = null;
    }

    private void Load(ReadOnlySpan<char> text, int origin, bool track)
    {
        IsTracked = track;
        _origin = origin;
        _current.Length = 0;
        _current.Reserve(text.Length, track);
        text.CopyTo(_current.Characters);
        _current.Length = text.Length;
        for (int i = 0; track && i < text.Length; i++)
        {
            int width = char.IsHighSurrogate(text[i]) ? 2 : 1;
            for (int unit = i; unit < i + width; unit++)
                (_current.Starts[unit], _current.Ends[unit]) = (origin + i, origin + i + width);
            i += width - 1;
        }
        MakeOnePiece();
    }

    public void BeginEdit()
    {
        _read = 0;
        _edited.Length = 0;
        _edited.Reserve(_current.Length, IsTracked);
    }

    /// <summary>How many units of the text have been kept, replaced or dropped so far.</summary>
    public int Read => _read;

    /// <summary>How many units have been written so far.</summary>
    public int Written => _edited.Length;

    /// <summary>The text's next units stay as they are.</summary>
    public void Keep(int units)
    {
        if (units == 0)
            return;
        int at = _edited.Length;
        _edited.Reserve(at + units, IsTracked);
        Array.Copy(_current.Characters, _read, _edited.Characters, at, units);
        if (IsTracked)
        {
            Array.Copy(_current.Starts, _read, _edited.Starts, at, units);
            Array.Copy(_current.Ends, _read, _edited.Ends, at, units);
        }
        _edited.Length = at + units;
        _read += units;
    }

    /// <summary>The text's next units go.</summary>
    public void Drop(int units) => _read += units;

    /// <summary>The text's next units stay, and others are written for them, each for one.</summary>
    public Span<char> Rewrite(int units)
    {
        int at = _edited.Length;
        Keep(units);
        return _edited.Characters.AsSpan(at, units);
    }

    /// <summary>Writes a character.</summary>
    /// <param name="codePoint">The character.</param>
    /// <param name="change">
    /// 0 where it replaces the text's next one, -n where it replaces that and n more; 1 where it is additional and comes
    /// from where the one before comes from.
    /// </param>
    public void Put(int codePoint, int change)
    {
        int start = _origin, end = _origin;
        if (change <= 0)
        {
            if (IsTracked)
                (start, end) = (_current.Starts[_read], _current.Ends[_read]);
            for (int i = change; i <= 0 && _read < _current.Length; i++)
                _read += char.IsHighSurrogate(_current.Characters[_read]) ? 2 : 1;
        }
        else if (IsTracked && _read > 0)
        {
            (start, end) = (_current.Starts[_read - 1], _current.Ends[_read - 1]);
        }
        int at = _edited.Length;
        _edited.Reserve(at + 2, IsTracked);
        int width = 1;
        if (codePoint <= char.MaxValue)
            _edited.Characters[at] = (char)codePoint;
        else
            width = new Rune(codePoint).EncodeToUtf16(_edited.Characters.AsSpan(at));
        for (int unit = at; IsTracked && unit < at + width; unit++)
            (_edited.Starts[unit], _edited.Ends[unit]) = (start, end);
        _edited.Length = at + width;
    }

    /// <summary>Writes characters that come from where the one before comes from.</summary>
    public void PutAll(ReadOnlySpan<char> characters)
    {
        foreach (Rune rune in characters.EnumerateRunes())
            Put(rune.Value, 1);
    }

    /// <summary>Puts characters in front of what follows; all come from its first character.</summary>
    public void PutInFront(ReadOnlySpan<char> characters)
    {
        int next = CodePointAt(_read, out _);
        int change = 0;
        foreach (Rune rune in characters.EnumerateRunes())
        {
            Put(rune.Value, change);
            change = 1;
        }
        if (change == 1)
            Put(next, 1);
    }

    /// <summary>Keeps the rest; the text is now what was written, and one piece.</summary>
    public void EndEdit()
    {
        Keep(_current.Length - _read);
        SwapBuffers();
        MakeOnePiece();
    }

    /// <summary>The text is now what was written, and the pieces those that were added since <see cref="BeginCut"/>.</summary>
    public void EndEditAndCut()
    {
        SwapBuffers();
        EndCut();
    }

    public void BeginCut() => _cutCount = 0;

    /// <summary>Adds a piece, unless it is empty.</summary>
    public void AddPiece(int start, int end, int tokenId = -1)
    {
        if (start >= end)
            return;
        if (_cutCount == _cut.Length)
            Array.Resize(ref _cut, _cutCount * 2);
        _cut[_cutCount++] = new Piece(start, end, tokenId);
    }

    public void EndCut()
    {
        (_pieces, _cut) = (_cut, _pieces);
        PieceCount = _cutCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodePointAt(int unit, out int width)
    {
        char c = _current.Characters[unit];
        width = char.IsHighSurrogate(c) ? 2 : 1;
        return width == 1 ? c : char.ConvertToUtf32(c, _current.Characters[unit + 1]);
    }

    /// <summary>Makes all of the text one piece; an empty text has none.</summary>
    private void MakeOnePiece()
    {
        _pieces[0] = new Piece(0, _current.Length);
        PieceCount = _current.Length > 0 ? 1 : 0;
    }

    private void SwapBuffers() => (_current, _edited) = (_edited, _current);

    private sealed class Buffers
    {
        public char[] Characters { get; private set; } = new char[1024];

        public int[] Starts { get; private set; } = [];

        public int[] Ends { get; private set; } = [];

        public int Length { get; set; }

        public int Capacity => Characters.Length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Reserve(int length, bool tracked)
        {
            if (length > Characters.Length || (tracked && length > Starts.Length))
                Grow(length, tracked);
        }

        private void Grow(int length, bool tracked)
        {
            if (length > Characters.Length)
                Characters = Grown(Characters, length);
            if (tracked && length > Starts.Length)
            {
                Starts = Grown(Starts, Characters.Length);
                Ends = Grown(Ends, Characters.Length);
            }
        }

        private T[] Grown<T>(T[] old, int length)
        {
            var grown = new T[Math.Max(length, (int)Math.Min(old.Length * 2L, Array.MaxLength))];
            Array.Copy(old, grown, Math.Min(Length, old.Length));
            return grown;
        }
    }
}
