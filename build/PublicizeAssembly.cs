using System;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Mono.Cecil;

/// <summary>Writes a copy of an assembly in which every type, method and field is public, for the compiler alone.</summary>
public class PublicizeAssembly : Task
{
    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    /// <summary>The assemblies that the source refers to.</summary>
    [Required]
    public ITaskItem[] References { get; set; }

    public override bool Execute()
    {
        using (var resolver = new DefaultAssemblyResolver())
        {
            foreach (string folder in References.Select(r => Path.GetDirectoryName(r.ItemSpec)).Distinct())
                resolver.AddSearchDirectory(folder);
            using (AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(Source, new ReaderParameters { AssemblyResolver = resolver }))
            {
                foreach (TypeDefinition type in assembly.MainModule.GetTypes())
                    Publicize(type);
                Write(assembly);
            }
        }
        return true;
    }

    private static void Publicize(TypeDefinition type)
    {
        if (type.IsNested) type.IsNestedPublic = true;
        else type.IsPublic = true;
        // An explicit interface implementation has no name that could be called: it stays private.
        foreach (MethodDefinition method in type.Methods.Where(m => !m.HasOverrides))
            method.IsPublic = true;
        // An event's field has the event's name: made public, the two would be ambiguous.
        foreach (FieldDefinition field in type.Fields.Where(f => type.Events.All(e => e.Name != f.Name)))
            field.IsPublic = true;
    }

    /// <summary>Projects may build at once: the file appears whole or not at all.</summary>
    private void Write(AssemblyDefinition assembly)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        string partial = Destination + "." + Guid.NewGuid().ToString("N");
        assembly.Write(partial);
        if (File.Exists(Destination)) File.Delete(partial);
        else File.Move(partial, Destination);
    }
}
