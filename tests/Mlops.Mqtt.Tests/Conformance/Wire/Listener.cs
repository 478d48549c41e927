using System.Net;
using System.Net.Sockets;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>A broker that does nothing by itself.</summary>
internal sealed class Listener : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public Listener() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Accepts a connection, reads CONNECT and accepts the client.</summary>
    /// <param name="version">4 or 5.</param>
    /// <param name="present">Whether there is a session.</param>
    /// <param name="properties">Those of CONNACK, of version 5 only.</param>
    public async Task<(Peer Peer, byte[] Connect)> AcceptAsync(int version, bool present = false, byte[]? properties = null)
    {
        var (peer, connect) = await ReadConnectAsync(version);
        byte[] more = version == 5 ? [.. Packets.Variable(properties?.Length ?? 0), .. properties ?? []] : [];
        await peer.SendAsync(Packets.Packet(0x20, [(byte)(present ? 1 : 0), 0, .. more]));
        return (peer, connect);
    }

    /// <summary>Accepts a connection, reads CONNECT and answers what is given.</summary>
    public async Task<Peer> AnswerAsync(int version, byte[] answer)
    {
        var (peer, _) = await ReadConnectAsync(version);
        await peer.SendAsync(answer);
        return peer;
    }

    /// <summary>Accepts a connection and reads CONNECT.</summary>
    public async Task<(Peer Peer, byte[] Connect)> ReadConnectAsync(int version)
    {
        var peer = new Peer(await Eventually.Within(listener.AcceptTcpClientAsync()), version);
        var (first, connect) = await peer.ReadAsync();
        first.ShouldBe((byte)0x10);
        return (peer, connect);
    }

    public void Dispose() => listener.Dispose();
}
