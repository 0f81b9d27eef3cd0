using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Options of the trainer as options of a command: one that is not given leaves the library's default.</summary>
internal abstract class TrainerOptions
{
    private readonly List<(string Property, Option Option, Action<ParseResult, SentimentClassificationOptions> Take)> _options = [];

    /// <summary>The trainer's properties and the options that set them.</summary>
    public IEnumerable<(string Property, Option Option)> Properties => _options.Select(one => (one.Property, one.Option));

    public void AddTo(Command command)
    {
        foreach ((_, Option option, _) in _options)
            command.Add(option);
    }

    /// <summary>Puts what was given into the trainer's options.</summary>
    public void Read(ParseResult arguments, SentimentClassificationOptions into)
    {
        foreach ((_, Option option, Action<ParseResult, SentimentClassificationOptions> take) in _options)
            if (IsGiven(arguments, option))
                take(arguments, into);
    }

    /// <summary>What was given, as it is written on a command line.</summary>
    public IEnumerable<string> Given(ParseResult arguments) => _options.Where(o => IsGiven(arguments, o.Option))
        .SelectMany(o => arguments.GetResult(o.Option)!.Tokens.Select(token => token.Value).Prepend(o.Option.Name));

    protected void Whole(string property, string name, string description, Action<SentimentClassificationOptions, int> take) =>
        Take(property, Flags.Whole(name, description), (o, value) => take(o, value!.Value));

    protected void Number(string property, string name, string description, Action<SentimentClassificationOptions, double> take) =>
        Take(property, Flags.Number(name, description), (o, value) => take(o, value!.Value));

    protected void Switch(string property, string name, string description, Action<SentimentClassificationOptions> take) =>
        Take(property, new Option<bool>(name) { Description = description }, (o, given) =>
    {
        if (given)
            take(o);
    });

    protected void Take<T>(string property, Option<T> option, Action<SentimentClassificationOptions, T> take) =>
        _options.Add((property, option, (arguments, into) => take(into, arguments.GetValue(option)!)));

    private static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>"none", "balanced", or "label=weight,label=weight".</summary>
    protected static ChosenWeights? ParsedWeights(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text is "none" or "balanced")
            return new ChosenWeights(text is "none" ? null : ClassWeights.Balanced);
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string pair in text.Split(','))
        {
            int sign = pair.LastIndexOf('=');
            if (sign < 1 || !double.TryParse(pair.AsSpan(sign + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !weights.TryAdd(pair[..sign], weight))
            {
                result.AddError(Flags.WrongValue("--class-weights", text, Language.Say(
                    "none, balanced, o cada etiqueta una vez con su peso, como negative=2,positive=1",
                    "none, balanced, or each label once with its weight, as in negative=2,positive=1")));
                return null;
            }
        }
        return Flags.Parsed(result, _ => new ChosenWeights(ClassWeights.Of(weights)));
    }

    /// <param name="Weights">Null for none, which a parser of options cannot return by itself.</param>
    protected sealed record ChosenWeights(ClassWeights? Weights);
}
