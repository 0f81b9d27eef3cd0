namespace SentimentML.Tests.Tokenization;

/// <summary>Bits flipped, bytes cut off, left out, doubled or drawn.</summary>
internal static class Damage
{
    public static byte[] Of(byte[] sound, Random random)
    {
        byte[] bytes = [.. sound];
        int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 200), bytes.Length - at);
        switch (random.Next(5))
        {
            case 0:
                for (int i = random.Next(1, 9); i > 0; i--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..at];
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            default:
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
        }
    }
}
