using System.Globalization;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>Our broker in a process of its own, which can be killed, started again and measured.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private readonly string? folder;
    private Child child;

    private BrokerProcess(Child child, int port, string? folder) => (this.child, Port, this.folder) = (child, port, folder);

    public int Port { get; }

    /// <summary>Gets the memory that it holds, in MiB.</summary>
    public double ResidentMiB => child.ResidentMiB;

    /// <param name="folder">Where it keeps its data; null for memory.</param>
    public static async Task<BrokerProcess> StartAsync(string? folder = null)
    {
        var (child, port) = await RunAsync(folder, 0);
        return new BrokerProcess(child, port, folder);
    }

    /// <summary>Kills it at once (SIGKILL) and starts it again on the same port, with what it has left in its folder.</summary>
    public async Task KillAndStartAsync()
    {
        await child.DisposeAsync();
        (child, _) = await RunAsync(folder, Port);
    }

    /// <summary>Kills it at once (SIGKILL).</summary>
    public ValueTask DisposeAsync() => child.DisposeAsync();

    private static async Task<(Child Child, int Port)> RunAsync(string? folder, int port)
    {
        string host = Path.Combine(AppContext.BaseDirectory, "BrokerHost.dll");
        string[] kept = folder is null ? [] : [folder];
        var child = Child.Start("dotnet", [host, port.ToString(CultureInfo.InvariantCulture), .. kept]);
        await Eventually.True(() => child.HasExited || child.Lines.Length > 0);
        if (child.Lines is not [var line, ..])
            throw new InvalidOperationException($"The broker did not start: {child.Errors}");
        return (child, int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }
}
