using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>
/// Puts a network's parts under the names that checkpoints give them, whose dots lead into parts of parts. So the names of a
/// network's parameters are those of its checkpoints, whatever the architecture calls them.
/// </summary>
internal static class PartTree
{
    /// <param name="owner">What the name is relative to.</param>
    /// <param name="name">Such as "attention.self.query".</param>
    /// <param name="part">The part.</param>
    /// <returns>The part.</returns>
    public static T Add<T>(this Module owner, string name, T part)
        where T : Module
    {
        (Module group, string last) = Place(owner, name);
        group.register_module(last, part);
        return part;
    }

    /// <inheritdoc cref="Add{T}(Module, string, T)"/>
    public static Parameter Add(this Module owner, string name, Parameter parameter)
    {
        (Module group, string last) = Place(owner, name);
        group.register_parameter(last, parameter);
        return parameter;
    }

    private static (Module Group, string Last) Place(Module owner, string name)
    {
        string[] path = name.Split('.');
        return (path[..^1].Aggregate(owner, Child), path[^1]);
    }

    private static Module Child(Module owner, string name)
    {
        foreach ((string childName, Module child) in owner.named_children())
            if (childName == name)
                return child;
        var group = new PartGroup();
        owner.register_module(name, group);
        return group;
    }

    /// <summary>A name without a part of its own.</summary>
    private sealed class PartGroup() : Module(nameof(PartGroup));
}
