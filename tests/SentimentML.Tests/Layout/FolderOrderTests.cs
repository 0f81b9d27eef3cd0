using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace SentimentML.Tests.Layout;

/// <summary>The folders of src/SentimentML stand in an order (ARCHITECTURE.md): a type knows its own folder and those before it.</summary>
public partial class FolderOrderTests
{
    private static readonly string[] Order =
    [
        "Wording", "Files", "Numerics", "Torch", "MLNetInternals", "Sentiments", "Reviews", "Labels", "Tokenization", "Preprocessing", "Backbones", "Encoders",
        "Evaluation", "Training", "Inference", "Persistence", "Embeddings", "Explanations", "Pipeline", "", "Predictions", "Sharding",
    ];

    [Fact]
    public void No_type_knows_one_of_a_folder_behind_its_own()
    {
        string root = Path.Combine(Repository.Folder, "src", "SentimentML");
        Dictionary<string, string> folders = FoldersOfTypes(root);
        Assert.Empty(folders.Values.Distinct().Except(Order)); // a new folder needs a place in the order
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(SentimentClassifier).Assembly.Location);
        string[] upward = [.. assembly.MainModule.GetAllTypes()
            .SelectMany(type => Known(type).Select(other => (From: Outermost(type), To: other)))
            .Where(arrow => folders.ContainsKey(arrow.From) && folders.ContainsKey(arrow.To)
                && Array.IndexOf(Order, folders[arrow.To]) > Array.IndexOf(Order, folders[arrow.From]))
            .Select(arrow => $"{folders[arrow.From]}/{arrow.From} knows {folders[arrow.To]}/{arrow.To}")
            .Distinct().Order()];
        Assert.True(upward.Length == 0, string.Join(Environment.NewLine, upward));
    }

    /// <summary>The folder, next to the root, of each type that the sources declare.</summary>
    private static Dictionary<string, string> FoldersOfTypes(string root)
    {
        var folders = new Dictionary<string, string>();
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (path.StartsWith("obj/", StringComparison.Ordinal) || path.StartsWith("bin/", StringComparison.Ordinal) || path == "SentimentMLException.cs")
                continue;
            foreach (Match match in Declaration().Matches(File.ReadAllText(file)))
                folders[match.Groups["name"].Value] = path.Contains('/') ? path[..path.IndexOf('/')] : "";
        }
        return folders;
    }

    private static IEnumerable<string> Known(TypeDefinition type)
    {
        IEnumerable<TypeReference?> references =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Methods.SelectMany(method => method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType)),
            .. type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Variables.Select(v => v.VariableType)),
            .. type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions.SelectMany(Of)),
        ];
        return references.OfType<TypeReference>().SelectMany(Parts).Select(Outermost).Distinct();
    }

    private static IEnumerable<TypeReference?> Of(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType],
        FieldReference field => [field.DeclaringType],
        _ => [],
    };

    /// <summary>A type with its elements and arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        FunctionPointerType pointer => pointer.Parameters.Select(parameter => parameter.ParameterType).Append(pointer.ReturnType).SelectMany(Parts),
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static string Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Scope is ModuleDefinition || type.Module == type.Scope ? type.Name.Split('`')[0] : "";
    }

    [GeneratedRegex(@"^(public|internal|file)[\w ]* (class|record|record struct|struct|interface|enum) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();
}
