using System.Net;
using System.Net.Sockets;

namespace Mlops.Mqtt.Broker;

/// <summary>The address by which what a peer may do is bounded.</summary>
internal static class PeerAddress
{
    /// <summary>Gives the address; of an IPv6 one the network, as its owner has all addresses in it.</summary>
    public static IPAddress Of(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
