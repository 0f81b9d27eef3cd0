using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>Arithmetic with safetensors files of adapters that have the same tensors, all of 16-bit floats.</summary>
internal static class Adapters
{
    private const string A = "lora_A", B = "lora_B";

    /// <summary>The mean of all numbers.</summary>
    public static byte[] Mean(byte[][] files)
    {
        int start = Start(files[0]);
        byte[] mean = [.. files[0]];
        for (int at = start; at < mean.Length; at += sizeof(short))
            BinaryPrimitives.WriteHalfLittleEndian(mean.AsSpan(at), (Half)files.Average(file => (float)BinaryPrimitives.ReadHalfLittleEndian(file.AsSpan(at))));
        return files.All(file => file.Length == mean.Length && file.AsSpan(0, start).SequenceEqual(mean.AsSpan(0, start)))
            ? mean
            : throw new InvalidDataException("The trainings' adapters have other tensors each.");
    }

    /// <summary>
    /// An adapter of the first one's rank that lies between two, which may be of other ranks: of each matrix's sum the largest singular values.
    /// </summary>
    /// <param name="first">The adapter at 0.</param>
    /// <param name="second">The adapter at 1.</param>
    /// <param name="share">How far from the first to the second, from 0 to 1.</param>
    public static byte[] Between(byte[] first, byte[] second, double share)
    {
        byte[] result = [.. first];
        foreach (string name in Header(first).Select(tensor => tensor.Key).Where(name => name != "__metadata__" && !name.Contains(B, StringComparison.Ordinal)))
        {
            using DisposeScope scope = NewDisposeScope();
            string b = name.Replace(A, B, StringComparison.Ordinal);
            if (b == name)
            {
                Write(result, name, Read(first, name) * (1 - share) + Read(second, name) * share); // the head
                continue;
            }
            (Tensor left, Tensor values, Tensor right) = linalg.svd(Product(first) * (1 - share) + Product(second) * share, fullMatrices: false);
            long rank = Read(first, name).shape[0];
            Tensor roots = values[..(int)rank].sqrt();
            Write(result, name, roots.unsqueeze(1) * right[..(int)rank]);
            Write(result, b, left[.., ..(int)rank] * roots);

            Tensor Product(byte[] adapter) => matmul(Read(adapter, b), Read(adapter, name));
        }
        return result;
    }

    private static int Start(byte[] file) => sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(file);

    private static JsonObject Header(byte[] file) => JsonNode.Parse(file.AsSpan(sizeof(long)..Start(file)))!.AsObject();

    private static Span<Half> Numbers(byte[] file, string name)
    {
        int[] ends = [.. Header(file)[name]!["data_offsets"]!.AsArray().Select(end => Start(file) + (int)end!)];
        return MemoryMarshal.Cast<byte, Half>(file.AsSpan(ends[0]..ends[1]));
    }

    private static Tensor Read(byte[] file, string name) => tensor(Numbers(file, name).ToArray().Select(number => (float)number).ToArray(),
        [.. Header(file)[name]!["shape"]!.AsArray().Select(size => (long)size!)]);

    private static void Write(byte[] file, string name, Tensor values)
    {
        Span<Half> numbers = Numbers(file, name);
        float[] all = values.contiguous().data<float>().ToArray();
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (Half)all[i];
    }
}
