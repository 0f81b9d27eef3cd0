using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SentimentML.Backbones;

/// <summary>Backbones inside assemblies by the names that records and adapters give them.</summary>
internal static class EmbeddedBackbones
{
    /// <summary>The only assemblies that a name in somebody's file may load: each has a class of its own name, which makes its backbone.</summary>
    private static readonly string[] OwnPackages = ["SentimentML.SpanishMini", "SentimentML.SpanishSmall"];

    private static readonly ConcurrentDictionary<string, Backbone> Made = new(StringComparer.Ordinal);

    public static void Add(Backbone backbone) => Made[backbone.Name] = backbone;

    /// <summary>Whether a name is that of an embedded backbone, here or in a package that is not.</summary>
    public static bool IsName(string name) => Made.ContainsKey(name) || OwnPackages.Contains(name, StringComparer.Ordinal);

    /// <summary>The backbone of a name; null if the process has none.</summary>
    public static Backbone? Find(string name)
    {
        if (!Made.ContainsKey(name) && OwnPackages.Contains(name, StringComparer.Ordinal) && Type.GetType($"{name}, {name}") is { } package)
            RuntimeHelpers.RunClassConstructor(package.TypeHandle);
        return Made.GetValueOrDefault(name);
    }
}
