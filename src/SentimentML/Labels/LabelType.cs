using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>
/// The type of the values that labels are. MapValueToKey makes keys of texts, numbers, booleans, times and keys; a network's labels are
/// names, the values' invariant text. The type leads back: MapKeyToValue gives a prediction as the type that the data had.
/// </summary>
internal abstract class LabelType
{
    private const string KeyValues = "KeyValues";
    private const string KeyPrefix = "Key";

    /// <summary>Texts, which most labels are.</summary>
    public static readonly LabelType Text =
        new LabelType<ReadOnlyMemory<char>>(TextDataViewType.Instance, text => text.IsEmpty ? null : text.ToString(), name => name.AsMemory());

    private static readonly LabelType[] All =
    [
        Text,
        new LabelType<bool>(BooleanDataViewType.Instance, value => value ? bool.TrueString : bool.FalseString, bool.Parse),
        Number<sbyte>(NumberDataViewType.SByte), Number<byte>(NumberDataViewType.Byte),
        Number<short>(NumberDataViewType.Int16), Number<ushort>(NumberDataViewType.UInt16),
        Number<int>(NumberDataViewType.Int32), Number<uint>(NumberDataViewType.UInt32),
        Number<long>(NumberDataViewType.Int64), Number<ulong>(NumberDataViewType.UInt64),
        new LabelType<float>(NumberDataViewType.Single,
            value => float.IsNaN(value) ? null : value.ToString(CultureInfo.InvariantCulture),
            name => float.Parse(name, CultureInfo.InvariantCulture)),
        new LabelType<double>(NumberDataViewType.Double,
            value => double.IsNaN(value) ? null : value.ToString(CultureInfo.InvariantCulture),
            name => double.Parse(name, CultureInfo.InvariantCulture)),
        new LabelType<TimeSpan>(TimeSpanDataViewType.Instance,
            value => value.ToString("c", CultureInfo.InvariantCulture),
            name => TimeSpan.ParseExact(name, "c", CultureInfo.InvariantCulture)),
        new LabelType<DateTime>(DateTimeDataViewType.Instance,
            value => value.ToString("O", CultureInfo.InvariantCulture),
            name => DateTime.ParseExact(name, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        new LabelType<DateTimeOffset>(DateTimeOffsetDataViewType.Instance,
            value => value.ToString("O", CultureInfo.InvariantCulture),
            name => DateTimeOffset.ParseExact(name, "O", CultureInfo.InvariantCulture)),
    ];

    /// <summary>The type under which a model's record remembers it: "Text", "Boolean", "Int32", "Key UInt32 5".</summary>
    public abstract string Name { get; }

    /// <summary>The type of a column's values; null if labels cannot be of it.</summary>
    public static LabelType? Of(DataViewType type) => type is KeyDataViewType key ? OfKey(key) : Array.Find(All, one => one.ItemType.Equals(type));

    /// <summary>The type of the values that a column's keys stand for; null if they stand for none, or for values of another type.</summary>
    public static LabelType? OfKeyValues(DataViewSchema.Column column) =>
        column.Type is KeyDataViewType key && column.Annotations.Schema.GetColumnOrNull(KeyValues)?.Type is VectorDataViewType values
            && (ulong)values.Size == key.Count
            ? Of(values.ItemType)
            : null;

    /// <summary>The type of a name that <see cref="Name"/> gave; null if there is none.</summary>
    public static LabelType? Named(string name)
    {
        if (name.Split(' ') is not [KeyPrefix, var raw, var count])
            return Array.Find(All, one => one.Name == name);
        Type? type = Array.Find([typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)], one => one.Name == raw);
        return type is not null && ulong.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out ulong keys) && keys > 0 && keys <= MaxKeys(type)
            ? OfKey(new KeyDataViewType(type, keys))
            : null;
    }

    /// <summary>The names of the values that a column's keys stand for.</summary>
    public abstract IReadOnlyList<string> Names(DataViewSchema.Column key);

    /// <summary>Reads the current row's value as its name; null if it is missing.</summary>
    public abstract Func<string?> Reader(DataViewRow row, DataViewSchema.Column column);

    /// <summary>The annotation of a key column whose keys stand for the values of these names.</summary>
    /// <exception cref="FormatException">A name is not a text form of this type.</exception>
    public abstract DataViewSchema.Annotations KeyValuesOf(IReadOnlyList<string> names);

    protected abstract PrimitiveDataViewType ItemType { get; }

    protected static DataViewSchema.Annotations Annotation<T>(PrimitiveDataViewType itemType, T[] values)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        VBuffer<T> buffer = new(values.Length, values);
        builder.Add(KeyValues, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> value) => buffer.CopyTo(ref value));
        return builder.ToAnnotations();
    }

    protected static T[] Read<T>(DataViewSchema.Column key)
    {
        VBuffer<T> values = default;
        key.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    private static LabelType<T> Number<T>(PrimitiveDataViewType type)
        where T : IFormattable, IParsable<T> =>
            new(type, value => value.ToString(null, CultureInfo.InvariantCulture), name => T.Parse(name, CultureInfo.InvariantCulture));

    private static LabelType? OfKey(KeyDataViewType type)
    {
        string name = FormattableString.Invariant($"{KeyPrefix} {type.RawType.Name} {type.Count}");
        return Type.GetTypeCode(type.RawType) switch
        {
            TypeCode.Byte => Key<byte>(type, name),
            TypeCode.UInt16 => Key<ushort>(type, name),
            TypeCode.UInt32 => Key<uint>(type, name),
            TypeCode.UInt64 => Key<ulong>(type, name),
            _ => null,
        };
    }

    /// <summary>A key's name is its number from 0, as texts and objects have it; in memory it is one more, and 0 is the missing key.</summary>
    private static LabelType<T> Key<T>(KeyDataViewType type, string name)
        where T : struct, IBinaryInteger<T> =>
        new(type, key => T.IsZero(key) ? null : (key - T.One).ToString(null, CultureInfo.InvariantCulture), text =>
            checked(T.Parse(text, CultureInfo.InvariantCulture) + T.One), name);

    private static ulong MaxKeys(Type raw) =>
        raw == typeof(byte) ? byte.MaxValue : raw == typeof(ushort) ? ushort.MaxValue : raw == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
}

/// <summary>One type of labels.</summary>
/// <param name="type">ML.NET's type of the values.</param>
/// <param name="text">A value's name; null for the missing value.</param>
/// <param name="parse">A name's value.</param>
/// <param name="name">The type's name; null for that of the .NET type.</param>
internal sealed class LabelType<T>(PrimitiveDataViewType type, Func<T, string?> text, Func<string, T> parse, string? name = null) : LabelType
{
    public override string Name { get; } = name ?? (type is TextDataViewType ? "Text" : type.RawType.Name);

    protected override PrimitiveDataViewType ItemType => type;

    public override IReadOnlyList<string> Names(DataViewSchema.Column key) => Array.ConvertAll(Read<T>(key), value => text(value) ?? "");

    public override Func<string?> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return text(value);
        };
    }

    public override DataViewSchema.Annotations KeyValuesOf(IReadOnlyList<string> names)
    {
        try
        {
            return Annotation(type, [.. names.Select(parse)]);
        }
        catch (OverflowException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
