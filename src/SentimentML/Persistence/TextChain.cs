using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using SentimentML.Labels;
using SentimentML.MLNetInternals;
using SentimentML.Tokenization;

namespace SentimentML.Persistence;

/// <summary>
/// The transforms of a saved pipeline that make the text which a network reads, applied to one text (or pair) at a time, from several
/// threads. Those that only concern other columns, such as the labels, are left out.
/// </summary>
internal sealed class TextChain
{
    private const string ValueToKey = "TermTransform"; // ValueToKeyMappingTransformer.LoaderSignature

    private readonly Step[] _steps;
    private readonly DataViewSchema _input;
    private readonly DataViewSchema.Column _text;
    private readonly DataViewSchema.Column? _pair;
    private readonly ConcurrentBag<Reader> _idle = [];

    private TextChain(Step[] steps, DataViewSchema input, Source text, Source? pair)
    {
        _steps = steps;
        _input = input;
        _text = text.Column;
        _pair = pair?.Column;
        Transforms = [.. steps.Where(step => text.MadeBy.Contains(step) || pair?.MadeBy.Contains(step) == true).Select(step => step.Name)];
    }

    /// <summary>The types of the transforms that make the texts, in their order.</summary>
    public IReadOnlyList<string> Transforms { get; }

    /// <summary>Reads what stands before a network.</summary>
    /// <param name="path">The zip that ml.Model.Save wrote.</param>
    /// <param name="network">The network's folder in it.</param>
    /// <returns>Null if the network reads texts as they come.</returns>
    /// <exception cref="ModelFileException">The transforms cannot be applied to a text alone.</exception>
    public static TextChain? Read(string path, string network)
    {
        return SavedChain.Read(path, chain =>
        {
            SavedTransformer[] before = [.. chain.Transformers().TakeWhile(transformer => transformer.Folder != network)];
            ScoredColumns columns = chain.Read(network, TransformerFormat.ReadColumns);
            return before.All(transformer => LeavesTexts(chain, transformer, columns)) ? null : new Analysis(path, chain, before).Of(columns);
        });
    }

    /// <summary>
    /// Whether a transformer makes no text. What most pipelines have before their network, the labels' mappings, is known without loading it, and
    /// without the data's schema, which a zip may lack.
    /// </summary>
    private static bool LeavesTexts(SavedChain chain, SavedTransformer transformer, ScoredColumns columns) => transformer.Loader switch
    {
        StarsToSentimentTransformer.Loader or TransformerFormat.Loader => true,
        ValueToKey => !chain.OutputColumns(transformer.Folder).Any(made => made == columns.Text || made == columns.TextPair),
        _ => false,
    };

    /// <summary>The text as the network reads it.</summary>
    public TextInput Apply(TextInput input)
    {
        bool pairFromText = _pair is { } pair && pair.Index == _text.Index;
        if (pairFromText && input.Pair is not null)
            throw new SentimentMLException(
                $"The pipeline makes both texts of a pair from the column '{_text.Name}' ({string.Join(", ", Transforms)}): expected one text, not a pair.");
        Reader reader = _idle.TryTake(out Reader? idle) ? idle : new Reader(_steps, _input, _text, _pair);
        TextInput made = reader.Read(input, withPair: pairFromText || (_pair is not null && input.Pair is not null));
        _idle.Add(reader);
        return _pair is null && input.Pair is not null ? made with { Pair = input.Pair } : made;
    }

    /// <summary>A transformer of the pipeline, bound to the columns that it gets.</summary>
    private sealed class Step(string name, IRowToRowMapper mapper, bool keepsColumns)
    {
        /// <summary>The input's place of each column of the output, -1 for the step's own; null if columns of the input are gone.</summary>
        private readonly int[]? _passed = Passed(mapper.InputSchema, mapper.OutputSchema);

        public string Name => name;

        public IRowToRowMapper Mapper => mapper;

        /// <summary>What rows are made with: those that the step's own outcome needs.</summary>
        public DataViewSchema.Column[] Active { get; set; } = [];

        /// <summary>The step over a row. One that only passes the texts on is not asked: it may read columns that are not there.</summary>
        public DataViewRow Over(DataViewRow row) =>
            _passed is not null && !Active.Any(Makes) ? new PassedRow(row, mapper.OutputSchema, _passed) : mapper.GetRow(row, Active);

        /// <summary>Whether a column of the output is the step's own, not one that passes through.</summary>
        public bool Makes(DataViewSchema.Column column) => !keepsColumns && (_passed is null || _passed[column.Index] < 0);

        /// <summary>ML.NET puts a new column behind all others, or behind the one of its name that it hides.</summary>
        private static int[]? Passed(DataViewSchema input, DataViewSchema output)
        {
            int next = 0;
            int[] passed = [.. output.Select(
                column => next < input.Count && input[next].Name == column.Name && input[next].Type.Equals(column.Type) ? next++ : -1)];
            return next == input.Count ? passed : null;
        }
    }

    /// <summary>The one column of the data that a text comes from, and the steps that change it on its way.</summary>
    private sealed record Source(DataViewSchema.Column Column, HashSet<Step> MadeBy);

    /// <summary>Follows the texts of a network back to the data.</summary>
    private sealed class Analysis(string path, SavedChain chain, SavedTransformer[] before)
    {
        public TextChain? Of(ScoredColumns columns)
        {
            DataViewSchema input = chain.InputSchema()
                ?? throw Refused(columns.Text, before.Select(transformer => transformer.Loader),
                    "the zip does not say what data they take (pass the data's schema to ml.Model.Save)");
            var steps = new List<Step>();
            DataViewSchema schema = input;
            foreach (SavedTransformer transformer in before)
            {
                steps.Add(transformer.Loader == TransformerFormat.Loader ? Network(transformer, schema) : Transform(transformer, schema, columns.Text));
                schema = steps[^1].Mapper.OutputSchema;
            }
            Source text = Trace(steps, schema, columns.Text);
            Source? pair = columns.TextPair is { } name ? Trace(steps, schema, name) : null;
            return text.MadeBy.Count == 0 && (pair is null || pair.MadeBy.Count == 0) ? null : new TextChain([.. steps], input, text, pair);
        }

        private Step Transform(SavedTransformer transformer, DataViewSchema schema, string text)
        {
            ITransformer loaded;
            try
            {
                loaded = chain.Load(transformer.Folder);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw Refused(text, [transformer.Loader], $"it cannot be loaded here ({(e.GetBaseException().Message.TrimEnd('.'))})", e);
            }
            string name = loaded.GetType().Name;
            return loaded.IsRowToRowMapper
                ? new Step(name, loaded.GetRowToRowMapper(schema), loaded is ColumnSelectingTransformer)
                : throw Refused(text, [name], "it takes whole tables, not rows");
        }

        /// <summary>Another network of the zip: its columns are known without it.</summary>
        private Step Network(SavedTransformer transformer, DataViewSchema schema)
        {
            ScoredColumns columns = chain.Read(transformer.Folder, TransformerFormat.ReadColumns);
            IReadOnlyList<string> labels = chain.Read(transformer.Folder, context => TransformerFormat.ReadConfig(context, path)).Labels;
            return new Step(nameof(SentimentClassificationTransformer), new UnansweredNetwork(schema, columns.AddTo(schema, labels)), keepsColumns: false);
        }

        private Source Trace(List<Step> steps, DataViewSchema schema, string name)
        {
            DataViewSchema.Column[] needed =
            [
                schema.GetColumnOrNull(name)
                    ?? throw new ModelFileException(
                    $"{path}: the pipeline has no column '{name}', which the network reads. The zip is damaged: save the pipeline again."),
            ];
            var madeBy = new HashSet<Step>();
            foreach (Step step in Enumerable.Reverse(steps))
            {
                if (needed.Any(step.Makes))
                    madeBy.Add(step);
                if (step.Mapper is UnansweredNetwork && needed.Any(step.Makes))
                    throw Refused(name, Names(), "it needs the answer of another network in the zip");
                step.Active = [.. step.Active.Concat(needed).DistinctBy(column => column.Index)];
                needed = [.. step.Mapper.GetDependencies(needed).DistinctBy(column => column.Index)];
            }
            if (needed is not [{ Type: TextDataViewType } source])
                throw Refused(name, Names(), needed.Length == 0 ? "it comes from no column of the data"
                    : $"it comes from {string.Join(", ", needed.Select(column => $"'{column.Name}' ({column.Type})"))}, expected one column of text");
            return new Source(source, madeBy);

            IEnumerable<string> Names() => steps.Where(madeBy.Contains).Select(step => step.Name);
        }

        private ModelFileException Refused(string column, IEnumerable<string> transforms, string why, Exception? inner = null)
        {
            string message = $"{path}: the column '{column}', which the network reads, cannot be made of a text alone by the transforms before the network "
                + $"({string.Join(", ", transforms)}): {why}. "
                + "Load the whole pipeline with ml.Model.Load, and ask it through a PredictionEngine.";
            return inner is null ? new ModelFileException(message) : new ModelFileException(message, inner);
        }
    }

    /// <summary>A network whose columns are there and never read.</summary>
    private sealed class UnansweredNetwork(DataViewSchema input, DataViewSchema output) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => input;

        public DataViewSchema OutputSchema => output;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
            dependingColumns.Where(column => column.Index < input.Count).Select(column => input[column.Index]);

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => throw new NotSupportedException();
    }

    private sealed class PassedRow(DataViewRow row, DataViewSchema schema, int[] passed) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => passed[column.Index] >= 0 && row.IsColumnActive(row.Schema[passed[column.Index]]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(row.Schema[passed[column.Index]]);
    }

    /// <summary>A row of the data with texts alone. A step may keep what it made for a position, so each text has one of its own.</summary>
    private sealed class TextRow(DataViewSchema schema, DataViewSchema.Column text, DataViewSchema.Column? pair) : DataViewRow
    {
        private TextInput _input;
        private long _position = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => _position;

        public override long Batch => 0;

        public void Set(TextInput input)
        {
            _input = input;
            _position++;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index == text.Index || column.Index == pair?.Index;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = column.Index == text.Index
                ? (ref ReadOnlyMemory<char> value) => value = _input.Text.AsMemory()
                : (ref ReadOnlyMemory<char> value) => value = _input.Pair.AsMemory();
            return IsColumnActive(column) && getter is ValueGetter<TValue> typed
                ? typed
                : throw new ArgumentException($"The column {column.Name} holds no text that is given.", nameof(column));
        }
    }

    /// <summary>The steps over one row; for one thread at a time.</summary>
    private sealed class Reader
    {
        private readonly Action<TextInput> _set;
        private readonly ValueGetter<ReadOnlyMemory<char>> _text;
        private readonly ValueGetter<ReadOnlyMemory<char>>? _pair;

        public Reader(Step[] steps, DataViewSchema input, DataViewSchema.Column text, DataViewSchema.Column? pair)
        {
            var texts = new TextRow(input, text, pair);
            _set = texts.Set;
            DataViewRow row = texts;
            foreach (Step step in steps)
                row = step.Over(row);
            _text = row.GetGetter<ReadOnlyMemory<char>>(steps[^1].Active[0]);
            _pair = pair is null ? null : row.GetGetter<ReadOnlyMemory<char>>(steps[^1].Active[^1]);
        }

        public TextInput Read(TextInput input, bool withPair)
        {
            _set(input);
            ReadOnlyMemory<char> value = default;
            _text(ref value);
            string text = value.ToString();
            if (!withPair)
                return new TextInput(text);
            _pair!(ref value);
            return new TextInput(text, value.ToString());
        }
    }
}
