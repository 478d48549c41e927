using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store;

/// <summary>Commits without end and says on its output what was acknowledged, while its log becomes small files all the time.</summary>
internal static class CrashWriter
{
    public const string Verb = "store-writer";
    public const string Cursor = "writer";

    /// <summary>Starts it as a process.</summary>
    public static Process Start(string folder) => Process.Start(new ProcessStartInfo("dotnet", ["exec", Assembly.GetExecutingAssembly().Location, Verb, folder])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task RunAsync(string folder)
    {
        StoreNode node = await StoreNode.StartAsync(folder, ["Store:SegmentBytes=64 KB", "Store:SegmentCheckInterval=00:00:00.01"]);
        FeedSchema schema = await node.DeclareAsync("f", ("commit", FieldType.Int64), ("size", FieldType.Int64), ("text", FieldType.Text));
        long number = (await node.ReadAsync(new FeedQuery { Feed = "f", Descending = true, Limit = 1 })).Select(r => (long)r[0]!).FirstOrDefault();
        var random = new Random();
        using Stream output = Console.OpenStandardOutput();
        using var writer = new StreamWriter(output) { AutoFlush = true };
        while (true)
        {
            int size = random.Next(1, 60);
            number++;
            using RecordBatch batch = await node.BuildAsync(schema, [.. Enumerable.Range(0, size).Select(_ => (number, new object?[] { number, size, random.NextInt64().ToString(CultureInfo.InvariantCulture) }))]);
            long last = batch.Positions[^1];
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"given {last}"));
            var commit = new StoreCommit { Cursors = { [Cursor] = last } };
            commit.Batches.Add(batch);
            await node.Store.CommitAsync(commit);
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"kept {number}"));
        }
    }
}
