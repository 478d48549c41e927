using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Mlops.Drivers.GenICam.GigE;

/// <summary>
/// Looks for GigE Vision cameras itself (GVCP, DISCOVERY_CMD): Aravis holds its process-wide state for seconds when it looks for a camera that is
/// not there, and all other cameras of the process would wait. Thread-safe; blocks.
/// </summary>
internal static class GigESearch
{
    private const int ControlPort = 3956;
    private const ushort Request = 0xffff;
    private const int LongestPacket = 2048;
    private static readonly byte[] s_question = [0x42, 0x01, 0x00, 0x02, 0x00, 0x00, Request >> 8, Request & 0xff];

    // A camera may take its time; a packet may be lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks all cameras of the networks of this computer, and one more by its address, until one is found or a second is over.</summary>
    /// <param name="address">Who is asked besides; <see langword="null"/> for nobody.</param>
    /// <param name="isWanted">Tells whether a camera is the one that is looked for.</param>
    /// <returns>Those that answered; when one was found it is the last.</returns>
    public static IReadOnlyList<GigEAnswer> Run(IPAddress? address, Func<GigEAnswer, bool> isWanted)
    {
        var found = new List<GigEAnswer>();
        List<(Socket Socket, IPAddress[] Targets)> ways = Open();

        // The system knows the way to an address.
        Socket? direct = address is null ? null : TryBind(IPAddress.Any);
        if (direct is not null)
            ways.Add((direct, [address!]));
        try
        {
            long began = Stopwatch.GetTimestamp();
            TimeSpan next = TimeSpan.Zero;
            var buffer = new byte[LongestPacket];
            while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < Patience)
            {
                if (elapsed >= next)
                {
                    foreach ((Socket socket, IPAddress[] targets) in ways)
                        Ask(socket, targets);
                    next = elapsed + Interval;
                }

                Socket[] all = [.. ways.Select(w => w.Socket)];
                var ready = new List<Socket>(all);
                Socket.Select(ready, null, null, (next < Patience ? next : Patience) - elapsed);
                foreach (Socket socket in ready)
                {
                    if (Receive(socket, buffer, socket == direct ? address : null) is not { } answer || found.Contains(answer))
                        continue;
                    found.Add(answer);
                    if (isWanted(answer))
                        return found;
                }
            }

            return found;
        }
        finally
        {
            foreach ((Socket socket, _) in ways)
                socket.Dispose();
        }
    }

    private static List<(Socket Socket, IPAddress[] Targets)> Open()
    {
        var ways = new List<(Socket, IPAddress[])>();
        foreach (UnicastIPAddressInformation own in NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus != OperationalStatus.Down)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork))
        {
            if (TryBind(own.Address) is { } socket)
                ways.Add((socket, [IPAddress.Broadcast, BroadcastOf(own)]));
        }

        return ways;
    }

    private static Socket? TryBind(IPAddress own)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            socket.EnableBroadcast = true;
            socket.Bind(new IPEndPoint(own, 0));
            return socket;
        }
        catch (SocketException)
        {
            // The address has gone in this moment.
            socket.Dispose();
            return null;
        }
    }

    // To all of the network, by the first of two ways that the system knows.
    private static void Ask(Socket socket, IPAddress[] targets)
    {
        foreach (IPAddress target in targets)
        {
            try
            {
                socket.SendTo(s_question, new IPEndPoint(target, ControlPort));
                return;
            }
            catch (SocketException)
            {
                // No way leads there now.
            }
        }
    }

    private static GigEAnswer? Receive(Socket socket, byte[] buffer, IPAddress? asked)
    {
        try
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            GigEAnswer? answer = GigEAnswer.TryRead(buffer.AsSpan(0, socket.ReceiveFrom(buffer, ref from)), Request);

            // Under which address it can be reached is not always what it knows of itself.
            return answer is not null && asked is not null ? answer with { Address = asked } : answer;
        }
        catch (SocketException)
        {
            // Somebody refused what was sent before.
            return null;
        }
    }

    private static IPAddress BroadcastOf(UnicastIPAddressInformation own)
    {
        byte[] address = own.Address.GetAddressBytes();
        byte[] mask = own.IPv4Mask.GetAddressBytes();
        return new IPAddress([.. address.Zip(mask, static (a, m) => (byte)(a | ~m))]);
    }
}
