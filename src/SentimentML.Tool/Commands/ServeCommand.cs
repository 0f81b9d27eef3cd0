using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SentimentML.AspNetCore.Models;
using SentimentML.Tool.Output;
using SentimentML.Tool.Serving;

namespace SentimentML.Tool.Commands;

/// <summary>Serves models over HTTP until it is interrupted.</summary>
internal sealed class ServeCommand : ToolCommand
{
    private const string KeyVariable = "SENTIMENTML_API_KEY";
    private const string Loopback = "127.0.0.1";
    private const int DefaultPort = 8080, MaxKeyFileBytes = 4096, MaxConnections = 4096;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromMinutes(2),
        StopTimeout = TimeSpan.FromSeconds(60), Grace = TimeSpan.FromSeconds(1);
    private static readonly SentimentServerOptions Defaults = new();

    private readonly Option<string[]> _models = new("--model")
    {
        Description = Language.Say(
            "Una carpeta de modelo, un zip escrito por ml.Model.Save, un id de Hugging Face o small (por defecto): el modelo listo de sentimiento en español; "
                + "NAME=M le da un nombre para los clientes. Se pueden dar varios; el primero responde a las peticiones que no nombran ninguno.",
            "A model folder, a zip that ml.Model.Save wrote, a hub id, or small (the default): the ready Spanish sentiment model; NAME=M gives it a "
                + "name for clients. Several may be given; the first answers requests that name none."),
        HelpName = "M",
    };

    private readonly Option<string> _host = Flags.Text("--host", "H", Language.Say(
        $"La dirección en la que escuchar: una dirección IP, localhost, o * para todas las de esta máquina (por defecto, {Loopback}: solo esta máquina).",
        $"The address to listen on: an IP address, localhost, or * for all of this machine's (default {Loopback}: this machine alone)."));
    private readonly Option<int?> _port = Flags.Whole("--port", Language.Say(
        $"El puerto; 0 para uno libre (por defecto, {DefaultPort}).", $"The port, 0 for a free one (default {DefaultPort})."));
    private readonly Option<string> _keyFile = Flags.Text("--api-key-file", "F", Language.Say(
        $"Un archivo con la clave que los clientes envían como «Authorization: Bearer KEY» (por defecto, la variable {KeyVariable}; si no la hay, ninguna).",
        $"A file with the key that clients bring as 'Authorization: Bearer KEY' (default: the variable {KeyVariable}, else none)."));
    private readonly Option<int?> _maxTexts = Flags.Whole("--max-texts", Language.Say(
        $"El máximo de textos de una petición (por defecto, {Defaults.MaxTextsPerRequest}).",
        $"The most texts of a request (default {Defaults.MaxTextsPerRequest})."));
    private readonly Option<int?> _maxCharacters = Flags.Whole("--max-characters", Language.Say(
        $"El máximo de caracteres de un texto (por defecto, {Defaults.MaxTextCharacters}).",
        $"The most characters of a text (default {Defaults.MaxTextCharacters})."));
    private readonly Option<int?> _maxBytes = Flags.Whole("--max-bytes", Language.Say(
        $"El máximo de bytes del cuerpo de una petición, sin contar los archivos (por defecto, {Defaults.MaxRequestBytes}).",
        $"The most bytes of a request's body, files excepted (default {Defaults.MaxRequestBytes})."));
    private readonly Option<int?> _maxWaiting = Flags.Whole("--max-waiting", Language.Say(
        $"El máximo de textos de un modelo en espera o en cálculo; a las demás peticiones se responde 429 (por defecto, {Defaults.MaxWaitingTexts}).",
        $"The most texts of a model that wait or are computed; further requests are answered 429 (default {Defaults.MaxWaitingTexts})."));
    private readonly Option<bool> _noTruncate = new("--no-truncate")
    {
        Description = Language.Say(
            "Rechaza los textos demasiado largos para el modelo, salvo que su petición diga truncate (por defecto, se cortan).",
            "Refuse texts that are too long for the model, unless their request says truncate (default: they are cut)."),
    };

    private readonly Option<bool> _modelControl = new("--model-control")
    {
        Description = Language.Say(
            "Permite a los clientes cargar los modelos dados y retirarlos de la memoria, con /v2/repository (por defecto, se rechaza).",
            "Let clients load and unload the models that were given, by /v2/repository (default: refused)."),
    };

    private readonly Option<bool> _noPage = new("--no-page")
    {
        Description = Language.Say(
            "No sirve ninguna página en / (por defecto, una en la que se clasifican textos y archivos).",
            "Serve no page at / (default: one on which people classify texts and files)."),
    };

    private readonly ModelOptions _engine = new();

    public ServeCommand()
        : base("serve", Language.Say(
            "Sirve modelos por HTTP como text-embeddings-inference, KServe V2 y vLLM, y una página para personas, hasta que se interrumpe. Muestra la "
                + "dirección cuando ya escucha.",
            "Serve models over HTTP as text-embeddings-inference, KServe V2 and vLLM do, and a page for people, until it is interrupted. Prints "
                + "the address when it listens."))
    {
        foreach (Option option in (
            Option[])[_models, _host, _port, _keyFile, _maxTexts, _maxCharacters, _maxBytes, _maxWaiting, _noTruncate, _modelControl, _noPage])
            Add(option);
        _engine.AddTo(this);
        this.Check(result =>
        {
            if (result.GetValue(_port) is < 0 or > ushort.MaxValue)
                result.AddError(Language.Say(
                    $"--port es {result.GetValue(_port)}; se esperaba de 0 a {ushort.MaxValue}.",
                    $"--port is {result.GetValue(_port)}, expected 0 to {ushort.MaxValue}."));
            foreach (Option<int?> option in (Option<int?>[])[_maxTexts, _maxCharacters, _maxBytes, _maxWaiting])
                if (result.GetValue(option) < 1)
                    result.AddError(Language.Say(
                        $"{option.Name} es {result.GetValue(option)}; se esperaba 1 o más.",
                        $"{option.Name} is {result.GetValue(option)}, expected 1 or more."));
            int texts = result.GetValue(_maxTexts) ?? Defaults.MaxTextsPerRequest, waiting = result.GetValue(_maxWaiting) ?? Defaults.MaxWaitingTexts;
            if (waiting < texts)
                result.AddError(Language.Say(
                    $"--max-waiting es {waiting}; se esperaban al menos los textos de una petición ({texts}).",
                    $"--max-waiting is {waiting}, expected at least the texts of one request ({texts})."));
            string[] names = [.. (result.GetValue(_models) ?? []).Select(model => Named(model).Name)];
            if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
                result.AddError(Language.Say(
                    $"--model da el mismo nombre a dos modelos ({string.Join(", ", names)}). Dales nombres: --model NAME=M.",
                    $"--model gives two models one name ({string.Join(", ", names)}). Name them: --model NAME=M."));
        });
    }

    public override string StopNotice => Language.Say(
        "El servidor termina lo que ya aceptó y se detiene; pulsa Ctrl+C otra vez para pararlo al momento.",
        "The server answers what it took and stops; press Ctrl+C once more to stop it at once.");

    protected override void Run(ParseResult arguments, CancellationToken cancellation) => RunAsync(arguments, cancellation).GetAwaiter().GetResult();

    private async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        (IPAddress address, string shown) = Address(arguments.GetValue(_host) ?? Loopback);
        string? key = Key(arguments.GetValue(_keyFile));
        bool isLocal = IPAddress.IsLoopback(address);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what goes wrong at the start is the command's own failure
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, InterruptedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, address, arguments.GetValue(_port) ?? DefaultPort));
        if (isLocal) // a page of another host that resolves its name to this machine cannot reach the server
            builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]", shown]);
        builder.Services.AddSentimentClassifier(options => Configure(options, arguments, key));

        WebApplication app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            if (isLocal)
                app.UseHostFiltering();
            app.UseStatusCodePages(UnroutedRequests.ExplainAsync);
            app.MapSentimentClassifier();
            if (!arguments.GetValue(_noPage))
                app.MapSentimentPage();
            await StartAsync(app, shown, cancellation).ConfigureAwait(false);
            if (!isLocal && key is null)
                await Console.Error.WriteLineAsync(Language.Format(
                    $"Quien llegue a esta máquina puede usar el servidor. Con --api-key-file o {KeyVariable} se pide una clave a los clientes.",
                    $"Everybody who reaches this machine can use the server. --api-key-file or {KeyVariable} asks clients for a key.")).ConfigureAwait(false);
            string listening = new UriBuilder(
                app.Urls.First()) { Host = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "localhost" : shown }.Uri.GetLeftPart(
                UriPartial.Authority);
            await Console.Out.WriteLineAsync(listening).ConfigureAwait(false);
            await Console.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            app.Lifetime.StopApplication(); // so that /health says it before the last request is answered
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false); // answers what was accepted
        }
    }

    private static async Task StartAsync(WebApplication app, string host, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SentimentMLException($"The server cannot listen on {host}: {e.Message} Give another --port, or another --host.", e);
        }
    }

    private static void Configure(KestrelServerOptions kestrel, IPAddress address, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(endpoint => ClosingGrace.Use(endpoint, Grace));
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = KeepAliveTimeout;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        if (address.Equals(IPAddress.IPv6Any))
            kestrel.ListenAnyIP(port);
        else
            kestrel.Listen(address, port);
    }

    private void Configure(SentimentServerOptions options, ParseResult arguments, string? key)
    {
        options.ApiKey = key;
        options.MaxTextsPerRequest = arguments.GetValue(_maxTexts) ?? options.MaxTextsPerRequest;
        options.MaxTextCharacters = arguments.GetValue(_maxCharacters) ?? options.MaxTextCharacters;
        options.MaxRequestBytes = arguments.GetValue(_maxBytes) ?? options.MaxRequestBytes;
        options.MaxWaitingTexts = arguments.GetValue(_maxWaiting) ?? options.MaxWaitingTexts;
        options.Truncate = !arguments.GetValue(_noTruncate);
        options.AllowModelControl = arguments.GetValue(_modelControl);
        (string Name, string? Path)[] models = arguments.GetValue(_models) is { Length: > 0 } given ? [.. given.Select(Named)] : [(BackboneName.Small, null)];
        foreach ((string name, string? path) in models)
        {
            options.AddModel(name, loading =>
            {
                SavedModel saved = ModelOptions.Open(path, loading);
                _engine.CheckLabels(arguments, saved);
                return _engine.Load(arguments, saved);
            });
        }
    }

    /// <summary>NAME=M, or M alone.</summary>
    private static (string Name, string? Path) Named(string model)
    {
        int equals = model.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !Path.Exists(model) ? (model[..equals], model[(equals + 1)..]) : (ModelSource.NameOf(model), model);
    }

    /// <exception cref="SentimentMLException">The host is not an address of this machine.</exception>
    private static (IPAddress Address, string Shown) Address(string host)
    {
        if (host == "*")
            return (IPAddress.IPv6Any, host);
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return (IPAddress.Loopback, "localhost");
        return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
            ? (address, address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString())
            : throw new SentimentMLException($"--host is '{host}', expected an IP address of this machine, localhost, or * for all addresses.");
    }

    private static string? Key(string? file)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } value ? Checked(value, $"The variable {KeyVariable}") : null;
        string path = Path.GetFullPath(file);
        try
        {
            if (new FileInfo(path).Length > MaxKeyFileBytes)
                throw new SentimentMLException($"{path} is larger than a key, expected a file with the key alone.");
            return Checked(File.ReadAllText(path).Trim(), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{path} cannot be read: {e.Message} A file with the key alone was expected.", e);
        }
    }

    private static string Checked(string key, string where) => key.Length > 0 && key.All(character => character is > ' ' and <= '~')
        ? key
        : throw new SentimentMLException($"{where} has no key that a header can carry, expected visible ASCII characters without spaces.");

    /// <summary>Signals are the program's own affair (<see cref="Interruption"/>).</summary>
    private sealed class InterruptedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
