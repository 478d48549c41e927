using System.Text.Json;
using Microsoft.Data.Sqlite;
using Mlops.Scenarios.Tests.Nodes;
using Mlops.Store;

namespace Mlops.Scenarios.Tests;

/// <summary>Bytes that change in the folder of a node that runs.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly string _data = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Verify_FileAndLogRowDamagedWhileIngesting_NamesBothSetsThemAsideAndTheRestGoesOn()
    {
        await using RunningNode node = await RunningNode.StartAsync(_data, "Store:SegmentBytes=64 KB", "Store:SegmentCheckInterval=00:00:00.05", "Store:CompactionFiles=1000");
        var publisher = new CountingPublisher();
        using var stop = new CancellationTokenSource();
        Task publishing = publisher.RunAsync(node.Port, stop.Token);
        await UntilAsync(() => Files().Length >= 4);

        DamageFile(Files()[1]);
        await UntilAsync(DamageLogRow);
        DamagedRecords[] damaged = [];
        await UntilAsync(async () =>
        {
            // The row may become part of a file at any moment, which finds it too.
            await node.AskAsync("verify");
            damaged = (await node.AskAsync("damaged")).Deserialize<DamagedRecords[]>()!;
            return damaged.Length >= 2;
        });
        int before = publisher.Acknowledged.Count;
        await UntilAsync(() => publisher.Acknowledged.Count > before + 500);
        await stop.CancelAsync();
        await publishing;
        JsonElement sound = await node.AskAsync("verify");
        sound.GetProperty("Damaged").GetArrayLength().ShouldBe(0);
        await node.StopAsync();

        damaged.Length.ShouldBe(2);
        damaged.ShouldAllBe(d => d.Feed == CountingPublisher.Feed && d.Reason.Contains("checksum", StringComparison.Ordinal));
        string path = damaged.Single(d => d.Path is not null).Path.ShouldNotBeNull();
        path.ShouldStartWith("quarantine/");
        File.Exists(Path.Combine(_data, path)).ShouldBeTrue();
        List<long> stored = ParquetFolder.ReadNumbers(_data, CountingPublisher.Feed, "number");
        stored.Distinct().Count().ShouldBe(stored.Count);
        stored.ShouldBeInOrder();
        List<long> missing = [.. publisher.Acknowledged.Except(stored)];
        missing.Count.ShouldBe((int)damaged.Sum(d => d.Count), "no more is gone than was set aside by name");
    }

    private string[] Files() => Directory.Exists(Path.Combine(_data, "feeds", CountingPublisher.Feed))
        ? [.. Directory.EnumerateFiles(Path.Combine(_data, "feeds", CountingPublisher.Feed), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    // In place, as a failing disk does it: the node may have the file open.
    private static void DamageFile(string file)
    {
        using FileStream stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = stream.Length / 3;
        int value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 0x10));
    }

    /// <summary>Changes a byte of the log's newest row, unless it has just become part of a file.</summary>
    private bool DamageLogRow()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "mlops.db")};Pooling=False;Default Timeout=30");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "UPDATE log SET data = CAST(substr(data, 1, length(data) - 1) || x'5a' AS BLOB) WHERE id = (SELECT max(id) FROM log WHERE substr(data, -1) <> x'5a')";
        return command.ExecuteNonQuery() == 1;
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(RunningNode.Patience);
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }
}
