using System.Net;
using System.Net.Sockets;

namespace Mlops.Runtime.Workers;

/// <summary>
/// The place where a host waits for one worker: a Unix socket and the files beside it in a folder that only this account may enter; on
/// Windows, whose Python has no Unix sockets, a loopback port.
/// </summary>
internal sealed class WorkerAddress : IDisposable
{
    private readonly Socket _listener;

    public WorkerAddress()
    {
        Folder = Directory.CreateTempSubdirectory("mlops-worker-").FullName;
        if (OperatingSystem.IsWindows())
        {
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Text = _listener.LocalEndPoint!.ToString()!;
        }
        else
        {
            Text = Path.Combine(Folder, "s");
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(Text));
        }

        _listener.Listen(1);
    }

    /// <summary>Gets the folder for files that both sides map.</summary>
    public string Folder { get; }

    /// <summary>Gets the address as the worker takes it.</summary>
    public string Text { get; }

    /// <summary>Takes the one connection; nobody else finds the address afterwards.</summary>
    public async ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket socket = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        _listener.Dispose();
        if (socket.AddressFamily == AddressFamily.Unix)
            File.Delete(Text);
        else
            socket.NoDelay = true;
        return socket;
    }

    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A cleaner of temporary files was here before.
        }
    }
}
