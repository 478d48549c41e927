using System.Globalization;
using System.Text.Json;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Ingest;

/// <summary>One side: its processes, the load process that belongs to it, and where its records end up.</summary>
internal sealed class IngestSide(string name, IReadOnlyList<Peer> processes, Peer load, string disk) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private long _messages;
    private bool _stopped;

    public string Name => name;

    public static async Task<IngestSide> StartAsync(string name, IReadOnlyList<Peer> processes, int port, bool byNotice, string disk, CancellationToken stop)
    {
        Peer load = Peer.StartSelf("load", "ingest-load", port.ToString(CultureInfo.InvariantCulture), byNotice ? "notice" : "puback");
        await load.ReadLineAsync(s_patience, stop);
        return new IngestSide(name, processes, load, disk);
    }

    public async Task<IReadOnlyDictionary<string, double>> RoundAsync(int window, int seconds, CancellationToken stop)
    {
        double before = processes.Sum(p => p.ProcessorSeconds);
        await load.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{window} {seconds}"));
        var figures = JsonSerializer.Deserialize<Dictionary<string, double>>(await load.ReadLineAsync(s_patience, stop))!;
        _messages += (long)figures["messages"];
        figures["committed"] = figures["messages"] / figures["seconds"];
        figures["processor per 100,000 messages"] = (processes.Sum(p => p.ProcessorSeconds) - before) * 100_000 / figures["messages"];
        figures["peak memory"] = processes.Sum(p => p.PeakMiB);
        return figures;
    }

    /// <summary>Stops the processes, so that nothing is left in a log, and measures what is on the disk.</summary>
    public async Task<IReadOnlyDictionary<string, double>> DiskAsync()
    {
        await StopAsync();

        // SQLite may leave a log beside its file.
        IEnumerable<string> files = Directory.Exists(disk) ? Directory.EnumerateFiles(disk, "*", SearchOption.AllDirectories) : Directory.EnumerateFiles(Path.GetDirectoryName(disk)!, Path.GetFileName(disk) + "*");
        long bytes = files.Sum(f => new FileInfo(f).Length);
        return new Dictionary<string, double> { ["on disk per value"] = (double)bytes / (_messages * Json.BulkMessageText.Values) };
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await load.DisposeAsync();
        foreach (Peer process in processes)
            await process.DisposeAsync();
    }
}
