using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML.Reviews;

/// <summary>What a file's first bytes say that it is.</summary>
internal enum FileKind
{
    Text,
    Empty,
    Gzip,
    Bzip2,
    Xz,
    Zstandard,
    Zip,
    Parquet,
    Excel,
    Arrow,
    Xml,
    Other,
}

/// <summary>Knows kinds of files by their first bytes.</summary>
internal static partial class FileKinds
{
    /// <summary>How many bytes <see cref="Of"/> looks at: a tar archive's mark is the last of them.</summary>
    public const int StartBytes = TarMark + 5;

    private const int TarMark = 257;

    private static readonly (FileKind Kind, byte[] Start, string Name)[] Known =
    [
        (FileKind.Gzip, [0x1F, 0x8B], "compressed with gzip"),
        (FileKind.Bzip2, "BZh"u8.ToArray(), "compressed with bzip2"),
        (FileKind.Xz, [0xFD, .. "7zXZ\0"u8], "compressed with xz"),
        (FileKind.Zstandard, [0x28, 0xB5, 0x2F, 0xFD], "compressed with Zstandard"),
        (FileKind.Zip, "PK\u0003\u0004"u8.ToArray(), "a zip archive"),
        (FileKind.Zip, "PK\u0005\u0006"u8.ToArray(), "a zip archive"),
        (FileKind.Parquet, "PAR1"u8.ToArray(), "Parquet"),
        (FileKind.Arrow, "ARROW1"u8.ToArray(), "Arrow (Feather)"),
        (FileKind.Arrow, [0xFF, 0xFF, 0xFF, 0xFF], "an Arrow stream"),
        (FileKind.Other, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old or encrypted Office file (.xls, .doc, .msg)"),
        (FileKind.Other, "%PDF-"u8.ToArray(), "a PDF document"),
        (FileKind.Other, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "compressed with 7-Zip"),
        (FileKind.Other, [0x5D, 0x00, 0x00], "compressed with LZMA (.lzma)"),
        (FileKind.Other, [0x04, 0x22, 0x4D, 0x18], "compressed with LZ4"),
        (FileKind.Other, [0x1F, 0x9D], "compressed with compress (.Z)"),
        (FileKind.Other, "Rar!"u8.ToArray(), "compressed with RAR"),
        (FileKind.Other, "ORC"u8.ToArray(), "ORC"),
        (FileKind.Other, "Obj\u0001"u8.ToArray(), "Avro"),
        (FileKind.Other, "SQLite format 3"u8.ToArray(), "an SQLite database"),
        (FileKind.Other, [0x89, .. "HDF\r\n"u8], "HDF5"),
        (FileKind.Other, [0x93, .. "NUMPY"u8], "a NumPy array"),
        (FileKind.Other, [0x80, 0x02], "a Python pickle"),
        (FileKind.Other, [0x80, 0x03], "a Python pickle"),
        (FileKind.Other, [0x80, 0x04], "a Python pickle"),
        (FileKind.Other, [0x80, 0x05], "a Python pickle"),
        (FileKind.Other, "FEA1"u8.ToArray(), "Feather of version 1 (in Python read_feather reads it, and to_feather writes version 2)"),
        (FileKind.Other, "<stata_dta>"u8.ToArray(), "a Stata file"),
        (FileKind.Other, "RDX2\n"u8.ToArray(), "an R workspace"),
        (FileKind.Other, "RDX3\n"u8.ToArray(), "an R workspace"),
        (FileKind.Other, "X\n\0\0"u8.ToArray(), "an object of R (.rds)"),
        (FileKind.Other, "$FL2"u8.ToArray(), "an SPSS file"),
        (FileKind.Other, "$FL3"u8.ToArray(), "an SPSS file"),
        (FileKind.Other, "{\\rtf"u8.ToArray(), "a document in RTF"),
        (FileKind.Other, "<!DOCTYPE html"u8.ToArray(), "a web page (HTML)"),
        (FileKind.Other, "<!doctype html"u8.ToArray(), "a web page (HTML)"),
        (FileKind.Other, "<html"u8.ToArray(), "a web page (HTML)"),
        (FileKind.Other, "#FORMAT=WebAnno"u8.ToArray(), "a WebAnno TSV of single words (INCEpTION)"),
        (FileKind.Other, "version https://git-lfs"u8.ToArray(), "a pointer of Git LFS and not the file, which 'git lfs pull' gets"),
        (FileKind.Other, "WEBVTT"u8.ToArray(), "subtitles (WebVTT)"),
        (FileKind.Other, "-- MySQL dump"u8.ToArray(), "a dump of a MySQL database in SQL"),
        (FileKind.Other, "-- MariaDB dump"u8.ToArray(), "a dump of a MariaDB database in SQL"),
        (FileKind.Other, "--\n-- PostgreSQL database dump"u8.ToArray(), "a dump of a PostgreSQL database in SQL"),
        (FileKind.Other, "# sent_id ="u8.ToArray(), "CoNLL-U, a word a line"),
        (FileKind.Other, "# newdoc"u8.ToArray(), "CoNLL-U, a word a line"),
        (FileKind.Xml, "<?xml"u8.ToArray(), "XML"),
        (FileKind.Xml, [0xEF, 0xBB, 0xBF, .. "<?xml"u8], "XML"),
    ];

    /// <summary>Texts that are known by more than their first bytes.</summary>
    private static readonly (Regex Start, string Name)[] Texts =
    [
        (SubRip(), "subtitles (SubRip)"), (Mailbox(), "a mailbox of mails (mbox)"), (Mail(), "a mail (.eml)"), (Arff(), "ARFF, as Weka writes it"),
        (Sql(), "SQL"),
    ];

    [GeneratedRegex(@"^(?:\u00EF\u00BB\u00BF)?\s*\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> ")]
    private static partial Regex SubRip();

    [GeneratedRegex(@"^From \S+ .*\d{4}\r?\n(?:[A-Z][\w-]+: |>From )")]
    private static partial Regex Mailbox();

    [GeneratedRegex(@"^(?:Received|Return-Path|Delivered-To|MIME-Version|Message-I[Dd]|From|X-[\w-]+): .*\r?\n"
        + @"(?:[ \t].*\r?\n)*[A-Z][\w-]+: .*\r?\n(?:[ \t].*\r?\n)*[A-Z][\w-]+: ")]
    private static partial Regex Mail();

    [GeneratedRegex(@"^(?:%.*\r?\n)*\s*@relation\s+\S+\s*\r?\n\s*@attribute\s", RegexOptions.IgnoreCase)]
    private static partial Regex Arff();

    [GeneratedRegex(@"^(?:(?:--|/\*).*\n|[ \t\r]*\n)*(?:CREATE TABLE|INSERT INTO|DROP TABLE|SET NAMES|PRAGMA|BEGIN TRANSACTION)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Sql();

    /// <summary>The format of files that are known by their content; null for others.</summary>
    public static ReviewFileFormat? FormatOf(FileKind kind) => kind switch
    {
        FileKind.Parquet => ReviewFileFormat.Parquet,
        FileKind.Excel => ReviewFileFormat.Excel,
        FileKind.Arrow => ReviewFileFormat.Arrow,
        _ => null,
    };

    /// <param name="start">The first <see cref="StartBytes"/> bytes, fewer if there are no more.</param>
    public static (FileKind Kind, string Name) Of(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return (FileKind.Empty, "empty");
        if (start.Length == StartBytes && start[TarMark..].SequenceEqual("ustar"u8))
            return (FileKind.Other, "a tar archive");
        foreach ((FileKind kind, byte[] known, string name) in Known)
        {
            if (start.StartsWith(known))
                return (kind, name);
        }
        string text = Encoding.Latin1.GetString(start);
        return Array.Find(Texts, kind => kind.Start.IsMatch(text)) is { Name: { } kindName } ? (FileKind.Other, kindName) : (FileKind.Text, "text");
    }
}
