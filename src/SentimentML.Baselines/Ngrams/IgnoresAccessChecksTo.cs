using System.Runtime.CompilerServices;

// The attribute is the library's own (MLNetInternals); it holds for the assembly that carries it.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
