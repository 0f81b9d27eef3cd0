namespace SentimentML.Tokenization;

/// <summary>
/// The byte-level vocabulary's alphabet, as GPT-2 made it: every byte is written as one printable character, so that
/// vocab.json and merges.txt are readable text. A space is 'Ġ', a line feed 'Ċ', 'ñ' (two bytes) 'Ã±'.
/// https://github.com/openai/gpt-2/blob/master/src/encoder.py, bytes_to_unicode.
/// </summary>
internal static class ByteLevelAlphabet
{
    /// <summary>A space, as the vocabulary writes it.</summary>
    public const char Space = 'Ġ';

    private static readonly char[] Characters = MakeCharacters();
    private static readonly short[] Bytes = MakeBytes();

    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>The byte that a character stands for, or -1 where it is not of the alphabet.</summary>
    public static int ByteOf(char character) => character < Bytes.Length ? Bytes[character] : -1;

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        int unprintable = 0;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[b] = (char)(printable ? b : 256 + unprintable++);
        }
        return characters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[Characters[0xAD] + 1]; // the last byte that has no character of its own
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++)
            bytes[Characters[b]] = (short)b;
        return bytes;
    }
}
