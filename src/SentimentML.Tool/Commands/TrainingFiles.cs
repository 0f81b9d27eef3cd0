using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML;
using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>What is trained, on what: the files, the backbone, the device and the seed.</summary>
internal sealed class TrainingFiles
{
    private const int DefaultSeed = 42;

    private readonly Option<string> _train = Flags.Text("--train", "F", Language.Say(
        $"Las reseñas de las que aprender: {DataOptions.Formats}.", $"The reviews to learn from: {DataOptions.Formats}."), required: true);
    private readonly Option<string> _validation;
    private readonly Option<Backbone> _backbone = Flags.Backbone();
    private readonly DataOptions _data = new();
    private readonly Option<bool> _neutralClass = new("--neutral-class")
    {
        Description = Language.Say(
            "Hace de las 3 estrellas una tercera clase, neutral, en vez de dejarlas fuera.",
            "Make 3 stars a third class, neutral, instead of leaving them out."),
    };
    private readonly Option<int?> _maxRows = Flags.Whole("--max-rows", Language.Say(
        "El máximo de filas de las que aprender, sorteadas con la semilla entre las que tienen etiqueta o, con --no-shuffle, las "
            + "primeras (por defecto, todas).",
        "The most rows to learn from: drawn by the seed from those that have a label, or with --no-shuffle the first of them (default: all)."));
    private readonly Option<int?> _seed = Flags.Whole("--seed", Language.Say(
        $"La semilla de todos los sorteos (por defecto, {DefaultSeed}).", $"What all random choices come from (default {DefaultSeed})."));
    private readonly Option<TorchDevice> _device = Flags.Device();

    /// <param name="needsValidation">Whether there is nothing to do without rows to measure on.</param>
    public TrainingFiles(bool needsValidation = false) =>
        _validation = Flags.Text("--validation", "F", Language.Say(
            "Reseñas con las que medir antes del primer paso y tras cada época; se guarda la mejor época.",
            "Reviews to measure on before the first step and after each epoch; the best epoch is kept."), needsValidation);

    public void AddTo(Command command)
    {
        command.Add(_train);
        command.Add(_validation);
        command.Add(_backbone);
        _data.AddTo(command);
        foreach (Option option in (Option[])[_neutralClass, _maxRows, _seed, _device])
            command.Add(option);
        command.Check(result =>
        {
            if (result.GetResult(_maxRows) is not null && result.GetValue(_maxRows) < 1)
                result.AddError(Language.Say(
                    $"--max-rows es {result.GetValue(_maxRows)}; se esperaba 1 o más.", $"--max-rows is {result.GetValue(_maxRows)}, expected 1 or more."));
        });
    }

    public SentimentClassificationOptions Options(ParseResult arguments) => new()
    {
        Backbone = arguments.GetRequiredValue(_backbone),
        Device = arguments.GetRequiredValue(_device),
        Seed = arguments.GetValue(_seed) ?? DefaultSeed,
        Names = CommandLineNames.Instance,
        TellsLabels = true,
    };

    /// <summary>Refuses to write over the reviews.</summary>
    public void CheckKept(Command command, Option<string> output, string content) => command.CheckKeeps(output, content, _train, _validation);

    public bool HasValidation(CommandResult result) => result.GetResult(_validation) is not null;

    /// <summary>Finds the files and their columns, and checks the options before anything long begins.</summary>
    /// <exception cref="SentimentMLException">A file is not there, or has not the columns.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public OpenedFiles Open(MLContext ml, ParseResult arguments, SentimentClassificationOptions options)
    {
        DataColumns columns = _data.Read(arguments);
        NeutralStars neutral = arguments.GetValue(_neutralClass) ? NeutralStars.Class : NeutralStars.Drop;
        var train = new ReviewData(ml, arguments.GetRequiredValue(_train), columns);
        ReviewData? validation = arguments.GetValue(_validation) is { } path ? new ReviewData(ml, path, columns) : null;
        validation?.WarnIfLearnedFrom(train);
        options.ValidationSet = validation?.Rows;
        options.Check(nameof(options));
        return new OpenedFiles(train, validation, neutral, arguments.GetValue(_maxRows));
    }

    /// <summary>The files and the backbone as they were given, for a command line that trains on the same.</summary>
    public IEnumerable<string> Given(ParseResult arguments) =>
        ((Option[])[_train, _validation, _backbone, .. _data.All, _neutralClass, _maxRows, _seed, _device])
        .Where(option => arguments.GetResult(option) is { Implicit: false })
        .SelectMany(option => arguments.GetResult(option)!.Tokens.Select(token => token.Value).Prepend(option.Name));
}
