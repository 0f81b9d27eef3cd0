namespace SentimentML;

/// <summary>How a file of reviews is laid out. Any of them may be compressed with gzip, bzip2, xz or Zstandard, or be the only file of a zip archive.</summary>
public enum ReviewFileFormat
{
    /// <summary>Separated by commas, semicolons, tabs or bars, with a header line (RFC 4180).</summary>
    Csv,

    /// <summary>Separated by tabs, with a header line.</summary>
    Tsv,

    /// <summary>JSON objects, one a line. A file with an array is read as <see cref="Json"/>.</summary>
    JsonLines,

    /// <summary>
    /// An array of JSON objects or of texts, by itself or as the only one inside an object; or an object with one of them under each id. A file with one
    /// object a line is read as <see cref="JsonLines"/>. XML is read as the JSON that says the same.
    /// </summary>
    Json,

    /// <summary>A sheet of an Excel workbook (.xlsx).</summary>
    Excel,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>One text on each line, without a header; with labels in front of it as fastText writes them ("__label__positive Muy bien").</summary>
    Lines,

    /// <summary>
    /// A folder with a text in each .txt file. Where they are in folders inside it, these folders' names are the labels (pos, neg); of a folder that is
    /// called unsup or unlabeled the labels are missing.
    /// </summary>
    Folder,

    /// <summary>Apache Arrow: a file (Feather of version 2), or a stream, as <c>save_to_disk</c> of Hugging Face writes it.</summary>
    Arrow,
}
