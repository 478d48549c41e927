using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store;

namespace Mlops.Tests.Store;

/// <summary>
/// A process with a small disk of its own: a tmpfs that only it sees (a mount namespace, as root or as the root of a user namespace).
/// It writes through ingest, fills the disk with something else, waits until ingest stands still, makes room, waits until it goes on
/// by itself, and counts after a restart. Each step is a line on its output.
/// </summary>
internal static class FullDisk
{
    public const string Verb = "full-disk";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Process Start(string folder) => Process.Start(new ProcessStartInfo("unshare",
    [
        "--mount", .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--map-root-user"],
        "sh", "-c", "mount -t tmpfs -o size=24m none \"$0\" && exec dotnet exec \"$1\" \"$2\" \"$0\"", folder, Assembly.GetExecutingAssembly().Location, Verb,
    ])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task RunAsync(string folder)
    {
        string data = Path.Combine(folder, "data"), other = Path.Combine(folder, "other");
        long acknowledged = 0;
        using (IHost host = Build(data))
        {
            await host.StartAsync();
            var keeper = host.Services.GetRequiredService<IStoreKeeper>();
            var ingest = host.Services.GetRequiredService<IIngestStatus>();
            using var stop = new CancellationTokenSource();
            Task writing = WriteAsync(host.Services.GetRequiredService<IFeedWriter>(), () => Interlocked.Increment(ref acknowledged), stop.Token);
            await UntilAsync(() => Interlocked.Read(ref acknowledged) > 50, "records are acknowledged");

            Fill(other);
            await UntilAsync(() => keeper.Status().Trouble is not null && ingest.Report().Trouble is not null, "both say that the disk is full");
            Say($"trouble {keeper.Status().Trouble}");
            await UntilAsync(() => keeper.Status().FreeBytes < 64 * 1024, "the disk is full");
            long before = await StandstillAsync(() => Interlocked.Read(ref acknowledged));
            Say($"standing {before}");

            File.Delete(other);
            await UntilAsync(() => Interlocked.Read(ref acknowledged) > before + 100, "it goes on by itself");
            await UntilAsync(() => keeper.Status().Trouble is null && ingest.Report().Trouble is null, "both say that all is well");
            await stop.CancelAsync();
            await writing;
            await host.StopAsync();
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"acknowledged {acknowledged}"));
        await using StoreNode node = await StoreNode.StartAsync(data);
        List<Row> rows = await node.ReadAsync("f");
        int damaged = (await node.Get<IStoreKeeper>().VerifyAsync()).Damaged.Count;
        Say(string.Create(CultureInfo.InvariantCulture, $"stored {rows.Count} distinct {rows.DistinctBy(r => r[0]).Count()} damaged {damaged}"));
    }

    private static IHost Build(string data)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", data), new("Mlops:Store:SegmentBytes", "64 KB"), new("Mlops:Store:SegmentCheckInterval", "00:00:00.05")]);
        builder.Services.AddLogging();
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddIngest();
        return builder.Build();
    }

    private static async Task WriteAsync(IFeedWriter writer, Action acknowledged, CancellationToken stop)
    {
        string text = new('x', 2000);
        await writer.DeclareAsync("f", [new FeedField("n", FieldType.Int64), new FeedField("t", FieldType.Text)], stop);
        for (long n = 1; !stop.IsCancellationRequested; n++)
        {
            await writer.WriteAsync("f", [new FeedRecord(DateTimeOffset.UnixEpoch.AddSeconds(n), new Dictionary<string, object?> { ["n"] = n, ["t"] = text })], CancellationToken.None);
            acknowledged();
        }
    }

    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    // Room that the database had already may take some more; then nothing moves for a while.
    private static async Task<long> StandstillAsync(Func<long> count)
    {
        for (long started = Stopwatch.GetTimestamp(); ;)
        {
            long before = count();
            await Task.Delay(1000);
            if (count() == before)
                return before;
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience, "acknowledging stops");
        }
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (long started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(20))
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience, what);
    }

    private static void Say(string line) => Console.Out.WriteLine(line);
}
