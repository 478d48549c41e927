using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Drivers.OpcUa.Driver;

namespace Mlops.Drivers.OpcUa.PublishedNodes;

/// <summary>Reads files of published nodes, the configuration of OPC Publisher, as settings of assets.</summary>
public static class PublishedNodesFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>See <see cref="Parse"/>.</returns>
    /// <exception cref="FormatException">The file is none of published nodes, or wants what cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<OpcUaSettings> Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <returns>Settings for each server, with a group for each set of nodes that are read alike; a server appears once for each security and user.</returns>
    /// <exception cref="FormatException">The text is none of published nodes, or wants what cannot be read; the message names the node.</exception>
    public static IReadOnlyList<OpcUaSettings> Parse(string json)
    {
        List<PublishedEntry>? entries;
        try
        {
            entries = JsonSerializer.Deserialize<List<PublishedEntry>>(json, Json);
        }
        catch (JsonException error)
        {
            throw new FormatException($"It is no list of published nodes: {error.Message}", error);
        }

        var servers = new List<OpcUaSettings>();
        foreach (IGrouping<object, PublishedEntry> server in (entries ?? []).GroupBy(PublishedServer.KeyOf))
            servers.Add(PublishedServer.Convert([.. server]));
        return servers;
    }

    /// <summary>Tells whether settings are those of a server at an endpoint, however it is spelt.</summary>
    internal static bool IsAt(this OpcUaSettings settings, string endpoint) =>
        Uri.TryCreate(settings.Endpoint, UriKind.Absolute, out Uri? own) && Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? wanted) && own == wanted;
}
