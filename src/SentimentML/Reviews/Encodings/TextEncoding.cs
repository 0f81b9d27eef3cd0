using System.Globalization;
using System.Text;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>The encoding of one file: stated, said by its byte order mark, or found where the file is first not UTF-8.</summary>
/// <param name="path">For messages.</param>
/// <param name="stated">The encoding that the caller says; null for none.</param>
/// <param name="names">How messages name the option.</param>
/// <param name="warn">Takes what the caller should know; called once for one file.</param>
internal sealed class TextEncoding(string path, Encoding? stated, OptionNames names, Action<string> warn)
{
    private int _warned;

    public string Path => path;

    public Encoding? Stated => stated;

    /// <summary>What was found so far; UTF-8 until the file says otherwise.</summary>
    public Encoding Found { get; private set; } = TextEncodings.Utf8;

    public void Take(Encoding encoding) => Found = encoding;

    /// <summary>UTF-16 without a byte order mark.</summary>
    public Encoding TakeUtf16(Encoding encoding)
    {
        Warn(Localized.Say(
            $"{path}: el texto se lee como {encoding.WebName}, aunque no tiene marca de orden de bytes.",
            $"{path}: the text is read as {encoding.WebName}, although it has no byte order mark."));
        return Found = encoding;
    }

    /// <summary>The encoding of a text that is not UTF-8.</summary>
    /// <param name="text">The text, from its first character beyond ASCII.</param>
    /// <param name="line">The line of that character.</param>
    /// <exception cref="SentimentMLException">The encoding is not sure.</exception>
    public Encoding Guess(ReadOnlySpan<byte> text, long line)
    {
        (Encoding Encoding, bool IsSure)? guess = TextEncodings.Guess(text);
        if (guess is not (var encoding, true))
        {
            string what = guess is null ? "The encoding is not recognized" : $"It looks like {guess.Value.Encoding.WebName}, which is not sure";
            string set = names.Set(nameof(ReviewFileOptions.Encoding), guess?.Encoding.WebName ?? "the one that the file was saved in, such as windows-1252");
            throw new SentimentMLException($"{InvalidByte(text[0], line)}. {what}: {set}, or save the file as UTF-8.");
        }
        string setIt = names.SetLocalized(
            nameof(ReviewFileOptions.Encoding), Localized.Say("la codificación en que se guardó el archivo", "the encoding that the file was saved in"));
        Warn(Localized.Say(
            $"{path}: el texto no es UTF-8 y se lee como {encoding.WebName}. Si sus letras salen mal, {setIt}.",
            $"{path}: the text is not UTF-8 and is read as {encoding.WebName}. If its letters come out wrong, {setIt}."));
        return Found = encoding;
    }

    public SentimentMLException InvalidAfterUtf8(byte first, long line) =>
        new($"{InvalidByte(first, line)}, although the text before it is. Save the file as UTF-8, or "
            + $"{names.Set(nameof(ReviewFileOptions.Encoding), "the one that all of it was saved in")}.");

    public SentimentMLException Undecodable(DecoderFallbackException cause, long line) =>
        new($"{path}, line {line} or after it: the bytes {Convert.ToHexString(cause.BytesUnknown ?? [])} are none in {Found.WebName}, expected a text in it. "
            + $"Get the file again, or {names.Set(nameof(ReviewFileOptions.Encoding), "the encoding that the file was saved in")}.", cause);

    private string InvalidByte(byte first, long line) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}: byte 0x{first:X2} is not valid UTF-8");

    private void Warn(string message)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
            warn(message);
    }
}
