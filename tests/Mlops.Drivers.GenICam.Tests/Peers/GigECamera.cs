using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>Aravis' GigE Vision camera as a process of its own on the loopback network.</summary>
/// <remarks>GigE Vision has one port for all cameras (3956), so that there can be one of them on a machine: a lock makes others wait.</remarks>
internal sealed partial class GigECamera : IAsyncDisposable
{
    private const int ControlPort = 3956;
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(8);
    private readonly FileStream _lock;
    private readonly int _lostPerThousand;
    private Process? _process;

    private GigECamera(FileStream turn, int lostPerThousand) => (_lock, _lostPerThousand) = (turn, lostPerThousand);

    public string Address { get; } = "127.0.0.1";

    /// <summary>Gets the id under which a search finds it.</summary>
    public string Id { get; } = "Aravis-Fake-GV01";

    public static async Task<GigECamera> StartAsync(int lostPerThousand = 0)
    {
        var camera = new GigECamera(await TakeTurnAsync(), lostPerThousand);

        // Somebody else may have a camera there, who does not wait his turn.
        for (long started = Stopwatch.GetTimestamp(); !IsFree() && Stopwatch.GetElapsedTime(started) < LongestTurn;)
            await Task.Delay(50);
        await camera.StartAgainAsync();
        return camera;
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("arv-fake-gv-camera-0.8") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-i", Address, "-s", "GV01", "-r", _lostPerThousand.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("The camera does not start. Install aravis-tools.");
        var said = new StringWriter();
        _process.OutputDataReceived += (_, line) => said.WriteLine(line.Data);
        _process.ErrorDataReceived += (_, line) => said.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.True(() => _process.HasExited ? throw new InvalidOperationException($"The camera ends: {said}") : !IsFree());
    }

    /// <summary>Gives it a name, as its user does with the maker's tool: writes the register for it (16 bytes at 0xe8).</summary>
    public async Task NameAsync(string name)
    {
        byte[] request = [0x42, 0x01, 0x00, 0x86, 0, 20, 0, 1, 0, 0, 0, CameraRegisters.UserName, .. new byte[16]];
        System.Text.Encoding.ASCII.GetBytes(name, request.AsSpan(12));
        using var socket = new UdpClient();
        await socket.SendAsync(request, new IPEndPoint(IPAddress.Parse(Address), ControlPort));
        (await Eventually.Within(socket.ReceiveAsync())).Buffer[3].ShouldBe((byte)0x87);
    }

    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Stops it where it is, as a pulled cable does: what it was sending is not finished, and nothing is answered.</summary>
    public void Unplug() => Signal(Stop);

    /// <summary>Lets it go on.</summary>
    public void PlugIn() => Signal(Continue);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _lock.DisposeAsync();
    }

    private static async Task<FileStream> TakeTurnAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), "mlops-gige-camera.lock");
        for (long started = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < LongestTurn)
            {
                // Another test has the port.
            }
        }
    }

    private static bool IsFree()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, ControlPort));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    private void Signal(int signal) => kill(_process!.Id, signal).ShouldBe(0);
}
