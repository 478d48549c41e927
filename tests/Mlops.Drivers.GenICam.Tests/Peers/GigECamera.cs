using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>Aravis' GigE Vision camera as a process of its own, on an address of the loopback network that nobody else uses.</summary>
internal sealed class GigECamera : IAsyncDisposable
{
    private const int ControlPort = 3956;
    private static int _addresses = Environment.ProcessId % 200;
    private readonly int _lostPerThousand;
    private Process? _process;

    private GigECamera(string address, int lostPerThousand) => (Address, _lostPerThousand) = (address, lostPerThousand);

    public string Address { get; }

    public static async Task<GigECamera> StartAsync(int lostPerThousand = 0)
    {
        var camera = new GigECamera(FreeAddress(), lostPerThousand);
        await camera.StartAgainAsync();
        return camera;
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("arv-fake-gv-camera-0.8") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-i", Address, "-s", "GV01", "-r", _lostPerThousand.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("The camera does not start. Install aravis-tools.");
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.True(() => !IsFree(Address));
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

    public async ValueTask DisposeAsync() => await KillAsync();

    private static string FreeAddress()
    {
        while (true)
        {
            int number = Interlocked.Increment(ref _addresses);
            string address = $"127.0.{1 + (number / 250 % 250)}.{1 + (number % 250)}";
            if (IsFree(address))
                return address;
        }
    }

    private static bool IsFree(string address)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), ControlPort));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
