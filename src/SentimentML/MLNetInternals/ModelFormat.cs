using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace SentimentML.MLNetInternals;

/// <summary>
/// How one kind of transformer lies in an ML.NET model file: its signature, its version, and the name under which
/// <c>ml.Model.Load</c> finds the class that reads it (declared in LoadableTransformers.cs).
/// </summary>
/// <param name="signature">Eight characters that open the transformer's part of the file.</param>
/// <param name="version">The version that is written. Raise it whenever what is written changes.</param>
/// <param name="oldestReadable">The oldest version that <see cref="Load{T}"/>'s reader understands.</param>
/// <param name="loader">The loader's name, as in the LoadableClass attribute.</param>
/// <param name="assembly">The assembly that declares the loader. The default value is null: this one.</param>
internal sealed class ModelFormat(string signature, uint version, uint oldestReadable, string loader, Assembly? assembly = null)
{
    /// <summary>The only ML.NET whose internals are known here. Directory.Packages.props pins the same one.</summary>
    internal const string MLNetVersion = "5.0.1";

    /// <summary>Writes the transformer's own small part; <see cref="SaveStream"/> puts large ones beside it.</summary>
    public void Save(ModelSaveContext context, Action<BinaryWriter> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        RequireKnownMLNet();
        SaveCore(context, write);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FormatException">The file holds something else, or a version this library is too old or too new for.</exception>
    public T Load<T>(ModelLoadContext context, Func<BinaryReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(context);
        RequireKnownMLNet();
        return LoadCore(context, read);
    }

    /// <summary>Writes a named stream beside the transformer's own part, such as a network's weights.</summary>
    public static void SaveStream(ModelSaveContext context, string name, Action<BinaryWriter> write)
    {
        RequireKnownMLNet();
        SaveStreamCore(context, name, write);
    }

    /// <summary>Reads a stream that <see cref="SaveStream"/> wrote.</summary>
    /// <exception cref="ModelFileException">The model file has no such stream.</exception>
    public static void LoadStream(ModelLoadContext context, string name, Action<BinaryReader> read)
    {
        RequireKnownMLNet();
        LoadStreamCore(context, name, read);
    }

    // Members that another ML.NET may lack are met when a method that names them is compiled: the four below are kept apart
    // so that RequireKnownMLNet speaks first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SaveCore(ModelSaveContext context, Action<BinaryWriter> write)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version());
        write(context.Writer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T LoadCore<T>(ModelLoadContext context, Func<BinaryReader, T> read)
    {
        context.CheckAtModel(Version());
        return read(context.Reader);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SaveStreamCore(ModelSaveContext context, string name, Action<BinaryWriter> write) =>
        context.SaveBinaryStream(name, write);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadStreamCore(ModelLoadContext context, string name, Action<BinaryReader> read)
    {
        if (!context.TryLoadBinaryStream(name, read))
            throw new ModelFileException($"The model file has no part '{name}'. It is damaged, or was not written by this library: save the model again.");
    }

    // The assembly by its simple name, so that a model outlives the library's version number.
    private VersionInfo Version() =>
        new(signature, version, version, oldestReadable, loaderAssemblyName: (assembly ?? typeof(ModelFormat).Assembly).GetName().Name,
            loaderSignature: loader);

    public static void RequireKnownMLNet()
    {
        string found = LoadedMLNet();
        if (found != MLNetVersion)
            throw new SentimentMLException($"Saving and loading SentimentML's transformers needs Microsoft.ML {MLNetVersion}; version {found} is loaded. "
                + $"Refer to Microsoft.ML {MLNetVersion} in the project.");
    }

    internal static string LoadedMLNet()
    {
        string version = typeof(ITransformer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return version.Split('+', '-')[0];
    }
}
