using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SentimentML.AspNetCore.Requests;
using SentimentML.Tokenization;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// The tensors of a KServe V2 request: texts as BYTES of shape [n] or [n, 1], in JSON or behind it (the binary tensor data extension:
/// each element as its length in 4 bytes, little endian, and its UTF-8).
/// </summary>
internal static class InferenceTensors
{
    public const string Text = "text", TextPair = "text_pair", Label = "label", Probabilities = "probabilities", Logits = "logits";

    private const string Base64 = "base64";

    private const int LengthBytes = sizeof(int);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The texts of a request, with the second texts where it brings them.</summary>
    /// <param name="json">The request.</param>
    /// <param name="binary">What follows its JSON.</param>
    /// <param name="maxTexts">The most elements of a tensor.</param>
    /// <exception cref="RequestFault">The tensors are not as the model takes them.</exception>
    public static TextInput[] Texts(JsonElement json, ReadOnlyMemory<byte> binary, int maxTexts)
    {
        string[]? first = null, second = null;
        JsonElement inputs = json.Required("inputs");
        foreach (JsonElement tensor in inputs.Items("inputs"))
        {
            if (tensor.ValueKind != JsonValueKind.Object)
                throw RequestFault.Invalid("`inputs` has an element that is not a tensor.");
            string name = tensor.Required("name").Text("name");
            ref string[]? texts = ref name == TextPair ? ref second : ref first;
            if (texts is not null || (name is not (Text or TextPair) && inputs.GetArrayLength() > 1))
                throw RequestFault.Invalid($"`inputs` has the tensor '{RequestFault.Shown(name)}', expected '{Text}' and at most '{TextPair}', each once.");
            texts = Elements(tensor, name, ref binary, maxTexts);
        }
        if (first is null)
            throw RequestFault.Invalid($"`inputs` lacks the tensor '{Text}'.");
        if (second is not null && second.Length != first.Length)
            throw RequestFault.Invalid($"'{Text}' has {first.Length} elements and '{TextPair}' {second.Length}, expected as many.");
        if (!binary.IsEmpty)
            throw RequestFault.Malformed($"The body has {binary.Length} bytes that belong to no tensor.");
        return [.. first.Select((text, i) => new TextInput(text, second?[i]))];
    }

    /// <summary>Texts as the binary extension has them.</summary>
    public static byte[] Binary(IEnumerable<string> texts)
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[LengthBytes];
        foreach (string text in texts)
        {
            byte[] utf8 = Utf8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
            bytes.Write(length);
            bytes.Write(utf8);
        }
        return bytes.ToArray();
    }

    /// <summary>Numbers as the binary extension has them.</summary>
    public static byte[] Binary(IReadOnlyList<float> numbers)
    {
        byte[] bytes = new byte[numbers.Count * sizeof(float)];
        for (int i = 0; i < numbers.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        return bytes;
    }

    private static string[] Elements(JsonElement tensor, string name, ref ReadOnlyMemory<byte> binary, int maxTexts)
    {
        string shown = RequestFault.Shown(name);
        if (tensor.Required("datatype").Text("datatype") is var datatype and not "BYTES")
            throw RequestFault.Invalid($"The tensor '{shown}' has the datatype {RequestFault.Shown(datatype)}, expected BYTES: texts.");
        long count = 1;
        int dimensions = 0;
        foreach (JsonElement size in tensor.Required("shape").Items("shape"))
        {
            if (++dimensions > 2 || size.ValueKind != JsonValueKind.Number || !size.TryGetInt32(out int elements) || elements < 0
                || (dimensions == 2 && elements != 1))
                throw RequestFault.Invalid($"The tensor '{shown}' has another shape than [n] or [n, 1].");
            count *= elements;
        }
        if (dimensions == 0)
            throw RequestFault.Invalid($"The tensor '{shown}' has another shape than [n] or [n, 1].");
        if (count > maxTexts)
            throw RequestFault.TooLarge(string.Create(CultureInfo.InvariantCulture, $"batch size {count} > maximum allowed batch size {maxTexts}"));

        bool hasParameters = tensor.Has("parameters", out JsonElement parameters) && parameters.ValueKind == JsonValueKind.Object;
        bool isBinary = hasParameters && parameters.Has("binary_data_size", out _);
        // What MLServer's clients say of a tensor's elements.
        bool isBase64 = hasParameters && parameters.Choice("content_type", "str", "np", Base64) == Base64;
        List<string> texts = isBinary
            ? BinaryElements(shown, (int)count, Take(ref binary, parameters.Whole("binary_data_size", 0, int.MaxValue)!.Value, shown))
            : JsonElements(tensor.Required("data"), (int)count);
        return texts.Count == count
            ? [.. isBase64 ? texts.Select(text => FromBase64(shown, text)) : texts]
            : throw RequestFault.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"The tensor '{shown}' has not as many elements as its shape says: {count}."));
    }

    private static string FromBase64(string name, string text)
    {
        try
        {
            return Utf8.GetString(Convert.FromBase64String(text));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            throw RequestFault.Invalid($"The tensor '{name}' has an element that is not UTF-8 in base64, as its content_type says.");
        }
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> binary, int size, string name)
    {
        if (size > binary.Length)
            throw RequestFault.Malformed($"The tensor '{name}' has {size} bytes, and the body has {binary.Length} left.");
        ReadOnlyMemory<byte> taken = binary[..size];
        binary = binary[size..];
        return taken;
    }

    private static List<string> BinaryElements(string name, int count, ReadOnlyMemory<byte> bytes)
    {
        var texts = new List<string>(count);
        ReadOnlySpan<byte> rest = bytes.Span;
        while (!rest.IsEmpty)
        {
            if (rest.Length < LengthBytes || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (length < 0 || length > rest.Length - LengthBytes)
                || texts.Count == count)
                throw RequestFault.Invalid($"The tensor '{name}' has elements that do not fit its bytes or its shape.");
            try
            {
                texts.Add(Utf8.GetString(rest.Slice(LengthBytes, length)));
            }
            catch (DecoderFallbackException)
            {
                throw RequestFault.Invalid($"The tensor '{name}' has an element that is not UTF-8.");
            }
            rest = rest[(LengthBytes + length)..];
        }
        return texts;
    }

    /// <summary>The elements in their order, nested as the shape is or flat.</summary>
    private static List<string> JsonElements(JsonElement data, int count)
    {
        var texts = new List<string>(count);
        foreach (JsonElement element in data.Items("data"))
        {
            if (element.ValueKind == JsonValueKind.Array)
                texts.AddRange(element.EnumerateArray().Select(inner => inner.Text("data")));
            else
                texts.Add(element.Text("data"));
            if (texts.Count > count)
                break; // more than the shape says
        }
        return texts;
    }
}
