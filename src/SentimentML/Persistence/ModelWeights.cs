using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Persistence;

/// <summary>
/// A model's float32 weights, in memory once: in a network until an engine takes them over in an order, and in numbers, of its
/// own. What must be saved as it was trained then lies in a temporary file, as ML.NET itself keeps the parts of its zips.
/// </summary>
internal sealed class ModelWeights(SequenceClassifier network, Device device) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly EncoderConfig _config = network.Config;
    private SequenceClassifier? _network = network;
    private TemporaryFile? _file;

    /// <summary>The size of the weights as safetensors.</summary>
    public long Bytes { get; } = SafetensorsWriter.Length(Entries(network));

    /// <summary>Writes the weights as safetensors, streamed from where they are.</summary>
    public void WriteTo(Stream destination, WeightType type = WeightType.Float32)
    {
        lock (_gate)
        {
            if (_network is not null)
                SafetensorsWriter.Write(destination, Entries(_network, type));
            else if (type != WeightType.Float32)
            {
                using SequenceClassifier network = Read();
                SafetensorsWriter.Write(destination, Entries(network, type));
            }
            else
                File().Read(stream =>
                {
                    stream.CopyTo(destination);
                    return 0;
                });
        }
    }

    /// <summary>An engine on the weights.</summary>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="calibration">Texts' ids; Int8 takes the ranges of its activations from them.</param>
    public EncoderEngine ToEngine(InferencePrecision precision, Func<TokenRow[]> calibration)
    {
        lock (_gate)
        {
            SequenceClassifier network = _network ??= Read();
            if (!PutAside(network))
                return EncoderEngine.Of(network, precision, device, calibration);
            _network = null;
            using (network)
                return EncoderEngine.InPlaceOf(network, precision, device, calibration);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _network?.Dispose();
            _file?.Dispose();
            (_network, _file) = (null, null);
        }
    }

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    private TemporaryFile File() => _file ?? throw DisposedModel.Error(nameof(SentimentClassificationTransformer));

    /// <summary>What a checkpoint calls the numbers.</summary>
    public static CheckpointDtype DtypeOf(WeightType type) => type == WeightType.Float16 ? CheckpointDtype.F16 : CheckpointDtype.F32;

    private static IReadOnlyList<SafetensorsEntry> Entries(SequenceClassifier network, WeightType type = WeightType.Float32) =>
        SafetensorsEntry.Of(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), DtypeOf(type));

    /// <summary>Without room on the disk the network stays in memory beside its engine.</summary>
    private bool PutAside(SequenceClassifier network)
    {
        try
        {
            _file ??= new TemporaryFile(stream => SafetensorsWriter.Write(stream, Entries(network)));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private SequenceClassifier Read() => File().Read(stream =>
    {
        var network = new SequenceClassifier(_config);
        SafetensorsStream.Load(stream, "the model's temporary file", Pretrained.Destinations(network));
        network.to(device);
        network.eval();
        return network;
    });
}
