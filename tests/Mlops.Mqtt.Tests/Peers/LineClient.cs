using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A client of another make in a process of its own: it obeys lines on its input and writes what happens, a line each.</summary>
internal sealed class LineClient : IAsyncDisposable
{
    private readonly Child process;

    private LineClient(Child process) => this.process = process;

    /// <summary>Gets the messages that came: topic, quality, retain, size and hash.</summary>
    public string[] Messages => [.. process.Lines.Where(line => line.StartsWith("message ", StringComparison.Ordinal)).Select(line => line["message ".Length..])];

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../peers"));

    public static byte[] Payload(int size, int first)
    {
        var payload = new byte[size];
        for (int i = 0; i < size; i++)
            payload[i] = (byte)(first + (i * 7));
        return payload;
    }

    /// <summary>Says how a message looks among <see cref="Messages"/>.</summary>
    public static string Seen(string topic, int quality, bool retain, byte[] payload) =>
        $"{topic} {quality} {(retain ? 1 : 0)} {payload.Length} {Convert.ToHexStringLower(SHA256.HashData(payload))}";

    /// <param name="make"><c>mqtt.js</c> or <c>paho</c>.</param>
    /// <param name="url">Where to connect to.</param>
    /// <param name="version">4 or 5.</param>
    /// <param name="clientId">Its name.</param>
    /// <param name="keep">Whether the session is kept.</param>
    /// <param name="authority">A file with the authority to trust, or null.</param>
    /// <param name="will">The topic of its will, or null.</param>
    /// <param name="resumes">Whether a session is expected to be there.</param>
    /// <param name="receiveMaximum">How many messages it takes before it acknowledges the first, or 0 for what it does by itself.</param>
    /// <param name="aliases">Whether it uses topic aliases both ways; <c>mqtt.js</c> only.</param>
    /// <param name="secret">What it answers when the broker challenges it by the method CHALLENGE, or null; <c>mqtt.js</c> only.</param>
    public static async Task<LineClient> ConnectAsync(
        string make, string url, int version, string clientId, bool keep = false, string? authority = null, string? will = null, bool resumes = false, int receiveMaximum = 0, bool aliases = false, string? secret = null)
    {
        string settings = JsonSerializer.Serialize(new { url, version, clientId, keep, authority, will, receiveMaximum, aliases, secret });
        if (make == "mqtt.js")
            Directory.Exists(Path.Combine(Folder, "node_modules")).ShouldBeTrue("tests/peers has no node_modules: run 'npm ci' there, or ./test, which does");
        var process = make == "mqtt.js"
            ? Child.Start("node", Path.Combine(Folder, "mqttjs.cjs"), settings)
            : Child.Start("/usr/bin/python3", Path.Combine(Folder, "paho_client.py"), settings);
        var client = new LineClient(process);
        await client.WaitForAsync($"connected {(resumes ? 1 : 0)}", 1);
        return client;
    }

    public async Task SubscribeAsync(string filter, int quality)
    {
        int before = process.Lines.Count(IsSubscribed);
        process.WriteLine($"subscribe {filter} {quality}");
        await WaitForAsync("subscribed ", before + 1);
        process.Lines.Last(IsSubscribed).ShouldBe($"subscribed {quality}");
    }

    public async Task PublishAsync(string topic, int quality, bool retain, int size, int first)
    {
        int before = process.Lines.Count(line => line.StartsWith("published ", StringComparison.Ordinal));
        process.WriteLine($"publish {topic} {quality} {(retain ? 1 : 0)} {size} {first}");
        await WaitForAsync("published done", before + 1);
    }

    public async Task LeaveAsync()
    {
        process.WriteLine("leave");
        await Eventually.True(() => process.HasExited, "the client has left");
    }

    /// <summary>Ends it without a goodbye.</summary>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static bool IsSubscribed(string line) => line.StartsWith("subscribed ", StringComparison.Ordinal);

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private Task WaitForAsync(string start, int count) => Eventually.True(
        () =>
        {
            process.HasExited.ShouldBeFalse(process.Errors);
            process.Lines.ShouldAllBe(line => !line.StartsWith("error ", StringComparison.Ordinal));
            return process.Lines.Count(line => line.StartsWith(start, StringComparison.Ordinal)) >= count;
        },
        $"the client has written {start} for the {count}. time; it wrote {string.Join(" | ", process.Lines)} {process.Errors}");
}
