using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Brings a backbone into the cache that Hugging Face's tools share.</summary>
internal sealed class DownloadCommand : ToolCommand
{
    private readonly Option<Backbone> _backbone = Flags.Backbone();

    public DownloadCommand()
        : base("download", Language.Say(
            "Descarga una red preentrenada en la caché de Hugging Face y muestra su carpeta.",
            "Bring a backbone into Hugging Face's cache, and print its folder."))
        => Add(_backbone);

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        Backbone backbone = arguments.GetRequiredValue(_backbone);
        string? folder = null;
        Screen.During(screen => folder = backbone.DownloadAsync(new OnScreen(screen), screen.Note, cancellation).GetAwaiter().GetResult());
        if (folder is null)
            Console.Error.WriteLine(Language.Format(
                $"{backbone.Name} viene con la herramienta: no hay nada que descargar.",
                $"{backbone.Name} comes with the tool: there is nothing to download."));
        else
            Console.WriteLine(folder);
    }

    /// <summary>Reports on the downloading thread, in order.</summary>
    private sealed class OnScreen(Screen screen) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => screen.Show(Language.Format(
            $"{value.File}: {value.Bytes / 1e6:0.0} de {value.TotalBytes / 1e6:0.0} MB, {value.BytesPerSecond / 1e6:0.0} MB/s{Left(value.TimeLeft)}",
            $"{value.File}: {value.Bytes / 1e6:0.0} of {value.TotalBytes / 1e6:0.0} MB, {value.BytesPerSecond / 1e6:0.0} MB/s{Left(value.TimeLeft)}"),
            value.TotalBytes > 0 ? value.Bytes / (double)value.TotalBytes : null);

        private static string Left(TimeSpan? time) =>
            time is { } left ? Language.Format($", quedan {Duration.Left(left)}", $", {Duration.Left(left)} left") : "";
    }
}
