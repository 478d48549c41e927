using System.Globalization;
using System.Net.Http.Headers;
using Mlops.Benchmarks.Harness;
using Mlops.Client;

namespace Mlops.Benchmarks.Web;

/// <summary>The sample host as it is given to users, in a process of its own.</summary>
internal sealed class EdgeHostPeer : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private EdgeHostPeer(Peer process, Uri address)
    {
        Process = process;
        Address = address;
        Http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        Http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        Client = new MlopsClient(new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan });
    }

    public Peer Process { get; }

    public Uri Address { get; }

    /// <summary>Gets connections that take compressed answers as they come.</summary>
    public HttpClient Http { get; }

    public MlopsClient Client { get; }

    public static async Task<EdgeHostPeer> StartAsync(string data, CancellationToken stop)
    {
        Peer process = Peer.StartServer(
            "EdgeHost", "dotnet", Program(), $"--Mlops:DataFolder={data}", "--Mlops:Mqtt:Port=0", "--Mlops:Web:MaxUpload=8192 MB", "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information");
        while (true)
        {
            string line = await process.ReadLineAsync(s_patience, stop);
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0)
                return new EdgeHostPeer(process, new Uri(line[(at + Listening.Length)..].Trim() + "/"));
        }
    }

    public async Task<string> MqttPortAsync() => (await Client.Node.GetStatusAsync()).Mqtt!.Port.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Client.Dispose();
        await Process.DisposeAsync();
    }

    // Built with this program, in the same configuration.
    private static string Program()
    {
        string here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string framework = Path.GetFileName(here), configuration = Path.GetFileName(Path.GetDirectoryName(here)!);
        for (DirectoryInfo? above = new(here); above is not null; above = above.Parent)
        {
            string program = Path.Combine(above.FullName, "samples/EdgeHost/bin", configuration, framework, "EdgeHost.dll");
            if (File.Exists(program))
                return program;
        }

        throw new InvalidOperationException($"samples/EdgeHost was not found built as {configuration} above {here}. Run the benchmarks from a checkout.");
    }
}
