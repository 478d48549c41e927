using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store;

/// <summary>
/// Commits without end and says on its output what was acknowledged, while everything that the store does happens all the time: its
/// log becomes small files, these become larger ones, schemas change, old records are dropped, blobs are kept, and backups are made.
/// </summary>
internal static class CrashWriter
{
    public const string Verb = "store-writer";
    public const string Cursor = "writer";

    /// <summary>The feed that keeps everything: number of the commit, its size, a text, and a reference to a blob.</summary>
    public const string Kept = "kept";

    /// <summary>The feed whose oldest records are dropped; the same columns.</summary>
    public const string Short = "short";

    public static readonly string[] Settings =
    [
        "Store:SegmentBytes=64 KB", "Store:SegmentCheckInterval=00:00:00.01", "Store:CompactionFiles=3", "Store:CompactionBytes=512 KB",
        $"Store:Retention:Feeds:{Short}:MaximumBytes=100 KB", "Store:Retention:Interval=00:00:00.02", "Store:Blobs:SweepInterval=00:00:00.05",
    ];

    /// <summary>Starts it as a process.</summary>
    public static Process Start(string folder, string backups) => Process.Start(new ProcessStartInfo("dotnet", ["exec", Assembly.GetExecutingAssembly().Location, Verb, folder, backups])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task RunAsync(string folder, string backups)
    {
        StoreNode node = await StoreNode.StartAsync(folder, Settings);
        Task backup = BackupAsync(node, backups);
        FeedSchema kept = await DeclareAsync(node, Kept, 0), dropped = await DeclareAsync(node, Short, 0);
        long number = (await node.ReadAsync(new FeedQuery { Feed = Kept, Descending = true, Limit = 1 })).Select(r => (long)r[0]!).FirstOrDefault();
        var random = new Random();
        using Stream output = Console.OpenStandardOutput();
        using var writer = new StreamWriter(output) { AutoFlush = true };
        while (!backup.IsFaulted)
        {
            int size = random.Next(1, 60);
            number++;
            if (number % 40 == 0)
                kept = await DeclareAsync(node, Kept, number / 40);
            string blob = (await node.Get<IBlobStore>().PutAsync(BitConverter.GetBytes(number), "text/plain")).ToString();
            (long, object?[])[] rows = [.. Enumerable.Range(0, size).Select(_ => (number, new object?[] { number, size, random.NextInt64().ToString(CultureInfo.InvariantCulture), blob }))];
            using RecordBatch one = await node.BuildAsync(kept, rows), other = await node.BuildAsync(dropped, rows);
            long last = other.Positions[^1];
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"given {last}"));
            var commit = new StoreCommit { Cursors = { [Cursor] = last } };
            commit.Batches.Add(one);
            commit.Batches.Add(other);
            await node.Store.CommitAsync(commit);
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"kept {number}"));
        }

        await backup;
    }

    /// <summary>Changes the schema in every way that there is: a field more, a data point renamed, a type widened, a type that does not fit.</summary>
    private static async Task<FeedSchema> DeclareAsync(StoreNode node, string feed, long change) => await node.Store.DeclareAsync(new FeedDeclaration(null, feed,
    [
        new("commit", FieldType.Int64), new("size", FieldType.Int64), new("text", FieldType.Text), BlobReference.Field("blob"),
        new(change % 2 == 0 ? "even" : "odd", FieldType.Text) { Id = "renamed" },
        new($"more{change % 4}", FieldType.Int64),
        new("wide", change < 3 ? FieldType.Int64 : FieldType.Float64),
        new("other", change % 3 == 0 ? FieldType.Text : FieldType.Boolean),
    ]));

    private static async Task BackupAsync(StoreNode node, string backups)
    {
        for (int i = 0; ; i++)
        {
            string target = Path.Combine(backups, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow.Ticks:D20}{(i % 2 == 0 ? "" : ".zip")}"));
            await node.Get<IStoreBackup>().BackupAsync(target);
            await Task.Delay(50);
        }
    }
}
