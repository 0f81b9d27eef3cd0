using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>Compiles a page's C# as a new project would, against everything that this assembly refers to.</summary>
internal static class CSharpCompiler
{
    /// <summary>The usings of Microsoft.NET.Sdk.</summary>
    private static readonly string[] Console =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    /// <summary>What Microsoft.NET.Sdk.Web adds.</summary>
    private static readonly string[] Web = ["System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging"];

    private static readonly CSharpParseOptions Latest = new(LanguageVersion.Latest);

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Compiles a program.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="image">Receives the assembly if there are no errors.</param>
    /// <returns>The errors, each with the page and the line.</returns>
    public static IReadOnlyList<string> Compile(string source, Stream? image = null)
    {
        bool isWeb = source.Contains("WebApplication", StringComparison.Ordinal);
        string globals = string.Concat((isWeb ? Console.Concat(Web) : Console).Select(name => $"global using {name};\n"));
        var compilation = CSharpCompilation.Create(
            $"Page{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(globals, Latest), CSharpSyntaxTree.ParseText(source, Latest)],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        IEnumerable<Diagnostic> diagnostics = image is null ? compilation.GetDiagnostics() : compilation.Emit(image).Diagnostics;
        return [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(Shown)];
    }

    /// <summary>Runs a compiled program in this process and returns what it wrote.</summary>
    public static string Run(byte[] image, string folder)
    {
        string before = Directory.GetCurrentDirectory();
        TextWriter console = System.Console.Out;
        using var written = new StringWriter();
        try
        {
            Directory.SetCurrentDirectory(folder);
            System.Console.SetOut(written);
            Assembly.Load(image).EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);
        }
        finally
        {
            System.Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }
        return written.ToString();
    }

    private static string Shown(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
