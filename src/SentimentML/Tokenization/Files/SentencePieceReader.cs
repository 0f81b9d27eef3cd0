using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace SentimentML.Tokenization;

/// <summary>What a SentencePiece model file says of a unigram model.</summary>
internal sealed class SentencePieceModel
{
    public List<(string Piece, double Score)> Pieces { get; } = [];

    /// <summary>Of each piece: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 a byte.</summary>
    public List<int> Types { get; } = [];

    /// <summary>The normalization rules; empty where there are none.</summary>
    public byte[] Rules { get; set; } = [];

    /// <summary>1 is unigram, 2 BPE, 3 words, 4 characters.</summary>
    public int ModelType { get; set; } = 1;

    public int UnknownId { get; set; }

    public bool ByteFallback { get; set; }
}

/// <summary>
/// Reads sentencepiece_model.proto (github.com/google/sentencepiece) from its bytes in Protobuf's wire format: the few
/// fields that a tokenizer needs; the others are passed over. No length goes beyond the file.
/// </summary>
internal ref struct SentencePieceReader
{
    private const int MaxPieces = 4_000_000;

    private readonly TokenizerFile _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private SentencePieceReader(TokenizerFile file, ReadOnlySpan<byte> bytes)
    {
        _file = file;
        _bytes = bytes;
    }

    public static SentencePieceModel Read(TokenizerFile file)
    {
        var model = new SentencePieceModel();
        var reader = new SentencePieceReader(file, file.Content);
        while (reader.Next(out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    reader.ReadPiece(reader.Message(wire), model);
                    break;
                case 2:
                    reader.ReadTrainer(reader.Message(wire), model);
                    break;
                case 3:
                    reader.ReadNormalizer(reader.Message(wire), model);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }
        return model.Pieces.Count > 0 ? model : throw file.Damaged("it has no pieces");
    }

    private readonly ModelFileException Damaged(string what) => _file.Damaged($"at byte {_at} of a part of {_bytes.Length}: {what}");

    private readonly void ReadPiece(ReadOnlySpan<byte> message, SentencePieceModel model)
    {
        var reader = new SentencePieceReader(_file, message);
        string? piece = null;
        float score = 0;
        int type = 1;
        while (reader.Next(out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    ReadOnlySpan<byte> text = reader.Message(wire);
                    piece = Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw reader.Damaged($"piece {model.Pieces.Count} is not UTF-8");
                    break;
                case 2 when wire == 5:
                    score = BinaryPrimitives.ReadSingleLittleEndian(reader.Take(4));
                    break;
                case 3:
                    type = reader.Integer(wire);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }
        if (piece is null)
            throw reader.Damaged($"piece {model.Pieces.Count} has no text");
        if (!float.IsFinite(score))
            throw reader.Damaged($"the score of piece {model.Pieces.Count}, '{piece}', is not a number");
        if (model.Pieces.Count == MaxPieces)
            throw reader.Damaged($"there are more than {MaxPieces} pieces");
        model.Pieces.Add((piece, score));
        model.Types.Add(type);
    }

    private readonly void ReadTrainer(ReadOnlySpan<byte> message, SentencePieceModel model)
    {
        var reader = new SentencePieceReader(_file, message);
        while (reader.Next(out int field, out int wire))
        {
            switch (field)
            {
                case 3:
                    model.ModelType = reader.Integer(wire);
                    break;
                case 35:
                    model.ByteFallback = reader.Integer(wire) != 0;
                    break;
                case 40:
                    model.UnknownId = reader.Integer(wire);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }
    }

    private readonly void ReadNormalizer(ReadOnlySpan<byte> message, SentencePieceModel model)
    {
        var reader = new SentencePieceReader(_file, message);
        while (reader.Next(out int field, out int wire))
        {
            if (field == 2)
                model.Rules = reader.Message(wire).ToArray();
            else
                reader.Skip(wire);
        }
    }

    /// <summary>The next field's number and wire type; false at the end.</summary>
    private bool Next(out int field, out int wire)
    {
        field = wire = 0;
        if (_at == _bytes.Length)
            return false;
        ulong tag = Varint();
        (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
        return tag >> 3 is > 0 and < 1 << 29 ? true : throw Damaged("not a field of a SentencePiece model");
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Damaged("a number of more than 10 bytes");
    }

    private int Integer(int wire) => wire == 0 ? (int)(long)Varint() : throw Damaged("expected a number");

    private ReadOnlySpan<byte> Message(int wire)
    {
        if (wire != 2)
            throw Damaged("expected text or a part");
        ulong length = Varint();
        return length <= (ulong)(_bytes.Length - _at) ? Take((int)length) : throw Damaged($"a part of {length} bytes goes beyond the end");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw Damaged("the file ends too soon");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private void Skip(int wire)
    {
        switch (wire)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Message(wire);
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Damaged("not a field of a SentencePiece model");
        }
    }
}
