using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using SentimentML.Wording;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>
/// A run's checkpoints in a folder: checkpoint-0001-step-50 and so on, each with the trained weights, the optimizer's moments
/// the best weights so far and the average of them (state.safetensors), where the run was (training.json), and the digests of both (SHA256SUMS).
/// One is written beside its place, flushed and renamed; older ones are deleted after that.
/// </summary>
internal sealed class TrainingCheckpoints : IDisposable
{
    private const string StateFile = "state.safetensors", PositionFile = "training.json", SumsFile = "SHA256SUMS", LockFile = "in-use";
    private const string Prefix = "checkpoint-", Unfinished = ".unfinished-";
    private const int Format = 1;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = false };

    private readonly CheckpointPlan _plan;
    private readonly RunFingerprint _fingerprint;
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _trained;
    private readonly AdamW _optimizer;
    private readonly BestWeights _best;
    private readonly WeightAverage? _average;
    private readonly int _stepsPerEpoch;
    private readonly ITrainingObserver _observer;
    private readonly FileStream _inUse;
    private long _written = Stopwatch.GetTimestamp();

    public TrainingCheckpoints(CheckpointPlan plan, RunFingerprint fingerprint, IReadOnlyList<(string, Parameter)> trained, AdamW optimizer,
        BestWeights best, WeightAverage? average, int stepsPerEpoch, ITrainingObserver observer)
    {
        _plan = plan;
        _fingerprint = fingerprint;
        _trained = trained;
        _optimizer = optimizer;
        _best = best;
        _average = average;
        _stepsPerEpoch = stepsPerEpoch;
        _observer = observer;
        _inUse = Claim(plan.Folder);
    }

    /// <summary>Puts the newest whole checkpoint's weights and moments in place.</summary>
    /// <returns>Where the run was; null when it starts from the beginning.</returns>
    /// <exception cref="SentimentMLException">The newest whole checkpoint is of another run.</exception>
    public TrainingState? Resume()
    {
        IReadOnlyList<string> present = Present();
        if (!_plan.Resume)
        {
            string resume = _plan.Names.SetLocalized(nameof(SentimentClassificationOptions.Resume), "true");
            if (present.Count > 0)
                _observer.Warned(Localized.Say(
                    $"En {_plan.Folder} hay {present.Count} puntos de control de un entrenamiento anterior. Este empieza desde el principio y los borra "
                    + $"cuando haya escrito los suyos; {resume} para seguir con aquel.",
                    $"{_plan.Folder} holds {present.Count} checkpoints of an earlier run. This run starts from the beginning, and deletes them "
                    + $"when it has written its own; {resume} to continue that run instead."));
            return null;
        }
        foreach (string folder in present.Reverse())
        {
            try
            {
                return Read(folder);
            }
            catch (DamagedException e)
            {
                _observer.Warned(Localized.Say($"Se salta el punto de control {folder}: {e.Message}", $"The checkpoint {folder} is passed over: {e.Message}"));
            }
        }
        _observer.Noted(
            $"No hay ningún punto de control entero en {_plan.Folder}: el entrenamiento empieza desde el principio",
            $"There is no whole checkpoint in {_plan.Folder}: the run starts from the beginning");
        return null;
    }

    /// <summary>Whether a checkpoint is due after the step that was taken last.</summary>
    public bool IsDue(TrainingState state) => (_plan.EverySteps is { } steps && state.Step % steps == 0)
        || (_plan.Every is { } time && Stopwatch.GetElapsedTime(_written) >= time)
        || (_plan.EverySteps is null && _plan.Every is null && state.Step % _stepsPerEpoch == 0);

    /// <summary>Writes a checkpoint. If the disk is full or missing, a warning is logged and training continues.</summary>
    public void Save(TrainingState state)
    {
        try
        {
            IReadOnlyList<string> older = Present();
            Write(state, older);
            foreach (string old in older.SkipLast(_plan.Keep - 1))
                Directory.Delete(old, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _observer.Warned(Localized.Say(
                $"El punto de control tras el paso {state.Step} no se pudo escribir en {_plan.Folder}: {e.Message} El entrenamiento sigue y lo intenta de "
                + "nuevo en el siguiente.",
                $"The checkpoint after step {state.Step} could not be written to {_plan.Folder}: {e.Message} Training continues and tries again "
                + "at the next checkpoint."));
        }
        _written = Stopwatch.GetTimestamp();
    }

    public void Dispose() => _inUse.Dispose(); // which deletes it

    /// <summary>
    /// Locks the folder, since two runs that write into one would delete each other's checkpoints; then deletes what an earlier run left
    /// unfinished.
    /// </summary>
    private static FileStream Claim(string folder)
    {
        FileStream? inUse = null;
        try
        {
            Directory.CreateDirectory(folder);
            inUse = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            foreach (string left in Directory.EnumerateDirectories(folder, Unfinished + "*"))
                Directory.Delete(left, recursive: true);
            return inUse;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            inUse?.Dispose();
            throw new SentimentMLException($"The checkpoint folder {Path.GetFullPath(folder)} cannot be used: {e.Message} It has to be writable, and no other "
                + "training may be using it.", e);
        }
    }

    /// <summary>The checkpoints' folders, the oldest first.</summary>
    private string[] Present() => [.. Directory.EnumerateDirectories(_plan.Folder, Prefix + "*").Where(folder => Number(folder) > 0).OrderBy(Number)];

    private static int Number(string folder)
    {
        string[] parts = Path.GetFileName(folder).Split('-');
        return parts.Length == 4 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    private void Write(TrainingState state, IReadOnlyList<string> older)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(older.Count == 0 ? 0 : Number(older[^1])) + 1:0000}-step-{state.Step}");
        string beside = Path.Combine(_plan.Folder, Unfinished + name);
        try
        {
            Directory.CreateDirectory(beside);
            string stateSum = WriteFile(Path.Combine(beside, StateFile), file => SafetensorsWriter.Write(file, SafetensorsEntry.Of(Tensors())));
            string positionSum = WriteFile(
                Path.Combine(beside, PositionFile), file => JsonSerializer.Serialize(file, new Position(Format, _fingerprint, state), Json));
            WriteFile(Path.Combine(beside, SumsFile), file => file.Write(Encoding.ASCII.GetBytes($"{stateSum}  {StateFile}\n{positionSum}  {PositionFile}\n")));
            Directory.Move(beside, Path.Combine(_plan.Folder, name));
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }
    }

    /// <summary>Everything that a checkpoint holds, by name.</summary>
    private IEnumerable<(string Name, Tensor Tensor)> Tensors() =>
    [
        .. _trained.Select(p => ($"weights/{p.Name}", (Tensor)p.Parameter)),
        .. _optimizer.State.SelectMany(s => new[] { ($"first/{s.Name}", s.First), ($"second/{s.Name}", s.Second) }),
        .. _best.Copies.Select(c => ($"best/{c.Name}", c.Tensor)),
        .. (_average?.Averages ?? []).Select(a => ($"average/{a.Name}", a.Tensor)),
    ];

    /// <returns>The SHA-256 of what was written.</returns>
    private static string WriteFile(string path, Action<Stream> write)
    {
        using var sha = SHA256.Create();
        WholeFile.WriteThrough(path, file =>
        {
            using var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true);
            write(hashing);
        });
        return Convert.ToHexStringLower(sha.Hash!);
    }

    private TrainingState Read(string folder)
    {
        ModelFiles files = ModelFiles.InFolder(folder);
        RequireWhole(folder, files);
        Position position = ReadPosition(files);
        string[] differences = [.. _fingerprint.Differences(position.Run)];
        if (differences.Length > 0)
            throw new SentimentMLException($"The checkpoint {folder} is of another run; what differs: {string.Join("; ", differences)}. Resume with the same "
                + $"options and data, or name another {_plan.Names.Name(nameof(SentimentClassificationOptions.CheckpointFolder))}, or leave "
                + $"{_plan.Names.Name(nameof(SentimentClassificationOptions.Resume))} out to start from the beginning.");
        if (position.State.BestScore is { } score)
            _best.Reserve(score);
        Fill(files);
        _optimizer.Resume(position.State.Step);
        _observer.Noted($"Reanudado desde {folder}, tras el paso {position.State.Step}", $"Resumed from {folder}, after step {position.State.Step}");
        return position.State;
    }

    /// <summary>A power failure, a full disk or another program may have left less than was written.</summary>
    private static void RequireWhole(string folder, ModelFiles files)
    {
        if (!files.Contains(SumsFile))
            throw new DamagedException(Localized.Say($"no tiene {SumsFile}.", $"it has no {SumsFile}."));
        Dictionary<string, string> sums = File.ReadLines(Path.Combine(folder, SumsFile)).Take(10).Select(line => line.Split("  "))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[1]).ToDictionary(g => g.Key, g => g.First()[0], StringComparer.Ordinal);
        foreach (string name in (string[])[StateFile, PositionFile])
        {
            if (!files.Contains(name) || !sums.TryGetValue(name, out string? expected))
                throw new DamagedException(Localized.Say($"falta {name}.", $"{name} is missing."));
            using FileStream file = File.OpenRead(Path.Combine(folder, name));
            if (Convert.ToHexStringLower(SHA256.HashData(file)) != expected)
                throw new DamagedException(Localized.Say($"{name} no es lo que se escribió.", $"{name} is not what was written."));
        }
    }

    private static Position ReadPosition(ModelFiles files)
    {
        try
        {
            Position? position = JsonSerializer.Deserialize<Position>(files.ReadText(PositionFile), Json);
            return position is { Format: Format, Run: not null, State: { Step: >= 0, Pieces: >= 1, History: not null } } ? position
                : throw new DamagedException(Localized.Say(
                    $"{PositionFile} es de otra versión de esta biblioteca.", $"{PositionFile} is of another version of this library."));
        }
        catch (JsonException e)
        {
            throw new DamagedException(Localized.Say($"{PositionFile} no se puede leer: {e.Message}", $"{PositionFile} cannot be read: {e.Message}"));
        }
    }

    private unsafe void Fill(ModelFiles files)
    {
        using var _ = no_grad();
        using Checkpoint stored = Checkpoint.Open(files, StateFile);
        (string Name, Tensor Tensor)[] wanted = [.. Tensors()];
        foreach ((string name, Tensor tensor) in wanted)
            if (!stored.Tensors.TryGetValue(name, out CheckpointTensor? found) || found.Dtype != CheckpointDtype.F32
                || !found.Shape.AsSpan().SequenceEqual(tensor.shape))
                throw new DamagedException(Localized.Say(
                    $"{StateFile} no tiene {name} con la forma de esta red.", $"{StateFile} holds no {name} of this network's shape."));
        foreach ((string name, Tensor tensor) in wanted)
        {
            using Tensor staged = empty(tensor.shape);
            fixed (byte* bytes = staged.bytes)
                stored.Tensors[name].CopyTo((float*)bytes, tensor.numel());
            tensor.copy_(staged);
        }
    }

    /// <param name="Format">Of these files.</param>
    /// <param name="Run">Whose checkpoint it is.</param>
    /// <param name="State">Where the run was.</param>
    private sealed record Position(int Format, RunFingerprint Run, TrainingState State);

    private sealed class DamagedException(string message) : Exception(message);
}
