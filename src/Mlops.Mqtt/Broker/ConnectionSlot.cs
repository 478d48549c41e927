using System.Net;
using System.Net.Sockets;

namespace Mlops.Mqtt.Broker;

/// <summary>The place of one connection among those of a broker.</summary>
internal sealed class ConnectionSlot(Socket socket)
{
    private BrokerConnection? connection;
    private bool isEvicted;

    /// <summary>The address by which connections are counted.</summary>
    public IPAddress Address { get; } = PeerAddress.Of(socket.RemoteEndPoint);

    /// <summary>The connection, or null while TLS or a WebSocket is being opened.</summary>
    public BrokerConnection? Connection
    {
        get => Volatile.Read(ref connection);
        set => Volatile.Write(ref connection, value);
    }

    /// <summary>Whether it had to make room for another one.</summary>
    public bool IsEvicted => Volatile.Read(ref isEvicted);

    /// <summary>Whether it counts; changed under the lock of the set.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Where it stands among those that have not sent CONNECT, or null; changed under the lock of the set.</summary>
    public LinkedListNode<ConnectionSlot>? Opening { get; set; }

    /// <summary>Ends it at once: whoever reads from it finds the end.</summary>
    public void Evict()
    {
        Volatile.Write(ref isEvicted, true);
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
