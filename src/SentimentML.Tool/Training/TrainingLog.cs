using System.Text.Json;
using SentimentML.Predictions;

namespace SentimentML.Tool.Training;

/// <summary>One JSON line a step, written as the steps are taken, so that a run can be watched.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly string? _path;
    private FileStream? _stream;
    private JsonLines? _lines;

    /// <param name="path">The file; null to write none. It is begun with the first step, so that a run that fails before leaves the last one's.</param>
    /// <exception cref="SentimentMLException">There can be no such file.</exception>
    public TrainingLog(string? path)
    {
        _path = path is null ? null : Path.GetFullPath(path);
        if (Directory.Exists(_path) || (_path is not null && !Directory.Exists(Path.GetDirectoryName(_path))))
            throw new SentimentMLException($"The log cannot be written to {_path}: a file in a folder that exists was expected.");
    }

    /// <summary>The fold of a cross-validation that is being trained; null outside of one.</summary>
    public int? Fold { get; set; }

    public void Write(TrainingProgress step)
    {
        if (_path is null)
            return;
        if (_lines is null)
        {
            _stream = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read);
            _lines = new JsonLines(_stream);
        }
        _lines.Write(json =>
        {
            if (Fold is { } fold)
                json.WriteNumber("fold", fold);
            json.WriteNumber("step", step.Step);
            json.WriteNumber("epoch", step.Epoch);
            Write(json, "loss", step.Loss);
            Write(json, "learning_rate", step.LearningRate);
            Write(json, "grad_norm", step.GradientNorm);
        });
    }

    public void Dispose()
    {
        _lines?.Flush();
        _stream?.Dispose();
    }

    /// <summary>JSON has no infinity, which a norm can be.</summary>
    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
