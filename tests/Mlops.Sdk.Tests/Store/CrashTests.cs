using System.Diagnostics;
using System.Globalization;
using Mlops.Store;
using Mlops.Store.Blobs;

namespace Mlops.Tests.Store;

public class CrashTests
{
    private const int KillsOfAStore = 20;
    private static readonly int Kills = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 100 : 6;

    [Fact]
    public async Task Kill_WhileEverythingHappens_KeepsWhatWasAcknowledgedOnceAndGivesNoPositionTwice()
    {
        // Each round looks at everything that there is, so a store does not take part in too many.
        var random = new Random(6);
        for (int left = Kills; left > 0; left -= KillsOfAStore)
            await KillAsync(Math.Min(left, KillsOfAStore), random);
    }

    private static async Task KillAsync(int kills, Random random)
    {
        string folder = StoreNode.NewFolder(), backups = StoreNode.NewFolder();
        long given = 0, kept = 0;
        int verified = 0;
        for (int round = 0; round < kills; round++)
        {
            using Process process = CrashWriter.Start(folder, backups);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            int acknowledged = 0, enough = random.Next(50, 300);
            bool killed = false;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                // A line that the kill cut off was not said.
                string[] words = line.Split(' ');
                if (words.Length != 2 || !long.TryParse(words[1], CultureInfo.InvariantCulture, out long number))
                    continue;
                if (words[0] == "given" && round > 0 && acknowledged == 0)
                    number.ShouldBeGreaterThan(given, "positions rise across the crash");
                given = words[0] == "given" ? Math.Max(given, number) : given;
                kept = words[0] == "kept" ? number : kept;
                acknowledged += words[0] == "kept" ? 1 : 0;
                if (!killed && acknowledged == enough)
                {
                    // At any moment of whatever it is doing.
                    await Task.Delay(random.Next(30));
                    process.Kill();
                    killed = true;
                }
            }

            await process.WaitForExitAsync();
            killed.ShouldBeTrue(await errors);
            verified += await CheckBackupsAsync(backups, kept);
            await using StoreNode node = await StoreNode.StartAsync(folder, ["Store:SegmentCheckInterval=01:00:00"]);
            await CheckAsync(node, kept, given);
        }

        verified.ShouldBeGreaterThan(0);
        StoreNode last = await StoreNode.StartAsync(folder);
        (await last.Get<IStoreKeeper>().VerifyAsync()).Damaged.ShouldBeEmpty();
        long records = last.Store.List()[0].Records;
        await last.StopAsync();
        ParquetFile parquet = ParquetFile.Query($"SELECT count(*), count(DISTINCT _position), count(DISTINCT commit) FROM read_parquet('{folder}/feeds/{CrashWriter.Kept}/**/*.parquet', union_by_name = true)");
        parquet.Rows[0][..2].ShouldBe([records, records]);
        ((long)parquet.Rows[0][2]!).ShouldBeGreaterThanOrEqualTo(kept);
        Directory.Delete(folder, recursive: true);
        Directory.Delete(backups, recursive: true);
    }

    private static async Task CheckAsync(StoreNode node, long kept, long given)
    {
        List<Row> rows = await node.ReadAsync(CrashWriter.Kept);
        ILookup<long, Row> commits = CheckCommits(rows);
        commits.Select(c => c.Key).ShouldBe(Enumerable.Range(1, commits.Count).Select(i => (long)i), "no commit is missing");
        ((long)commits.Count).ShouldBeInRange(kept, kept + 1, "what was acknowledged is there; at most one more was durable when its word was cut off");

        List<Row> others = await node.ReadAsync(CrashWriter.Short);
        long[] left = [.. CheckCommits(others).Select(c => c.Key)];
        left.ShouldBe(Enumerable.Range(0, left.Length).Select(i => commits.Count - left.Length + 1L + i), "retention drops from the oldest end only");
        node.Store.GetCursor(CrashWriter.Cursor).ShouldBe(others[^1].Position);
        node.Store.List().Select(f => f.Records).ShouldBe([rows.Count, others.Count]);
        foreach (Row row in rows.DistinctBy(r => r[3]))
        {
            BlobReference.TryParse((string)row[3]!, out BlobReference? blob).ShouldBeTrue();
            using Stream? content = node.Get<BlobStore>().Open(blob!);
            content.ShouldNotBeNull($"the blob of commit {row[0]} is there");
        }

        (await node.Store.ReservePositionsAsync(1)).ShouldBeGreaterThan(given);
        foreach (int wrong in new[] { 1003, 1004, 1008, 1014 })
            node.Logs.Texts(wrong).ShouldBeEmpty();
    }

    private static ILookup<long, Row> CheckCommits(List<Row> rows)
    {
        rows.Select(r => r.Position).ShouldBeUnique();
        rows.Select(r => r.Position).ShouldBeInOrder();
        ILookup<long, Row> commits = rows.ToLookup(r => (long)r[0]!);
        commits.Skip(1).ShouldAllBe(c => c.Count() == (long)c.First()[1]!, "a commit is whole");
        return commits;
    }

    /// <summary>Checks that every finished backup is sound, and what the last one holds.</summary>
    private static async Task<int> CheckBackupsAsync(string backups, long kept)
    {
        string[] finished = [.. Directory.EnumerateFileSystemEntries(backups).Where(b => !b.EndsWith(".partial", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        foreach (string backup in finished)
            await StoreRestore.VerifyAsync(backup);
        if (finished.Length > 0)
        {
            string folder = StoreNode.NewFolder();
            await StoreRestore.RestoreAsync(finished[^1], folder);
            await using (StoreNode node = await StoreNode.StartAsync(folder))
            {
                ILookup<long, Row> commits = CheckCommits(await node.ReadAsync(CrashWriter.Kept));
                commits.Select(c => c.Key).ShouldBe(Enumerable.Range(1, commits.Count).Select(i => (long)i));
                ((long)commits.Count).ShouldBeLessThanOrEqualTo(kept + 1);
                node.Logs.Texts(1004).ShouldBeEmpty();
            }

            Directory.Delete(folder, recursive: true);
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(backups))
        {
            if (Directory.Exists(entry))
                Directory.Delete(entry, recursive: true);
            else
                File.Delete(entry);
        }

        return finished.Length;
    }
}
