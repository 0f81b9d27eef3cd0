namespace SentimentML.Preprocessing;

/// <summary>Where the parts of a rewritten text come from in the original one, in UTF-16 units.</summary>
/// <param name="units">For each unit of the result, the part of the original that it stands for; null if the texts are equal.</param>
internal sealed class TextOrigins(TokenOffset[]? units)
{
    /// <summary>The part of the original text that a part of the result stands for. Both ends never decrease along the result.</summary>
    /// <param name="part">A part of the result; an empty one stands for an empty part.</param>
    public TokenOffset Of(TokenOffset part)
    {
        if (units is null)
            return part;
        ArgumentOutOfRangeException.ThrowIfNegative(part.Start);
        ArgumentOutOfRangeException.ThrowIfLessThan(part.End, part.Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part.End, units.Length);
        if (part.Start < part.End)
            return new TokenOffset(units[part.Start].Start, units[part.End - 1].End);
        int position = part.Start < units.Length ? units[part.Start].Start : units.Length > 0 ? units[^1].End : 0;
        return new TokenOffset(position, position);
    }
}
