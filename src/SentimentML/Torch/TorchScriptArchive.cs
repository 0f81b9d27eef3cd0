using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML.Torch;

/// <summary>
/// A TorchScript module as torch.jit.load takes it, made from its source alone. What torch.jit.compile takes knows only
/// libtorch's basic operators; the source in an archive may call every registered one as ops.namespace.name.
/// The format is that of torch/csrc/jit/serialization: a stored zip with the code, and pickles of the module's attributes
/// and of constants.
/// </summary>
internal static partial class TorchScriptArchive
{
    private const string FormatVersion = "10\n";
    private const string NoConstants = "\u0080\u0002).";

    /// <param name="source">
    /// One class, called <paramref name="className"/>, in the form of serialized TorchScript. Its attributes are given by type and start
    /// empty.
    /// </param>
    /// <param name="className">The module's class.</param>
    /// <param name="texts">What attributes of type str start with: TorchSharp hands no text to a script later.</param>
    public static byte[] Write(string source, string className, IReadOnlyDictionary<string, string> texts)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "data.pkl", Encoding.Latin1.GetBytes(Object(source, className, texts)));
            Add(zip, "code/__torch__.py", Encoding.UTF8.GetBytes(source));
            Add(zip, "constants.pkl", Encoding.Latin1.GetBytes(NoConstants));
            Add(zip, "version", Encoding.UTF8.GetBytes(FormatVersion));
        }
        return archive.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using Stream entry = zip.CreateEntry("module/" + name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }

    /// <summary>Pickle, protocol 2: an object of the class whose attributes are zero, false or empty, texts apart.</summary>
    private static string Object(string source, string className, IReadOnlyDictionary<string, string> texts)
    {
        var pickle = new StringBuilder($"\u0080\u0002c__torch__\n{className}\n)\u0081}}(");
        foreach (Match attribute in Attribute().Matches(source))
        {
            string name = attribute.Groups["name"].Value;
            pickle.Append(Text(name)).Append(texts.TryGetValue(name, out string? text) ? Text(text) : Zero(attribute.Groups["type"].Value));
        }
        return pickle.Append("ub.").ToString();
    }

    private static string Zero(string type) => type switch
    {
        "bool" => "\u0089",
        "int" => "K\0",
        "float" => "G\0\0\0\0\0\0\0\0",
        _ when type.StartsWith("List[", StringComparison.Ordinal) => "]",
        _ => throw new ArgumentException($"An attribute of type {type} has no empty value."),
    };

    private static string Text(string ascii) => $"X{(char)ascii.Length}\0\0\0{ascii}";

    [GeneratedRegex(@"^  (?<name>\w+) : (?<type>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();
}
