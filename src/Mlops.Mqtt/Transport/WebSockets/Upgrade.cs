using System.Security.Cryptography;
using System.Text;

namespace Mlops.Mqtt.Transport.WebSockets;

/// <summary>The HTTP exchange that turns a connection into a WebSocket (RFC 6455, section 4), from both sides.</summary>
internal static class Upgrade
{
    /// <summary>The name of MQTT among the protocols of WebSocket; both sides must name it (MQTT 5, section 6).</summary>
    public const string SubProtocol = "mqtt";

    private const string Version = "13";
    private const int KeySize = 16;

    /// <summary>Reads the request of a client and answers it.</summary>
    /// <exception cref="UpgradeException">The request was refused, and the client told why.</exception>
    public static async Task AcceptAsync(Stream stream, MqttWebSocketListenerOptions options, CancellationToken cancel)
    {
        try
        {
            var request = await HttpHead.ReadAsync(stream, cancel).ConfigureAwait(false);
            string key = Check(request, options);
            await WriteAsync(
                stream,
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {AnswerTo(key)}\r\nSec-WebSocket-Protocol: {SubProtocol}\r\n\r\n",
                cancel).ConfigureAwait(false);
        }
        catch (UpgradeException refused)
        {
            string version = refused.Status == 426 ? $"Sec-WebSocket-Version: {Version}\r\nUpgrade: websocket\r\n" : "";
            await WriteAsync(
                stream,
                $"HTTP/1.1 {refused.Status} {refused.Phrase}\r\n{version}Connection: close\r\nContent-Type: text/plain\r\nContent-Length: {Encoding.UTF8.GetByteCount(refused.Message)}\r\n\r\n{refused.Message}",
                cancel).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks a server for a WebSocket and checks its answer.</summary>
    /// <exception cref="UpgradeException">The server does not open one.</exception>
    public static async Task RequestAsync(Stream stream, string authority, MqttClientWebSocketOptions options, CancellationToken cancel)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize));
        var request = new StringBuilder()
            .Append($"GET {options.Path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            .Append($"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {Version}\r\nSec-WebSocket-Protocol: {SubProtocol}\r\n");
        foreach (var (name, value) in options.Headers)
            request.Append($"{name}: {value}\r\n");
        await WriteAsync(stream, request.Append("\r\n").ToString(), cancel).ConfigureAwait(false);

        var answer = await HttpHead.ReadAsync(stream, cancel).ConfigureAwait(false);
        if (!answer.StartLine.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new UpgradeException(0, "", $"the server answered '{answer.StartLine}' to the request for a WebSocket at '{options.Path.Split('?')[0]}'. Check WebSocket.Path");
        if (answer.IsFollowed || !answer.Has("Upgrade", "websocket") || !answer.Has("Connection", "Upgrade") || answer["Sec-WebSocket-Accept"] != AnswerTo(key))
            throw new UpgradeException(0, "", "the server's answer does not open a WebSocket (RFC 6455, section 4.1)");
        if (answer["Sec-WebSocket-Protocol"] != SubProtocol)
            throw new UpgradeException(0, "", $"the server opens a WebSocket but does not speak '{SubProtocol}' on it. Check WebSocket.Path");
    }

    /// <summary>Checks a request and gives its key.</summary>
    private static string Check(HttpHead request, MqttWebSocketListenerOptions options)
    {
        if (request.IsFollowed)
            throw new UpgradeException(400, "Bad Request", "bytes came behind the HTTP headers, before the answer");
        if (request.StartLine.Split(' ') is not ["GET", var target, "HTTP/1.1"])
            throw new UpgradeException(400, "Bad Request", "the request is not 'GET PATH HTTP/1.1'");
        // What stands behind the question mark may be a token.
        string path = target.Split('?')[0];
        if (path != options.Path)
            throw new UpgradeException(404, "Not Found", $"MQTT is found at '{options.Path}', not at '{Printable(path)}'");
        if (!request.Has("Upgrade", "websocket") || !request.Has("Connection", "Upgrade") || request["Host"] is not { } host)
            throw new UpgradeException(400, "Bad Request", "the request does not ask for a WebSocket");
        if (request["Sec-WebSocket-Version"] != Version)
            throw new UpgradeException(426, "Upgrade Required", $"only version {Version} of WebSocket is spoken");
        if (!request.Has("Sec-WebSocket-Protocol", SubProtocol))
            throw new UpgradeException(400, "Bad Request", $"the request does not offer the protocol '{SubProtocol}'");
        if (request["Origin"] is { } origin && !Origins.Allow(origin, host, options.AllowedOrigins))
            throw new UpgradeException(403, "Forbidden", $"pages from '{Printable(origin)}' may not connect. Add the origin to AllowedOrigins if it may");
        string key = request["Sec-WebSocket-Key"] ?? "";
        Span<byte> decoded = stackalloc byte[KeySize + 3];
        if (!Convert.TryFromBase64String(key, decoded, out int size) || size != KeySize)
            throw new UpgradeException(400, "Bad Request", "the request has no Sec-WebSocket-Key of 16 bytes");
        return key;
    }

    // SHA-1 is what RFC 6455 asks for: it proves that the answer belongs to the request, and protects nothing.
#pragma warning disable CA5350
    private static string AnswerTo(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancel) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);

    private static string Printable(string text) => string.Concat(text.Take(100).Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
}
