using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>
/// A GigE Vision camera written from the standard, for what Aravis' own does not do: it has a name that its user gave it, waits for edges on a
/// line, takes single frames, sends chunks, and sends packets again. Each has a loopback address of its own, so that several can be there at once.
/// </summary>
internal sealed class HandMadeCamera : IAsyncDisposable
{
    private const int ControlPort = 3956;
    private const int FramesThatCanBeSentAgain = 8;
    private const uint SingleFrame = 1;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);
    private static int s_made;

    private readonly CameraRegisters _registers;
    private readonly Socket _control;
    private readonly Socket _search;
    private readonly Socket _stream;
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _loops;
    private readonly Lock _gate = new();
    private readonly Queue<(ushort Number, byte[][] Packets)> _sent = new();
    private readonly ConcurrentDictionary<int, int> _reads = new();
    private int _frames;
    private int _sentAgain;
    private bool _line;

    private HandMadeCamera(IPAddress address, string serial, string userName)
    {
        (Address, Serial) = (address, serial);
        _registers = new CameraRegisters(address.GetAddressBytes(), serial, userName);
        _control = Bind(address, ControlPort);
        _search = Bind(IPAddress.Broadcast, ControlPort, isShared: true);
        _stream = Bind(address, 0);
        _loops = [AnswerAsync(_control), AnswerAsync(_search), TakeAsync()];
    }

    public IPAddress Address { get; }

    public string Serial { get; }

    /// <summary>Gets or sets which packets are lost when they are sent for the first time, by the numbers of frame and packet.</summary>
    public Func<int, int, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>Gets or sets which registers keep what is written to them; the others acknowledge it and stay as they are.</summary>
    public Func<int, bool> Keeps { get; set; } = _ => true;

    /// <summary>Gets or sets the payload type of frames with chunks.</summary>
    public int PayloadType { get; set; } = HandMadeFrame.PictureWithChunks;

    /// <summary>Gets how many frames it has taken.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>Gets how many packets it has sent again.</summary>
    public int SentAgain => Volatile.Read(ref _sentAgain);

    /// <summary>Gets a value indicating whether somebody controls it.</summary>
    public bool IsTaken => this[CameraRegisters.Control] != 0;

    public uint this[int register]
    {
        get
        {
            lock (_gate)
                return _registers[register];
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="userName">The name that its user gave it.</param>
    public static HandMadeCamera Start(string userName = "")
    {
        // All of 127.0.0.0/8 is this machine; other test processes have cameras, too.
        for (int attempt = 0; ; attempt++)
        {
            int one = Interlocked.Increment(ref s_made);
            var address = new IPAddress([127, (byte)(77 + (Environment.ProcessId >> 12 & 63)), (byte)(Environment.ProcessId >> 4), (byte)((Environment.ProcessId << 4 & 0xf0) + (one % 14) + 1)]);
            try
            {
                return new HandMadeCamera(address, $"4{Environment.ProcessId:D8}{one % 100:D2}", userName);
            }
            catch (SocketException) when (attempt < 14)
            {
                // That address is taken.
            }
        }
    }

    /// <summary>Tells how often a register was read.</summary>
    public int Reads(int register) => _reads.GetValueOrDefault(register);

    /// <summary>Sets the level of the camera's line 1; an edge of the kind it waits for takes a frame.</summary>
    public void SetLine1(bool isHigh)
    {
        lock (_gate)
        {
            bool isEdge = isHigh != _line && isHigh == (_registers[CameraRegisters.TriggerActivation] == 0);
            _line = isHigh;
            if (isEdge && _registers[CameraRegisters.TriggerSource] == 1)
                Trigger();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_loops);
        foreach (Socket socket in (Socket[])[_control, _search, _stream])
            socket.Dispose();
        _end.Dispose();
    }

    private static Socket Bind(IPAddress address, int port, bool isShared = false)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (isShared)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                byte[]? answer;
                lock (_gate)
                    answer = Answer(buffer.AsSpan(0, received.ReceivedBytes));
                if (answer is not null)
                    await socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is switched off.
        }
    }

    // Header: key, flags, command, length, number of the request. What is answered has the command's number plus one.
    private byte[]? Answer(ReadOnlySpan<byte> request)
    {
        if (request.Length < 8 || request[0] != 0x42)
            return null;
        int command = BinaryPrimitives.ReadUInt16BigEndian(request[2..]);
        ReadOnlySpan<byte> body = request[8..];
        byte[]? answer = command switch
        {
            0x02 => _registers.Bytes(0, CameraRegisters.DiscoveryBytes).ToArray(),
            0x80 => Read(Address32(body), 4).ToArray(),
            0x82 => Write(Address32(body), body[4..8], 1),
            0x84 => [.. body[..4], .. Read(Address32(body), BinaryPrimitives.ReadUInt16BigEndian(body[6..]))],
            0x86 => Write(Address32(body), body[4..], body.Length - 4),
            _ => null,
        };
        if (command == 0x40)
            SendAgain(BinaryPrimitives.ReadUInt16BigEndian(body[2..]), Address32(body[4..]) & 0xffffff, Address32(body[8..]) & 0xffffff);
        if (answer is null)
            return null;
        var packet = new byte[8 + answer.Length];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(command + 1));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)answer.Length);
        request.Slice(6, 2).CopyTo(packet.AsSpan(6));
        answer.CopyTo(packet, 8);
        return packet;
    }

    private static int Address32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);

    private ReadOnlySpan<byte> Read(int address, int count)
    {
        _reads.AddOrUpdate(address, 1, static (_, reads) => reads + 1);
        if (address == CameraRegisters.PayloadSize)
            _registers.Set(address, (uint)HandMadeFrame.Size((int)_registers[CameraRegisters.Width], (int)_registers[CameraRegisters.Height], EnabledChunks));
        return _registers.Bytes(address, count);
    }

    private byte[] Write(int address, ReadOnlySpan<byte> bytes, int index)
    {
        if (Keeps(address))
            _registers.Write(address, bytes);
        if (address == CameraRegisters.TriggerSoftware && _registers[CameraRegisters.TriggerSource] == 0)
            Trigger();
        var answer = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)index);
        return answer;
    }

    private int EnabledChunks => _registers[CameraRegisters.ChunkMode] == 0 ? -1
        : Enumerable.Range(0, 4).Where(i => _registers[CameraRegisters.ChunkEnable + (4 * i)] != 0).Sum(i => 1 << i);

    private bool IsAcquiring => _registers[CameraRegisters.Acquisition] != 0 && _registers[CameraRegisters.Control] != 0;

    private async Task TakeAsync()
    {
        using var pace = new PeriodicTimer(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(_end.Token))
            {
                lock (_gate)
                {
                    if (IsAcquiring && _registers[CameraRegisters.TriggerMode] == 0)
                        Take();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is switched off.
        }
    }

    // Caller has the gate.
    private void Trigger()
    {
        if (IsAcquiring && _registers[CameraRegisters.TriggerMode] != 0)
            Take();
    }

    private void Take()
    {
        int taken = Interlocked.Increment(ref _frames);

        // Numbers have 16 bits, and 0 is none.
        var number = (ushort)(((taken - 1) % ushort.MaxValue) + 1);
        var frame = new HandMadeFrame(number, (int)_registers[CameraRegisters.Width], (int)_registers[CameraRegisters.Height], EnabledChunks, PayloadType);
        byte[][] packets = frame.Packets((int)(_registers[CameraRegisters.PacketSize] & 0xffff));
        _sent.Enqueue((number, packets));
        while (_sent.Count > FramesThatCanBeSentAgain)
            _sent.Dequeue();
        for (int i = 0; i < packets.Length; i++)
        {
            if (!Loses(number, i))
                Send(packets[i]);
        }

        if (_registers[CameraRegisters.AcquisitionMode] == SingleFrame)
            _registers.Set(CameraRegisters.Acquisition, 0);
    }

    private void SendAgain(ushort number, int first, int last)
    {
        foreach ((ushort Number, byte[][] Packets) frame in _sent.Where(f => f.Number == number))
        {
            for (int i = first; i <= last && i < frame.Packets.Length; i++)
            {
                Interlocked.Increment(ref _sentAgain);
                Send(frame.Packets[i]);
            }
        }
    }

    private void Send(byte[] packet)
    {
        var target = new IPEndPoint(new IPAddress(_registers.Bytes(CameraRegisters.StreamAddress, 4)), (int)(_registers[CameraRegisters.StreamPort] & 0xffff));
        if (target.Port != 0)
            _stream.SendTo(packet, target);
    }
}
