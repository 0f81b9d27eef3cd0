namespace SentimentML.AspNetCore.Requests;

/// <summary>How a fault is written.</summary>
internal enum ErrorShape
{
    /// <summary>RFC 9457 with text-embeddings-inference's members: error, a text (as KServe V2 has it too), and error_type.</summary>
    TextEmbeddingsInference,

    /// <summary>RFC 9457 with OpenAI's and vLLM's member: error, an object of message, type, param and code.</summary>
    OpenAI,
}
