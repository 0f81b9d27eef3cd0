using System.Text.RegularExpressions;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>What is read of a folder: texts, or its only file of reviews, or the files of one table in their order.</summary>
/// <param name="Texts">The texts; null if files are read.</param>
/// <param name="Files">The files of reviews.</param>
internal sealed partial record FolderContent(TextFolder? Texts, IReadOnlyList<string> Files)
{
    /// <summary>All that is read.</summary>
    public IEnumerable<string> All => Texts?.Files.Select(text => text.Path) ?? Files;

    /// <param name="path">The folder.</param>
    /// <param name="onlyTexts">Whether files of reviews do not count.</param>
    /// <exception cref="SentimentMLException">It is not clear which of its files are meant.</exception>
    public static FolderContent Of(string path, bool onlyTexts = false)
    {
        TextFolder? texts = TextFolder.Find(path);
        IReadOnlyList<string> files = onlyTexts || texts is { HasSeveralLabels: true } ? [] : DataFiles.In(path);
        if (files.Count == 0)
            return new FolderContent(texts, files);
        IEnumerable<TextFolder> corpora = texts is not null ? [texts] : TextFolder.FoundIn(path).Select(folder => TextFolder.Find(folder)!);
        string[] beside = [.. corpora.SelectMany(corpus => corpus.Files).Select(text => text.Path).Where(text => !DataFiles.IsNote(Path.GetFileName(text)))];
        if (beside.Length > 0)
            throw new SentimentMLException($"{path} is a folder with texts ({Named(path, beside)}) and files of reviews ({Named(path, files)}), expected one "
                + "or the other. Give the file, or move the files to another folder.");
        if (files.Count == 1)
            return new FolderContent(null, files);
        return PartsIn(files) is { } parts
            ? new FolderContent(null, parts)
            : throw new SentimentMLException($"{path} is a folder with {files.Count} files of reviews ({Named(path, files)}), expected one, or the parts of "
                + "one table, with names that differ in one number alone. Give one of them, or a folder that has the parts of one table alone.");
    }

    /// <summary>The first few files of a folder, for a message.</summary>
    public static string Named(string folder, IEnumerable<string> files)
    {
        string[] first = [.. files.Take(4).Select(file => Quoted.Name(Path.GetRelativePath(folder, file)))];
        return string.Join(", ", first.Take(3)) + (first.Length > 3 ? ", …" : "");
    }

    /// <summary>The files in the order of the only number in which their names differ, as parts of a table are numbered; null if they are none.</summary>
    private static string[]? PartsIn(IReadOnlyList<string> files)
    {
        string[][] names = [.. files.Select(file => Numbers().Split(Path.GetFileName(file)))]; // words and numbers in turn
        if (files.Select(Path.GetDirectoryName).Distinct().Count() > 1 || names.Any(name => name.Length != names[0].Length))
            return null;
        int[] differing = [.. Enumerable.Range(0, names[0].Length).Where(place => names.Any(name => name[place] != names[0][place]))];
        return differing is [var number] && int.IsOddInteger(number)
            ? [.. files.Zip(names, (file, name) => (File: file, Number: name[number].TrimStart('0')))
                .OrderBy(part => part.Number.Length).ThenBy(part => part.Number, StringComparer.Ordinal).Select(part => part.File)]
            : null;
    }

    [GeneratedRegex("([0-9]+)")]
    private static partial Regex Numbers();
}
