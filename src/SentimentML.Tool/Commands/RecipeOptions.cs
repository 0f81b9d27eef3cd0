using System.CommandLine;
using System.CommandLine.Parsing;
using static SentimentML.Tool.Output.Language;
using Trainer = SentimentML.SentimentClassificationOptions;

namespace SentimentML.Tool.Commands;

/// <summary>How to train: all that the trained weights depend on, with the data and the backbone.</summary>
internal sealed class RecipeOptions : TrainerOptions
{
    private readonly Option<int?> _loraRank = Flags.Whole("--lora-rank", Say(
        "Entrena las matrices de LoRA de este rango (en --lora-targets) y la cabeza, en vez de todo; se funden en el modelo (por defecto, el rango de la red, "
            + "si no se da --learning-rate; si se da, sin LoRA).",
        "Train LoRA's matrices of this rank (on --lora-targets), and the head, instead of everything; merged in the model (default: the "
            + "backbone's, if --learning-rate is not given; else no LoRA)."));
    private readonly Option<int?> _earlyStopping = Flags.Whole("--early-stopping", Say(
        "Acaba tras este número de mediciones seguidas sin mejora (por defecto, se hacen todas las épocas). Necesita --validation.",
        "End after this many measurements in a row that were no better (default: every epoch is run). Needs --validation."));

    /// <param name="withSearched">With learning rate, epochs and batch size, which a search finds by itself.</param>
    public RecipeOptions(bool withSearched)
    {
        Take(nameof(Trainer.StartFrom),
            Flags.Choice("--start", Say(
                "De qué pesos partir; auto toma el modelo listo de sentimiento si la red tiene uno (small) y las etiquetas son sentimientos",
                "Which weights to start from; auto takes the ready sentiment model if the backbone has one (small) and the labels are sentiments"),
                TrainingStart.Auto,
            ("auto", TrainingStart.Auto), ("backbone", TrainingStart.Backbone), ("sentiment", TrainingStart.SentimentModel)), (o, start) =>
                o.StartFrom = start);
        Switch(nameof(Trainer.Preprocessing), "--tweets", Say(
            "Reescribe menciones, enlaces, hashtags, emojis y letras repetidas como pysentimiento con los tuits, al entrenar y en el modelo entrenado.",
            "Rewrite users, links, hashtags, emoji and repeated letters as pysentimiento does for tweets, in training and by the trained model."), o =>
                o.Preprocessing = new TweetPreprocessing());
        if (withSearched)
        {
            Whole(nameof(Trainer.Epochs), "--epochs", Say(
                "Cuántas veces se recorren todas las filas (por defecto, las adecuadas para la red; 2 para roberta-base-bne).",
                "How often every row is seen (default: what suits the backbone; 2 for roberta-base-bne)."), (o, n) => o.Epochs = n);
            Whole(nameof(Trainer.BatchSize), "--batch-size", Say("Filas de cada lote (por defecto, 16).", "Rows in a batch (default 16)."), (o, n) =>
                o.BatchSize = n);
            Number(nameof(Trainer.LearningRate), "--learning-rate", Say(
                "La tasa de aprendizaje más alta (por defecto, la adecuada para la red; 2e-5 para roberta-base-bne).",
                "The highest learning rate (default: what suits the backbone; 2e-5 for roberta-base-bne)."), (o, x) => o.LearningRate = x);
        }
        Number(nameof(Trainer.WeightDecay), "--weight-decay", Say(
            "El decaimiento de los pesos (weight decay) de AdamW (por defecto, 0.01).", "AdamW's weight decay (default 0.01)."), (o, x) => o.WeightDecay = x);
        Whole(nameof(Trainer.WarmupSteps), "--warmup-steps", Say(
            "Pasos en los que la tasa de aprendizaje sube desde 0 (por defecto, los adecuados para la red; 0 para roberta-base-bne).",
            "Steps in which the learning rate rises from 0 (default: what suits the backbone; 0 for roberta-base-bne)."), (o, n) => o.WarmupSteps = n);
        Whole(nameof(Trainer.GradientAccumulation), "--gradient-accumulation", Say(
            "Lotes que se promedian en un paso (por defecto, 1).", "Batches averaged into one step (default 1)."), (o, n) => o.GradientAccumulation = n);
        Number(nameof(Trainer.MaxGradientNorm), "--max-gradient-norm", Say(
            "La norma a la que se recortan los gradientes (por defecto, 1; Infinity para no recortarlos).",
            "The norm that gradients are clipped to (default 1; Infinity for no clipping)."), (o, x) => o.MaxGradientNorm = x);
        Number(nameof(Trainer.LabelSmoothing), "--label-smoothing", Say(
            "La parte de la probabilidad que se reparte entre todas las etiquetas en la pérdida (por defecto, 0).",
            "The share of probability spread over all labels in the loss (default 0)."), (o, x) => o.LabelSmoothing = x);
        Take(nameof(Trainer.ClassWeights), new Option<ChosenWeights>("--class-weights")
        {
            Description = Say(
                "Lo que cuenta cada etiqueta en la pérdida: none (por defecto), balanced (todas lo mismo, por pocas filas que tengan) o pesos de 0 o más por "
                    + "nombre, como negative=2,positive=1.",
                "What each label counts in the loss: none (the default), balanced (each label as much as every other, however rare), or weights by "
                    + "name, as in negative=2,positive=1."),
            HelpName = "W",
            CustomParser = ParsedWeights,
        }, (o, chosen) => o.ClassWeights = chosen.Weights);
        Whole(nameof(Trainer.FrozenLayers), "--frozen-layers", Say(
            "Deja como están los embeddings y este número de primeras capas; con 0, solo los embeddings (por defecto, se entrena todo).",
            "Leave the embeddings and this many first layers as they are; 0 for the embeddings alone (default: everything is trained)."), (o, n) =>
                o.FrozenLayers = n);
        Number(nameof(Trainer.LayerLearningRateDecay), "--layer-decay", Say(
            "La tasa de aprendizaje de cada capa dividida entre la de la capa superior, mayor que 0 y hasta 1 (por defecto, 1: la misma para todas).",
            "A layer's learning rate over that of the layer above it, above 0 to 1 (default 1: one rate for all)."), (o, x) => o.LayerLearningRateDecay = x);
        Number(nameof(Trainer.HiddenDropout), "--dropout", Say(
            "La parte de los valores ocultos que se anulan al entrenar, de 0 a menos de 1 (por defecto, la que dice la red).",
            "The share of hidden numbers that are dropped in training, 0 to below 1 (default: what the backbone says)."), (o, x) => o.HiddenDropout = x);
        Number(nameof(Trainer.WeightAverageDecay), "--weight-average", Say(
            "Evalúa y guarda la media móvil de los pesos a lo largo de los pasos, con este decaimiento, como 0.99 (por defecto, sin media).",
            "Evaluate and keep the moving average of the weights over the steps, with this decay, such as 0.99 (default: no average)."), (o, x) =>
                o.WeightAverageDecay = x);
        Take(nameof(Trainer.LoraRank), _loraRank, (o, n) => o.LoraRank = n);
        Number(nameof(Trainer.LoraAlpha), "--lora-alpha", Say(
            "El número que, dividido entre el rango, multiplica el producto de LoRA (por defecto, el doble del rango).",
            "What LoRA's product is scaled by, over the rank (default: twice the rank)."), (o, x) => o.LoraAlpha = x);
        Take(nameof(Trainer.LoraTargets), Flags.Choice("--lora-targets",
            Say("Qué matrices de cada capa adapta LoRA", "Which matrices of a layer LoRA adapts"), LoraTargets.QueryAndValue,
            ("query-value", LoraTargets.QueryAndValue), ("all", LoraTargets.AllMatrices)), (o, targets) => o.LoraTargets = targets);
        Whole(nameof(Trainer.MaxTokens), "--max-tokens", Say(
            "Los tokens a los que se corta un texto (por defecto, todos los que admite la red, 512).",
            "The tokens a text is cut to (default: all that the backbone takes, 512)."), (o, n) => o.MaxTokens = n);
        Whole(nameof(Trainer.EvaluationSteps), "--evaluation-steps", Say(
            "Pasos entre dos mediciones con el archivo de validación (por defecto, una tras cada época).",
            "Steps between two measurements on the validation file (default: one after each epoch)."), (o, n) => o.EvaluationSteps = n);
        Take(nameof(Trainer.BestModelBy), Flags.Choice("--best-by", Say(
            "Qué cifra del archivo de validación decide los pesos que se guardan",
            "Which figure of the validation file says which weights are kept"), BestModelMetric.Accuracy,
            ("accuracy", BestModelMetric.Accuracy), ("macro-f1", BestModelMetric.MacroF1), ("loss", BestModelMetric.Loss)), (o, metric) =>
                o.BestModelBy = metric);
        Take(nameof(Trainer.EarlyStoppingPatience), _earlyStopping, (o, n) => o.EarlyStoppingPatience = n);
        Switch(nameof(Trainer.Shuffle), "--no-shuffle", Say(
            "Mantiene en cada época las filas en el orden del archivo; --max-rows toma entonces las primeras.",
            "Keep the rows in the file's order in every epoch; --max-rows then takes the first."), o => o.Shuffle = false);
        Take(nameof(Trainer.GroupByLength),
            Flags.Choice("--length-groups", Say(
                "Si cada lote se hace con filas de longitud parecida; auto lo hace en una GPU, que rellena las filas hasta la más larga de su lote",
                "Whether a batch is made of rows of like length; auto does so on a GPU, which pads rows to their batch's longest"),
                LengthGroups.Auto,
            ("auto", LengthGroups.Auto), ("on", LengthGroups.On), ("off", LengthGroups.Off)), (o, groups) =>
                o.GroupByLength = groups == LengthGroups.Auto ? null : groups == LengthGroups.On);
        Take(nameof(Trainer.Precision), Flags.Choice("--precision", Say("Con qué números calcular", "In what numbers to compute"), TrainingPrecision.Auto,
            ("auto", TrainingPrecision.Auto), ("fp32", TrainingPrecision.Float32), ("bf16", TrainingPrecision.BFloat16)), (o, precision) =>
                o.Precision = precision);
    }

    /// <summary>The words of --length-groups: System.CommandLine reads nothing but true and false into a bool.</summary>
    private enum LengthGroups
    {
        Auto,
        On,
        Off,
    }

    /// <summary>Whether LoRA's matrices are trained instead of everything.</summary>
    public bool HasLora(CommandResult result) => result.GetResult(_loraRank) is not null;

    /// <summary>Whether there has to be a validation file.</summary>
    public bool StopsEarly(CommandResult result) => result.GetResult(_earlyStopping) is not null;
}
