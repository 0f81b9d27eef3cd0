using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Backbones.Hub;
using SentimentML.Files;
using SentimentML.Torch;
using TorchSharp;

namespace SentimentML.Tool.Machine;

/// <summary>Versions, device, threads, processor and cache folders.</summary>
internal static class MachineFacts
{
    public static JsonObject Collect(TorchDevice device)
    {
        HubSettings hub = HubSettings.FromEnvironment();
        return new JsonObject
        {
            ["sentimentml"] = VersionOf(typeof(SentimentClassifier).Assembly),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["mlnet"] = VersionOf(typeof(MLContext).Assembly),
            ["torchsharp"] = VersionOf(typeof(torch).Assembly),
            ["libtorch"] = torch.__version__,
            ["system"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
            ["device"] = device.Resolve().ToString(),
            ["cuda_devices"] = torch.cuda.is_available() ? torch.cuda.device_count() : 0,
            ["threads"] = torch.get_num_threads(),
            ["processors"] = Environment.ProcessorCount,
            ["cpu_features"] = new JsonArray([.. CpuFeatures.Names().Select(name => (JsonNode)name)]),
            ["hub"] = hub.Endpoint.ToString(),
            ["hub_offline"] = hub.Offline,
            ["hub_cache"] = hub.CacheFolder,
            ["native_cache"] = CacheFolder.Open(LibTorchSharp.CachePart),
        };
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version!.ToString();
}
