using SentimentML.Evaluation;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>Options of a <see cref="DataReport"/>.</summary>
public sealed class DataReportOptions
{
    internal const int DefaultMaxComparedTexts = 200_000;

    /// <summary>The column of texts. The default value is "Text".</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The column of stars, counted if the data has it. The default value is "Stars".</summary>
    public string StarsColumnName { get; set; } = "Stars";

    /// <summary>The column of labels, counted if the data has it. The default value is "Label".</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The tokenizer that counts tokens. The default value is null: tokens are not counted.</summary>
    public PretrainedTokenizer? Tokenizer { get; set; }

    /// <summary>The most tokens that a model reads of a text, special ones included. The default value is 512.</summary>
    public int MaxTokens { get; set; } = 512;

    /// <summary>
    /// The most rows among which texts that are nearly the same are looked for; their texts are kept in memory. The default value is
    /// 200,000.
    /// </summary>
    public int MaxComparedTexts { get; set; } = DefaultMaxComparedTexts;

    /// <summary>Receives the number of rows read after each row, on the reading thread. The default value is null.</summary>
    public IProgress<long>? Progress { get; set; }

    /// <summary>Stops the reading. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>How messages name these options.</summary>
    internal OptionNames Names { get; set; } = OptionNames.Properties;

    internal void Check(string name)
    {
        var faults = new OptionFaults(Names);
        faults.ExpectName(TextColumnName, nameof(TextColumnName));
        faults.ExpectName(StarsColumnName, nameof(StarsColumnName));
        faults.ExpectName(LabelColumnName, nameof(LabelColumnName));
        faults.Expect(MaxTokens >= 3, nameof(MaxTokens), MaxTokens, "3 or more");
        faults.Expect(MaxComparedTexts >= 0, nameof(MaxComparedTexts), MaxComparedTexts, "0 or more");
        faults.Throw(name);
    }
}
