namespace SentimentML.Reviews;

/// <summary>How messages name the options of reading: the library by its properties, a program by the options that it offers instead.</summary>
internal class OptionNames
{
    public static readonly OptionNames Properties = new();

    /// <summary>"StarsColumn".</summary>
    public virtual string Name(string property) => property;

    /// <summary>What to do, in the middle of a sentence: "set Encoding to windows-1252".</summary>
    public virtual string Set(string property, string value) => $"set {property} to {value}";
}
