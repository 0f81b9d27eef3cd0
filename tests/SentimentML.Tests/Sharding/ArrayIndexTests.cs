using SentimentML.Sharding;

namespace SentimentML.Tests.Sharding;

public sealed class ArrayIndexTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("SLURM_ARRAY_TASK_ID=0", 0)]
    [InlineData("SLURM_ARRAY_TASK_ID=19 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=17", 19)] // a resubmitted array says another count
    [InlineData("JOB_COMPLETION_INDEX=7", 7)]
    [InlineData("SGE_TASK_ID=1", 0)]
    [InlineData("SGE_TASK_ID=undefined", null)]
    [InlineData("PBS_ARRAY_INDEX=4", 4)]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=0", 0)]
    [InlineData("PARALLEL_SEQ=20", 19)]
    [InlineData("SGE_TASK_ID=undefined PARALLEL_SEQ=2", 1)]
    [InlineData("SLURM_ARRAY_TASK_ID=4 PARALLEL_SEQ=5", 4)]
    public void The_index_is_counted_from_0_whatever_the_scheduler_counts_from(string environment, int? index) => Assert.Equal(index, Find(environment));

    [Theory]
    [InlineData("SGE_TASK_ID=0", "SGE_TASK_ID is '0', expected a whole number from 1 on")]
    [InlineData("SLURM_ARRAY_TASK_ID=4-7", "SLURM_ARRAY_TASK_ID is '4-7'")]
    [InlineData("JOB_COMPLETION_INDEX=-1", "JOB_COMPLETION_INDEX is '-1'")]
    [InlineData("SLURM_ARRAY_TASK_ID=4 PARALLEL_SEQ=1", "SLURM_ARRAY_TASK_ID=4, PARALLEL_SEQ=1")]
    public void An_index_that_is_not_clear_is_refused(string environment, string said) =>
        Assert.Contains(said, Assert.Throws<SentimentMLException>(() => Find(environment)).Message, StringComparison.Ordinal);

    private static int? Find(string environment)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return ArrayIndex.Find(name => variables.GetValueOrDefault(name));
    }
}
