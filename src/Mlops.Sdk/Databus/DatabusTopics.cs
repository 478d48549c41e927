namespace Mlops.Databus;

/// <summary>The topics of the Common Databus Payload Format, version 1, JSON.</summary>
/// <remarks>Read and write topics of others are taken from their metadata and never built; the builders below are for our own app.</remarks>
internal static class DatabusTopics
{
    /// <summary>Every topic of the databus begins like this.</summary>
    public const string Prefix = "ie/";

    /// <summary>Every metadata topic begins like this.</summary>
    public const string MetadataPrefix = "ie/m/";

    /// <summary>Metadata of every app.</summary>
    public const string AllMetadata = "ie/m/j/simatic/v1/+/dp";

    /// <summary>Values of every app.</summary>
    public const string AllRead = "ie/d/j/simatic/v1/+/dp/r/#";

    /// <summary>Status of every app.</summary>
    public const string AllStatus = "ie/s/j/simatic/v1/+/status";

    /// <summary>Answers of every app to values that were written.</summary>
    public const string AllWriteAnswers = "ie/d/j/simatic/v1/+/dp/wr/resp/#";

    /// <summary>Asks apps to publish everything now.</summary>
    public const string UpdateRequest = "ie/c/j/simatic/v1/updaterequest";

    private const string DataPrefix = "ie/d/j/simatic/v1/";
    private const int AppLevel = 5;

    /// <summary>Gets the payload of an <see cref="UpdateRequest"/> for everything.</summary>
    public static ReadOnlyMemory<byte> UpdateEverything { get; } = "{\"Path\":\"\"}"u8.ToArray();

    public static string Metadata(string app) => $"ie/m/j/simatic/v1/{app}/dp";

    public static string Status(string app) => $"ie/s/j/simatic/v1/{app}/status";

    public static string Read(string app, string connection, string collection) => $"ie/d/j/simatic/v1/{app}/dp/r/{connection}/{collection}";

    public static string Write(string app, string connection, string collection) => $"ie/d/j/simatic/v1/{app}/dp/w/{connection}/{collection}";

    /// <summary>Everything that others write to one of our apps.</summary>
    public static string AllWrites(string app) => $"ie/d/j/simatic/v1/{app}/dp/w/#";

    /// <summary>Tells which app a metadata, value or status topic belongs to.</summary>
    /// <returns>The app's name; empty when the topic is too short.</returns>
    public static ReadOnlySpan<char> AppOf(ReadOnlySpan<char> topic)
    {
        for (int level = 0; level < AppLevel; level++)
        {
            int slash = topic.IndexOf('/');
            if (slash < 0)
                return default;
            topic = topic[(slash + 1)..];
        }

        int end = topic.IndexOf('/');
        return end < 0 ? topic : topic[..end];
    }

    /// <summary>Names whose message it is, for the counts of dead letters.</summary>
    public static string SourceOf(string topic) => $"databus/{AppOf(topic)}";

    /// <summary>Tells whether <see cref="AllRead"/> brings the messages of a topic.</summary>
    public static bool IsStandardRead(string topic)
    {
        ReadOnlySpan<char> app = AppOf(topic);
        return !app.IsEmpty && topic.StartsWith(DataPrefix, StringComparison.Ordinal)
            && topic.AsSpan(DataPrefix.Length + app.Length).StartsWith("/dp/r/", StringComparison.Ordinal);
    }
}
