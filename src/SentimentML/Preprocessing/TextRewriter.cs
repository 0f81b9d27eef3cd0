using System.Buffers;

namespace SentimentML.Preprocessing;

/// <summary>
/// A text that several steps rewrite, one after the other. A step reads <see cref="Text"/>, calls <see cref="Replace"/> from
/// left to right and then <see cref="EndStep"/>. Buffers are rented at the first change, so a text without one costs none.
/// </summary>
internal ref struct TextRewriter(string original, bool keepsOrigins)
{
    private ReadOnlySpan<char> _text = original;
    private ReadOnlySpan<TokenOffset> _origins;
    private char[]? _textBuffer, _nextBuffer;
    private TokenOffset[]? _originsBuffer, _nextOrigins;
    private int _read, _written;
    private bool _changed, _stepChanged;

    /// <summary>The text as the steps before this one left it.</summary>
    public readonly ReadOnlySpan<char> Text => _text;

    /// <summary>Puts another text in the place of a part of <see cref="Text"/>, behind the parts that were replaced before.</summary>
    /// <param name="start">The first unit of the part.</param>
    /// <param name="end">The unit behind its last; equal to <paramref name="start"/> to insert.</param>
    /// <param name="replacement">The text in its place.</param>
    public void Replace(int start, int end, scoped ReadOnlySpan<char> replacement)
    {
        if (replacement.SequenceEqual(_text[start..end]))
            return;
        CopyUpTo(start);
        Reserve(replacement.Length);
        replacement.CopyTo(_nextBuffer.AsSpan(_written));
        if (keepsOrigins)
        {
            int from = start < _text.Length ? OriginOf(start).Start : original.Length;
            _nextOrigins.AsSpan(_written, replacement.Length).Fill(new TokenOffset(from, start < end ? OriginOf(end - 1).End : from));
        }
        _written += replacement.Length;
        _read = end;
        _stepChanged = true;
    }

    /// <summary>What was replaced becomes <see cref="Text"/>.</summary>
    public void EndStep()
    {
        if (!_stepChanged)
            return;
        CopyUpTo(_text.Length);
        (_textBuffer, _nextBuffer) = (_nextBuffer, _textBuffer);
        (_originsBuffer, _nextOrigins) = (_nextOrigins, _originsBuffer);
        _text = _textBuffer.AsSpan(0, _written);
        _origins = _originsBuffer.AsSpan(0, keepsOrigins ? _written : 0);
        (_read, _written, _stepChanged, _changed) = (0, 0, false, true);
    }

    /// <summary>The text as the last step left it; the original itself if it is equal.</summary>
    public override readonly string ToString() => !_changed || _text.SequenceEqual(original) ? original : _text.ToString();

    /// <summary>Where the units of the text come from.</summary>
    public readonly TextOrigins ToOrigins() => new(_changed ? _origins.ToArray() : null);

    /// <summary>Gives the buffers back.</summary>
    public readonly void Dispose()
    {
        Return(_textBuffer);
        Return(_nextBuffer);
        Return(_originsBuffer);
        Return(_nextOrigins);
    }

    private void CopyUpTo(int end)
    {
        int count = end - _read;
        Reserve(count);
        _text.Slice(_read, count).CopyTo(_nextBuffer.AsSpan(_written));
        for (int i = 0; keepsOrigins && i < count; i++)
            _nextOrigins![_written + i] = OriginOf(_read + i);
        _written += count;
        _read = end;
    }

    private readonly TokenOffset OriginOf(int unit) => _changed ? _origins[unit] : new TokenOffset(unit, unit + 1);

    private void Reserve(int more)
    {
        int needed = checked(_written + more);
        Grow(ref _nextBuffer, needed);
        if (keepsOrigins)
            Grow(ref _nextOrigins, needed);
    }

    private readonly void Grow<T>(ref T[]? buffer, int needed)
    {
        if (buffer?.Length >= needed)
            return;
        T[] larger = ArrayPool<T>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(_text.Length, 2L * _written))));
        buffer.AsSpan(0, _written).CopyTo(larger);
        Return(buffer);
        buffer = larger;
    }

    private static void Return<T>(T[]? buffer)
    {
        if (buffer is not null)
            ArrayPool<T>.Shared.Return(buffer);
    }
}
