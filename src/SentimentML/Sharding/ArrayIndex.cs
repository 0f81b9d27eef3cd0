using System.Globalization;

namespace SentimentML.Sharding;

/// <summary>Which task of an array this process is, as schedulers say it in its environment.</summary>
internal static class ArrayIndex
{
    /// <summary>The variables, and the value that the first task of an array has in each.</summary>
    private static readonly (string Variable, int First)[] Variables =
    [
        ("SLURM_ARRAY_TASK_ID", 0), // sbatch --array=0-19
        ("JOB_COMPLETION_INDEX", 0), // a Kubernetes Job with completionMode: Indexed
        ("SGE_TASK_ID", 1), // qsub -t 1-20; "undefined" outside of an array
        ("PBS_ARRAY_INDEX", 0), // qsub -J 0-19
        ("AWS_BATCH_JOB_ARRAY_INDEX", 0),
        ("PARALLEL_SEQ", 1), // GNU parallel
    ];

    /// <param name="variable">The environment's variables.</param>
    /// <returns>The index, from 0; null if none of the variables is set.</returns>
    /// <exception cref="SentimentMLException">A variable is not a number, or two name different tasks.</exception>
    public static int? Find(Func<string, string?> variable)
    {
        (string Variable, string Value, int Index)[] said =
        [
            .. Variables.Select(known => (known.Variable, Value: variable(known.Variable) ?? "", known.First))
                .Where(known => known.Value.Length > 0 && (known.Variable, known.Value) != ("SGE_TASK_ID", "undefined"))
                .Select(known => (known.Variable, known.Value, Index(known.Variable, known.Value, known.First))),
        ];
        if (said.Select(one => one.Index).Distinct().Count() > 1)
            throw new SentimentMLException("The environment names several tasks of an array "
                + $"({string.Join(", ", said.Select(one => $"{one.Variable}={one.Value}"))}), expected one. Give the index: --index N, or the argument index.");
        return said.Length == 0 ? null : said[0].Index;
    }

    private static int Index(string variable, string value, int first)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < first)
            throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture,
                $"{variable} is '{value}', expected a whole number from {first} on, as a scheduler gives to an array's tasks."));
        return number - first;
    }
}
