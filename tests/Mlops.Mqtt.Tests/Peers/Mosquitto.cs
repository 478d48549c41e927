using System.Net;
using System.Net.Sockets;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A mosquitto broker of the test's own on a free loopback port.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string folder;
    private readonly string configuration;
    private Child? process;

    private Mosquitto(int port, string folder, string configuration)
    {
        Port = port;
        this.folder = folder;
        this.configuration = configuration;
    }

    public int Port { get; }

    public static string Publisher => "/usr/bin/mosquitto_pub";

    public static string Subscriber => "/usr/bin/mosquitto_sub";

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool Answers(int port)
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <param name="user">A user name that is required, with the password, or null for anonymous access.</param>
    /// <param name="password">The password.</param>
    /// <param name="more">Further lines of its configuration.</param>
    public static async Task<Mosquitto> StartAsync(string? user = null, string? password = null, string more = "")
    {
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
        string access = "allow_anonymous true";
        if (user is not null)
        {
            string file = Path.Combine(folder, "passwords");
            (await Child.RunAsync("/usr/bin/mosquitto_passwd", "-c", "-b", file, user, password!)).ExitCode.ShouldBe(0);
            access = $"allow_anonymous false\npassword_file {file}";
        }

        string configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"listener {port} 127.0.0.1\n{access}\nset_tcp_nodelay true\nuser {Environment.UserName}\npersistence true\npersistence_location {folder}/\n{more}\n");
        var broker = new Mosquitto(port, folder, configuration);
        await broker.RunAsync();
        return broker;
    }

    public async Task RunAsync()
    {
        process = Child.Start("/usr/sbin/mosquitto", "-c", configuration);
        await Eventually.True(() => process.HasExited || Answers(Port), "mosquitto listens");
        process.HasExited.ShouldBeFalse(process.Errors);
    }

    /// <summary>Ends the broker without giving it time to say goodbye.</summary>
    public async Task KillAsync() => await process!.DisposeAsync();

    /// <summary>Stops the broker in good order: it writes its sessions and messages to the disk.</summary>
    public async Task StopAsync() => await process!.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        await process!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
