using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>How messages name the options of reading: the library by its properties, a program by the options that it offers instead.</summary>
internal class OptionNames
{
    public static readonly OptionNames Properties = new();

    /// <summary>"StarsColumn".</summary>
    public virtual string Name(string property) => property;

    /// <summary>What to do, in the middle of a sentence of an exception: "set Encoding to windows-1252".</summary>
    public string Set(string property, string value) => Set(property, value, ReportText.English);

    /// <summary>What to do, in the middle of a sentence of a warning: "pon Encoding en windows-1252".</summary>
    public string SetLocalized(string property, string value) => Set(property, value, ReportText.Current);

    protected virtual string Set(string property, string value, ReportText text) =>
        text.Say($"pon {property} en {value}", $"set {property} to {value}");
}
