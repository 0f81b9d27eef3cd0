using Microsoft.ML;
using SentimentML;
using SentimentML.Labels;
using SentimentML.Persistence;

// What ml.Model.Load finds in a process that only refers to this library: the model file names the assembly and the loader.
[assembly: LoadableClass(typeof(StarsToSentimentTransformer), null, typeof(SignatureLoadModel),
    "Stars to sentiment", StarsToSentimentTransformer.Loader)]

[assembly: LoadableClass(typeof(SentimentClassificationTransformer), null, typeof(SignatureLoadModel),
    "RoBERTa text classification", TransformerFormat.Loader)]
