using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML.MLNetInternals;
using SentimentML.Ngrams;

[assembly: LoadableClass(typeof(NgramTransformer), null, typeof(SignatureLoadModel), NgramTransformer.UserName, NgramTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(IRowMapper), typeof(NgramTransformer), null, typeof(SignatureLoadRowMapper), NgramTransformer.UserName, NgramTransformer.LoaderSignature)]

namespace SentimentML.Ngrams;

/// <summary>Turns a text column into TF-IDF vectors of n-grams; saved and loaded with the model that it is part of.</summary>
internal sealed class NgramTransformer : OneToOneTransformerBase
{
    public const string UserName = "TF-IDF of n-grams within words";
    public const string LoaderSignature = "SentimentMLNgrams";

    private const string StreamName = "Ngrams";

    private static readonly ModelFormat Format =
        new("SMLNGRAM", version: 0x00010001, oldestReadable: 0x00010001, LoaderSignature, typeof(NgramTransformer).Assembly);

    private readonly NgramVocabulary[] _vocabularies;

    public NgramTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName, NgramVocabulary[] vocabularies)
        : base(environment.Register(nameof(NgramTransformer)), (outputColumnName, inputColumnName))
        => _vocabularies = vocabularies;

    private NgramTransformer(IHost host, ModelLoadContext context)
        : base(host, context)
    {
        NgramVocabulary[] vocabularies = [];
        ModelFormat.LoadStream(context, StreamName, reader =>
        {
            int count = reader.ReadByte();
            vocabularies = [.. Enumerable.Range(0, count).Select(_ => NgramVocabulary.Read(reader))];
        });
        host.CheckDecode(vocabularies.Length > 0 && ColumnPairs.Length == 1, "The model's n-gram vocabulary is missing.");
        _vocabularies = vocabularies;
    }

    private static NgramTransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
        Format.Load(context, _ => new NgramTransformer(environment.Register(nameof(NgramTransformer)), context));

    private static IRowMapper Create(IHostEnvironment environment, ModelLoadContext context, DataViewSchema schema)
        => Create(environment, context).MakeRowMapper(schema);

    public override void SaveModel(ModelSaveContext ctx)
    {
        Format.Save(ctx, _ => SaveColumns(ctx));
        ModelFormat.SaveStream(ctx, StreamName, writer =>
        {
            writer.Write((byte)_vocabularies.Length);
            foreach (NgramVocabulary vocabulary in _vocabularies)
                vocabulary.Write(writer);
        });
    }

    public override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    public override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        if (inputSchema[srcCol].Type is not TextDataViewType)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "text", inputSchema[srcCol].Name, "text", inputSchema[srcCol].Type.ToString());
    }

    private sealed class Mapper(NgramTransformer parent, DataViewSchema schema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, schema)
    {
        private readonly int _size = parent._vocabularies.Sum(v => v.Count);

        public override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => [new(parent.ColumnPairs[0].outputColumnName, new VectorDataViewType(NumberDataViewType.Single, _size))];

        public override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            ValueGetter<ReadOnlyMemory<char>> getText = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[ColMapNewToOld[iinfo]]);
            NgramVocabulary.Vectorizer[] vectorizers = [.. parent._vocabularies.Select(v => v.NewVectorizer())];
            ReadOnlyMemory<char> text = default;
            List<int> slots = [];
            List<float> weights = [];
            return (ValueGetter<VBuffer<float>>)Get;

            void Get(ref VBuffer<float> vector)
            {
                getText(ref text);
                slots.Clear();
                weights.Clear();
                int offset = 0;
                foreach ((NgramVocabulary vocabulary, NgramVocabulary.Vectorizer vectorizer) in parent._vocabularies.Zip(vectorizers))
                {
                    vectorizer.Append(text.Span, offset, slots, weights);
                    offset += vocabulary.Count;
                }
                VBufferEditor<float> editor = VBufferEditor.Create(ref vector, _size, slots.Count);
                weights.CopyTo(editor.Values);
                if (slots.Count < _size)
                    slots.CopyTo(editor.Indices);
                vector = editor.Commit();
            }
        }
    }
}
