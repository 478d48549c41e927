using System.Text;

namespace Mlops.Mqtt.Transport.WebSockets;

/// <summary>The start line and the headers of an HTTP/1.1 message, of which a WebSocket upgrade has nothing more.</summary>
internal sealed class HttpHead
{
    /// <summary>The most bytes that are read; browsers with many cookies stay below.</summary>
    public const int MaxSize = 16 * 1024;

    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);

    private HttpHead(string startLine, bool isFollowed)
    {
        StartLine = startLine;
        IsFollowed = isFollowed;
    }


    public string StartLine { get; }

    /// <summary>Whether more bytes came with it: neither side may send any before the other has answered.</summary>
    public bool IsFollowed { get; }

    /// <summary>The value of a header; values of a repeated one are joined by commas.</summary>
    public string? this[string name] => headers.GetValueOrDefault(name);

    /// <summary>Tells whether a header that is a list of words has the word, in any case of letters.</summary>
    public bool Has(string name, string word) =>
        this[name]?.Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>Reads up to the empty line.</summary>
    /// <exception cref="UpgradeException">It is too long or not HTTP.</exception>
    /// <exception cref="EndOfStreamException">The peer has closed.</exception>
    public static async Task<HttpHead> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var buffer = new byte[MaxSize];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancel).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("the connection was closed within the HTTP headers");
            // The end may lie across two reads.
            int from = Math.Max(0, length - 3);
            length += read;
            int end = buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Parse(Encoding.Latin1.GetString(buffer, 0, from + end), isFollowed: from + end + 4 < length);
            if (length == MaxSize)
                throw new UpgradeException(431, "Request Header Fields Too Large", $"the HTTP headers are longer than {MaxSize} bytes");
        }
    }

    private static HttpHead Parse(string text, bool isFollowed)
    {
        string[] lines = text.Split("\r\n");
        var head = new HttpHead(lines[0], isFollowed);
        foreach (string line in lines.AsSpan(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            // A name with a blank is a folded line or an attempt to smuggle one past a proxy (RFC 9112, section 5).
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAny(" \t\r\n"))
                throw new UpgradeException(400, "Bad Request", "a line of the HTTP headers is not 'name: value'");
            string name = line[..colon];
            string value = line[(colon + 1)..].Trim();
            head.headers[name] = head[name] is { } before ? $"{before},{value}" : value;
        }

        return head;
    }
}
