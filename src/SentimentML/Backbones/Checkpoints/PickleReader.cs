using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// An interpreter for the pickles that torch.save writes of state dicts, and for nothing else: it makes numbers, texts,
/// tuples, lists, dicts and tensors, calls only what <see cref="TorchGlobal"/> knows, and refuses any other opcode or
/// global by name. It never recurses, and every object is paid for from a budget before it is made.
/// </summary>
internal ref struct PickleReader
{
    private const int MaxStack = 1 << 16;
    private const int HighestProtocol = 5;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _path;
    private readonly MemoryBudget _budget;
    private readonly Func<object?, TorchStorage>? _findStorage;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;
    private int _opcodeAt;

    /// <param name="bytes">The pickle, perhaps with more behind it.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <param name="budget">What it may cost, shared by the pickles of a file.</param>
    /// <param name="findStorage">Turns a persistent id into a storage; null where none may occur.</param>
    public PickleReader(ReadOnlySpan<byte> bytes, string path, MemoryBudget budget, Func<object?, TorchStorage>? findStorage = null)
    {
        _bytes = bytes;
        _path = path;
        _budget = budget;
        _findStorage = findStorage;
    }

    /// <summary>Bytes read so far; after <see cref="Read"/>, the pickle's length.</summary>
    public readonly int Position => _position;

    /// <summary>Runs the pickle to its STOP.</summary>
    /// <exception cref="ModelFileException">It is cut off, damaged, too large, or asks for what no state dict needs.</exception>
    public object? Read()
    {
        while (true)
        {
            _opcodeAt = _position;
            var opcode = (PickleOpcode)Take(1)[0];
            if (opcode == PickleOpcode.STOP)
                return _stack.Count == 1 && _marks.Count == 0 ? _stack[0] : throw Fault("STOP comes before the object is complete");
            Run(opcode);
        }
    }

    private void Run(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.PROTO:
                int protocol = Take(1)[0];
                if (protocol > HighestProtocol)
                    throw Fault($"protocol {protocol} is not known; {HighestProtocol} is the highest");
                break;
            case PickleOpcode.FRAME:
                if (BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) > (ulong)(_bytes.Length - _position))
                    throw Fault("a frame is longer than the file");
                break;
            case PickleOpcode.MARK:
                if (_marks.Count >= MaxStack)
                    throw Fault($"more than {MaxStack} marks");
                _marks.Add(_stack.Count);
                break;
            case PickleOpcode.POP:
                Pop();
                break;
            case PickleOpcode.POP_MARK:
                PopToMark();
                break;
            case PickleOpcode.NONE:
                Push(null);
                break;
            case PickleOpcode.NEWTRUE:
                Push(True);
                break;
            case PickleOpcode.NEWFALSE:
                Push(False);
                break;
            case PickleOpcode.BININT:
                PushNumber(BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.BININT1:
                PushNumber(Take(1)[0]);
                break;
            case PickleOpcode.BININT2:
                PushNumber(BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case PickleOpcode.LONG1:
                PushLong(Take(Take(1)[0]));
                break;
            case PickleOpcode.BINFLOAT:
                _budget.Spend(MemoryBudget.Boxed);
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case PickleOpcode.BINUNICODE:
                PushText(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case PickleOpcode.SHORT_BINUNICODE:
            case PickleOpcode.SHORT_BINSTRING: // what Python 2 wrote for its str
                PushText(Take(Take(1)[0]));
                break;
            case PickleOpcode.EMPTY_TUPLE:
                Push(Array.Empty<object?>());
                break;
            case PickleOpcode.TUPLE1:
                PushTuple(1);
                break;
            case PickleOpcode.TUPLE2:
                PushTuple(2);
                break;
            case PickleOpcode.TUPLE3:
                PushTuple(3);
                break;
            case PickleOpcode.TUPLE:
                PushTuple(_stack.Count - TakeMark());
                break;
            case PickleOpcode.EMPTY_LIST:
                _budget.Spend(MemoryBudget.Collection);
                Push(new List<object?>());
                break;
            case PickleOpcode.APPEND:
                Append(_stack.Count - 1);
                break;
            case PickleOpcode.APPENDS:
                Append(TakeMark());
                break;
            case PickleOpcode.EMPTY_DICT:
                PushDictionary();
                break;
            case PickleOpcode.SETITEM:
                SetItems(_stack.Count - 2);
                break;
            case PickleOpcode.SETITEMS:
                SetItems(TakeMark());
                break;
            case PickleOpcode.BINPUT:
                Memoize(Take(1)[0]);
                break;
            case PickleOpcode.LONG_BINPUT:
                Memoize(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.MEMOIZE:
                Memoize((uint)_memo.Count);
                break;
            case PickleOpcode.BINGET:
                Recall(Take(1)[0]);
                break;
            case PickleOpcode.LONG_BINGET:
                Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.GLOBAL:
                string module = TakeLine();
                PushGlobal(module, TakeLine());
                break;
            case PickleOpcode.STACK_GLOBAL:
                if (Pop() is not string name || Pop() is not string from)
                    throw Fault("STACK_GLOBAL needs two texts");
                PushGlobal(from, name);
                break;
            case PickleOpcode.REDUCE:
                Reduce();
                break;
            case PickleOpcode.NEWOBJ:
                NewObject();
                break;
            case PickleOpcode.BUILD:
                Build();
                break;
            case PickleOpcode.BINPERSID:
                FindStorage();
                break;
            default:
                throw Fault(Enum.IsDefined(opcode)
                    ? $"the opcode {opcode} is refused: a state dict does not need it"
                    : $"0x{(byte)opcode:x2} is no opcode");
        }
    }

    private static readonly object True = true;
    private static readonly object False = false;

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > _bytes.Length - _position)
            throw Fault($"{count} bytes are wanted, {_bytes.Length - _position} are left: it is cut off");
        ReadOnlySpan<byte> taken = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private string TakeLine()
    {
        const int longest = 256;
        ReadOnlySpan<byte> rest = _bytes[_position..];
        int length = rest[..Math.Min(rest.Length, longest)].IndexOf((byte)'\n');
        if (length < 0)
            throw Fault($"a global's name does not end within {longest} bytes");
        string line = Text(rest[..length]);
        _position += length + 1;
        return line;
    }

    private readonly string Text(ReadOnlySpan<byte> utf8)
    {
        _budget.Spend(MemoryBudget.Text + 2L * utf8.Length);
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFileException(Describe("a text is not UTF-8"), e);
        }
    }

    private readonly void Push(object? value)
    {
        if (_stack.Count >= MaxStack)
            throw Fault($"more than {MaxStack} objects wait on the stack");
        _stack.Add(value);
    }

    private readonly void PushNumber(long value)
    {
        _budget.Spend(MemoryBudget.Boxed);
        Push(value);
    }

    private readonly void PushLong(ReadOnlySpan<byte> littleEndian)
    {
        if (littleEndian.Length <= sizeof(long))
        {
            PushNumber((long)new BigInteger(littleEndian));
            return;
        }
        _budget.Spend(MemoryBudget.Boxed + MemoryBudget.Text + littleEndian.Length);
        Push(new BigInteger(littleEndian));
    }

    private readonly void PushText(ReadOnlySpan<byte> utf8) => Push(Text(utf8));

    private readonly void PushDictionary()
    {
        _budget.Spend(MemoryBudget.Collection);
        Push(new PickleDictionary());
    }

    private readonly void PushTuple(int count)
    {
        if (count > Available())
            throw Fault("a tuple wants more objects than there are");
        _budget.Spend(MemoryBudget.Tuple + (long)count * IntPtr.Size);
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        Push(items);
    }

    private readonly void PushGlobal(string module, string name)
    {
        Push(TorchGlobal.Find(module, name)
            ?? throw Fault($"the global {Quoted.Name($"{module}.{name}")} is refused: a state dict does not need it, and loading it could run code. Do not "
                + "use this file with tools that load it without asking; take the model's safetensors or another source"));
    }

    /// <summary>Objects above the innermost mark; those below it belong to what is being built.</summary>
    private readonly int Available() => _stack.Count - (_marks.Count > 0 ? _marks[^1] : 0);

    private readonly object? Pop()
    {
        if (Available() == 0)
            throw Fault("the stack is empty");
        object? top = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private readonly int TakeMark()
    {
        if (_marks.Count == 0)
            throw Fault("there is no mark");
        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return mark;
    }

    private readonly void PopToMark()
    {
        int mark = TakeMark();
        _stack.RemoveRange(mark, _stack.Count - mark);
    }

    private readonly void Memoize(uint index)
    {
        if (Available() == 0)
            throw Fault("the stack is empty");
        _budget.Spend(MemoryBudget.Item);
        _memo[index] = _stack[^1];
    }

    private readonly void Recall(uint index) =>
        Push(_memo.TryGetValue(index, out object? value) ? value : throw Fault($"memo {index} was never written"));

    private readonly void Append(int start)
    {
        if (start < 1 || _stack.Count - start > Available() || _stack[start - 1] is not (List<object?> or UnreadObject))
            throw Fault("there is no list to append to");
        if (_stack[start - 1] is List<object?> list)
        {
            _budget.Spend((long)(_stack.Count - start) * MemoryBudget.Boxed);
            list.AddRange(_stack[start..]);
        }
        _stack.RemoveRange(start, _stack.Count - start);
    }

    private readonly void SetItems(int start)
    {
        int count = _stack.Count - start;
        if (start < 1 || count > Available() || count % 2 != 0 || _stack[start - 1] is not (PickleDictionary or UnreadObject))
            throw Fault("there is no dict to set items of");
        _budget.Spend((long)count / 2 * MemoryBudget.Item);
        for (int i = start; i < _stack.Count && _stack[start - 1] is PickleDictionary dictionary; i += 2)
        {
            if (_stack[i] is not (string or long or bool or double))
                throw Fault("a dict's key is neither a text nor a number");
            if (!dictionary.TryAdd(_stack[i]!, _stack[i + 1]))
                throw Fault($"the key {Quoted.Name(_stack[i]!.ToString()!)} is there twice");
        }
        _stack.RemoveRange(start, count);
    }

    private readonly void Reduce()
    {
        if (Pop() is not object?[] arguments || Pop() is not TorchGlobal function)
            throw Fault("REDUCE needs a function and a tuple");
        _budget.Spend(MemoryBudget.Tensor);
        try
        {
            Push(function.Call(arguments));
        }
        catch (FormatException e)
        {
            throw new ModelFileException(Describe(e.Message), e);
        }
    }

    /// <summary>An object of a class that is passed over.</summary>
    private readonly void NewObject()
    {
        if (Pop() is not object?[] || Pop() is not TorchGlobal { IsUnread: true })
            throw Fault("NEWOBJ is refused for anything but objects that are passed over");
        Push(new UnreadObject());
    }

    /// <summary>
    /// torch hangs the modules' versions on a state dict (`_metadata`), which loading does not need; nor does it what an object holds that is passed over.
    /// </summary>
    private readonly void Build()
    {
        object? state = Pop();
        if (Available() == 0 || !(_stack[^1] is UnreadObject || (_stack[^1] is PickleDictionary && state is PickleDictionary)))
            throw Fault("BUILD is refused for anything but a dict's attributes");
    }

    private readonly void FindStorage()
    {
        if (_findStorage is null)
            throw Fault("a persistent id is refused here");
        _budget.Spend(MemoryBudget.Tensor);
        object? id = Pop();
        try
        {
            Push(_findStorage(id));
        }
        catch (FormatException e)
        {
            throw new ModelFileException(Describe(e.Message), e);
        }
    }

    private readonly ModelFileException Fault(string what) => new(Describe(what));

    private readonly string Describe(string what) => $"{_path}: byte {_opcodeAt} of the pickle: {what}. Only plain state dicts are read.";
}
