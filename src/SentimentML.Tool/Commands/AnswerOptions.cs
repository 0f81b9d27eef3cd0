using System.CommandLine;
using System.CommandLine.Parsing;
using static SentimentML.Tool.Output.Language;
using Trainer = SentimentML.SentimentClassificationOptions;

namespace SentimentML.Tool.Commands;

/// <summary>How the trained model answers, which it keeps when it is saved.</summary>
internal sealed class AnswerOptions : TrainerOptions
{
    private readonly Option<bool> _calibrated = new("--calibrated")
    {
        Description = Say(
            "Calibra la confianza del modelo entrenado con la temperatura ajustada en el archivo de validación (por defecto, el softmax de los logits). "
                + "Necesita --validation.",
            "Calibrate the trained model's scores by the temperature found on the validation file (default: the softmax of the logits). "
                + "Needs --validation."),
    };

    public AnswerOptions()
    {
        Take(nameof(Trainer.InferencePrecision), Flags.InferencePrecision("--inference-precision", Say(
            "Con qué números responde el modelo entrenado; auto toma los más rápidos que conservan sus etiquetas en el archivo de validación",
            "In what numbers the trained model answers; auto takes the fastest that keeps its labels on the validation file")), (o, precision) =>
                o.InferencePrecision = precision);
        Take(nameof(Trainer.CalibratedScores), _calibrated, (o, given) => o.CalibratedScores = given);
    }

    /// <summary>Whether there has to be a validation file.</summary>
    public bool AreCalibrated(CommandResult result) => result.GetValue(_calibrated);
}
