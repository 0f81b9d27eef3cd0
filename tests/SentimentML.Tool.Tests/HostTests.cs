using System.Diagnostics;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Machines as they are: no home, caches that may not be written, other languages, names of every kind.</summary>
public sealed class HostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("torch", "-u", "HOME")]
    [InlineData("onnx", "-u", "HOME")]
    [InlineData("torch", "HOME=/nonexistent")]
    [InlineData("onnx", "XDG_CACHE_HOME=/proc/none")]
    [InlineData("torch", "XDG_CACHE_HOME=/proc/none")]
    [InlineData("torch", "TMPDIR=/proc/none")]
    [InlineData("torch", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")]
    [InlineData("torch", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0", "LC_ALL=es_ES.UTF-8")]
    [InlineData("torch", "LC_ALL=tr_TR.UTF-8")]
    [InlineData("torch", "LC_ALL=C")]
    public async Task It_answers_the_same_on_every_host(string engine, params string[] environment)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs env");
        string[] predict = ["predict", "--model", TestFiles.TinyClassifier, "--engine", engine, "--text", "IİıiÑandú 0,5"];
        ToolResult expected = (await ToolProcess.RunAsync(_folder, [.. predict[..3], "--text", predict[^1]])).Expect(0);
        using Process process = ToolProcess.Start("env", _folder.Path, [.. environment, "dotnet", ToolProcess.Program, .. predict]);
        ToolResult result = (await ToolProcess.EndOfAsync(process, predict)).Expect(0);
        Assert.Equal(expected.Lines.Single()["text"]!.ToString(), result.Lines.Single()["text"]!.ToString());
        Assert.Equal((double)expected.Lines.Single()["score"]!, (double)result.Lines.Single()["score"]!, 1e-5);
    }

    [Fact]
    public async Task Names_with_spaces_accents_and_emoji_are_names()
    {
        string model = _folder.At("modelo ñ 😀");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.GetFiles(TestFiles.TinyClassifier))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        _folder.With("datos ñ 😀.csv", "text,stars\nMuy bueno,5\nMalo,1\n");
        (await ToolProcess.RunAsync(
            _folder, "evaluate", "--model", "modelo ñ 😀", "--data", "datos ñ 😀.csv", "--labels", "LABEL_0=negative,LABEL_1=positive", "--report",
            "informe ñ 😀.html")).Expect(0);
        Assert.True(File.Exists(_folder.At("informe ñ 😀.html")));
        (await ToolProcess.RunAsync(_folder, "predict", "--model", "modelo ñ 😀", "--input", "datos ñ 😀.csv", "--output", "salida ñ 😀.jsonl")).Expect(0);
        Assert.Equal(2, File.ReadAllLines(_folder.At("salida ñ 😀.jsonl")).Length);
        (await ToolProcess.RunAsync(_folder, "export", "--model", "modelo ñ 😀", "--output", "grafo ñ 😀")).Expect(0);
        (await ToolProcess.RunAsync(_folder, "predict", "--model", "grafo ñ 😀", "--engine", "onnx", "--text", "a")).Expect(0);
    }

    [Fact]
    public async Task A_working_directory_that_is_gone_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a working directory cannot be deleted");
        string[] predict = ["predict", "--model", TestFiles.TinyClassifier, "--text", "a"];
        using Process process = ToolProcess.Start(
            "sh", _folder.Path, ["-c", "mkdir gone && cd gone && rmdir ../gone && exec dotnet \"$@\"", "sh", ToolProcess.Program, .. predict]);
        (await ToolProcess.EndOfAsync(process, predict)).ExpectFailure("The working directory does not exist any more");
    }
}
