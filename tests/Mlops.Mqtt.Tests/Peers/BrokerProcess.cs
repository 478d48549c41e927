using System.Globalization;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>Our broker in a process of its own, which can be killed and measured.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private readonly Child child;

    private BrokerProcess(Child child, int port)
    {
        this.child = child;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Gets the memory that it holds, in MiB.</summary>
    public double ResidentMiB => child.ResidentMiB;

    /// <param name="folder">Where it keeps its data; null for memory.</param>
    /// <param name="port">The port, or 0 for a free one.</param>
    public static async Task<BrokerProcess> StartAsync(string? folder = null, int port = 0)
    {
        string host = Path.Combine(AppContext.BaseDirectory, "BrokerHost.dll");
        string[] kept = folder is null ? [] : [folder];
        var child = Child.Start("dotnet", [host, port.ToString(CultureInfo.InvariantCulture), .. kept]);
        await Eventually.True(() => child.HasExited || child.Lines.Length > 0);
        if (child.Lines is not [var line, ..])
            throw new InvalidOperationException($"The broker did not start: {child.Errors}");
        return new BrokerProcess(child, int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    /// <summary>Kills it at once (SIGKILL).</summary>
    public ValueTask DisposeAsync() => child.DisposeAsync();
}
