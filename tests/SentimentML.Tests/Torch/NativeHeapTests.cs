using System.Diagnostics;
using System.Runtime.InteropServices;
using SentimentML.Torch;

namespace SentimentML.Tests.Torch;

/// <summary>Memory that stays with the process while a training runs.</summary>
public partial class NativeHeapTests
{
    /// <summary>More than the 32 MiB above which glibc always asks the system, and less than the 64 MiB of a thread's own heap.</summary>
    private const int Large = 40 << 20;

    /// <summary>Each in a process of its own: one that has trained has free blocks, and these are used before the system is asked.</summary>
    [Theory]
    [InlineData(nameof(Of_a_fresh_process_the_first_of_two_trainings_to_end_does_not_take_the_memory_from_the_other))]
    [InlineData(nameof(Of_a_fresh_process_tensors_of_a_layer_are_not_mapped_one_by_one_after_a_training))]
    [InlineData(nameof(Of_a_fresh_process_large_tensors_are_mapped_where_that_is_asked_for_and_nobody_keeps_memory))]
    public async Task Memory_stays_while_trainings_run_and_goes_back_after_them(string test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux()
            && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _), "needs glibc");
        using Process child = ChildTest.Start($"{nameof(NativeHeapTests)}.{test}");
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && output.Contains("succeeded: 1", StringComparison.Ordinal), output);
    }

    [Fact(Explicit = true)]
    public void Of_a_fresh_process_the_first_of_two_trainings_to_end_does_not_take_the_memory_from_the_other()
    {
        Assert.True(IsMapped(), "before");
        IDisposable first = NativeHeap.Keep(), second = NativeHeap.Keep();
        Assert.False(IsMapped(), "during both");
        first.Dispose();
        first.Dispose();
        Assert.False(IsMapped(), "during the second");
        second.Dispose();
        Assert.True(IsMapped(Large + (8 << 20)), "after both"); // more than what the thread's heap has free by now
    }

    [Fact(Explicit = true)]
    public void Of_a_fresh_process_tensors_of_a_layer_are_not_mapped_one_by_one_after_a_training()
    {
        NativeHeap.Keep().Dispose();
        Assert.False(IsMapped(1 << 20), "The heap asks the system for each tensor of 1 MiB, which slows down what is classified after a training.");
    }

    [Fact(Explicit = true)]
    public void Of_a_fresh_process_large_tensors_are_mapped_where_that_is_asked_for_and_nobody_keeps_memory()
    {
        const int tensor = 2 << 20;
        using (NativeHeap.Map())
        {
            Assert.True(IsMapped(tensor), "alone");
            using (NativeHeap.Keep())
                Assert.False(IsMapped(tensor), "beside a training that keeps memory");
            Assert.True(IsMapped(8 * tensor), "after it"); // more than what the thread's heap has free by now
        }
        Assert.False(IsMapped(tensor), "afterwards");
    }

    [Theory]
    [InlineData(null, null, 7)]
    [InlineData(null, "12", 12)]
    [InlineData("glibc.malloc.trim_threshold=5:glibc.malloc.arena_max=1", "12", 5)]
    [InlineData("glibc.malloc.arena_max=1", "12", 12)]
    [InlineData("glibc.malloc.trim_threshold=nonsense", null, 7)]
    public void What_the_environment_sets_is_found(string? tunables, string? variable, int expected) =>
        Assert.Equal(expected, NativeHeap.Configured(
            name => name == "GLIBC_TUNABLES" ? tunables : variable, "trim_threshold", "MALLOC_TRIM_THRESHOLD_", byDefault: 7));

    /// <summary>glibc marks a block that it took from the system alone with the bit IS_MMAPPED of the size before it (malloc/malloc.c).</summary>
    private static unsafe bool IsMapped(int size = Large)
    {
        void* block = NativeMemory.Alloc((nuint)size);
        bool mapped = (((nuint*)block)[-1] & 2) != 0;
        NativeMemory.Free(block);
        return mapped;
    }
}
