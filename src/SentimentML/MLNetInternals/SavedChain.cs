using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;

namespace SentimentML.MLNetInternals;

/// <summary>A transformer of a saved pipeline: its folder in the zip, and the name under which ML.NET loads it.</summary>
internal readonly record struct SavedTransformer(string Folder, string Loader);

/// <summary>
/// The transformers of a zip that ml.Model.Save wrote, one by one: ml.Model.Load reads them all, with every network of the zip.
/// Dispose it at the end.
/// </summary>
internal sealed class SavedChain : IDisposable
{
    /// <summary>Limits how deep chains are read inside chains: deeper ones are hostile.</summary>
    private const int MaxDepth = 50;

    private const string SchemaPart = "Schema"; // ModelOperationsCatalog.SchemaEntryName
    private const string LoaderPart = "Loader"; // CompositeDataLoader.LoaderDirectory

    private readonly MLContext _context = new();
    private readonly FileStream _stream;
    private readonly IDisposable _parts;

    private SavedChain(string path)
    {
        ModelFormat.RequireKnownMLNet();
        _stream = File.OpenRead(path);
        try
        {
            _parts = Open();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens a zip, reads from it and closes it.</summary>
    /// <exception cref="ModelFileException">The zip cannot be read.</exception>
    public static T Read<T>(string path, Func<SavedChain, T> read)
    {
        try
        {
            using var chain = new SavedChain(path);
            return read(chain);
        }
        catch (Exception e) when (e is not SentimentMLException and not OutOfMemoryException)
        {
            throw new ModelFileException($"The pipeline in {path} cannot be read: {e.GetBaseException().Message.TrimEnd('.')}. Expected a zip that "
                + "ml.Model.Save wrote. Save the pipeline again; of a model folder that was zipped, unpack it and name the folder.", e);
        }
    }

    private RepositoryReader Parts => (RepositoryReader)_parts;

    /// <summary>The transformers in the order in which data goes through them; of a chain inside the chain, its own.</summary>
    public IEnumerable<SavedTransformer> Transformers() => Transformers(TransformerChain.LoaderSignature, depth: 0);

    /// <summary>Reads a transformer's own part.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public T Read<T>(string folder, Func<ModelLoadContext, T> read)
    {
        using Repository.Entry part = Parts.OpenEntry(folder, ModelLoadContext.ModelStreamName);
        using var context = new ModelLoadContext(Parts, part, folder);
        return read(context);
    }

    /// <summary>The columns that a transformer makes, one of each that it reads (OneToOneTransformerBase.SaveColumns).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public IReadOnlyList<string> OutputColumns(string folder) => Read(folder, context =>
    {
        const int MaxColumns = 1000;
        int count = context.Reader.ReadInt32();
        if (count is < 1 or > MaxColumns)
            throw new FormatException($"a transformer has {count} columns");
        return Enumerable.Range(0, count).Select(_ => (Output: context.LoadNonEmptyString(), Input: context.LoadNonEmptyString()).Output).ToArray();
    });

    /// <summary>Loads one transformer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ITransformer Load(string folder)
    {
        ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(_context, out ITransformer transformer, Parts, folder);
        return transformer;
    }

    /// <summary>The columns of the data that the pipeline was fitted on; null if they were not saved.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public DataViewSchema? InputSchema()
    {
        if (Parts.OpenEntryOrNull(SchemaPart) is { } schema)
            return new BinaryLoader(_context, new BinaryLoader.Arguments(), schema.Stream).Schema;
        return ModelLoadContext.LoadModelOrNull<IDataLoader<IMultiStreamSource>, SignatureLoadModel>(
            _context, out IDataLoader<IMultiStreamSource> loader, Parts, LoaderPart)
            ? loader.GetOutputSchema()
            : null;
    }

    public void Dispose()
    {
        _parts.Dispose();
        _stream.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private IEnumerable<SavedTransformer> Transformers(string folder, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"its chains are nested more than {MaxDepth} deep");
        string loader = Read(folder, context => ModelHeader.GetLoaderSig(ref context.Header));
        if (loader != TransformerChain.LoaderSignature)
            return [new SavedTransformer(folder, loader)];
        int count = Read(folder, context => context.Reader.ReadInt32());
        return Enumerable.Range(0, count).SelectMany(i => Transformers(Path.Combine(folder, FormattableString.Invariant($"Transform_{i:000}")), depth + 1));
    }

    // In memory: the parts that are read here are small, and a temporary folder may be missing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RepositoryReader Open() => RepositoryReader.Open(_stream, _context, useFileSystem: false);
}
