using System.Text.Json.Nodes;
using SentimentML;
using SentimentML.GpuCheck;

// One check a process, which tests/gpu/run starts with a time limit of its own. The last line of the output is the result as JSON.
if (args is ["table", var results])
{
    Console.Write(ResultTable.Of(JsonNode.Parse(await File.ReadAllTextAsync(results))!.AsArray()));
    return 0;
}
var settings = CheckSettings.Parse(args);
JsonObject result;
try
{
    result = settings.Check switch
    {
        "device" => DeviceCheck.Run(settings),
        "goldens" => GoldenCheck.Run(settings),
        "labels" => LabelCheck.Run(settings),
        "trajectory" => TrajectoryCheck.Run(settings),
        "train" => ResumeCheck.Train(settings),
        "same" => ResumeCheck.Compare(settings),
        "memory" => MemoryCheck.Run(settings),
        "rows" => ReviewRows.Write(settings),
        "recipe" => RecipeCheck.Run(settings),
        "inference" => InferenceCheck.Run(settings),
        _ => throw new SentimentMLException($"'{settings.Check}' is not a check."),
    };
}
catch (Exception e) // a check that fails is a result too
{
    Console.Error.WriteLine(e);
    result = new JsonObject { ["passed"] = false, ["error"] = e.Message };
}
result.Insert(0, "check", settings.Check);
Console.WriteLine(result.ToJsonString());
return (bool)result["passed"]! ? 0 : 1;
