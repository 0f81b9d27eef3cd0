namespace SentimentML;

/// <summary>The numbers that a model's weights are saved in.</summary>
public enum WeightType
{
    /// <summary>32 bits a weight: exactly as they were trained.</summary>
    Float32,

    /// <summary>16 bits a weight: half the size, each weight rounded to 11 significant bits.</summary>
    Float16,
}
