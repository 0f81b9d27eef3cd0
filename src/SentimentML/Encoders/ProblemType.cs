namespace SentimentML;

/// <summary>What a model's outputs say (transformers' problem_type), and so how logits become probabilities.</summary>
public enum ProblemType
{
    /// <summary>Each text has one label: the probabilities are the softmax of the logits and add up to 1.</summary>
    SingleLabel,

    /// <summary>Each text has any number of labels: each probability is the sigmoid of its logit.</summary>
    MultiLabel,

    /// <summary>Each output is a number of its own: the logits are the values.</summary>
    Regression,
}
