using System.Diagnostics;
using System.Globalization;

namespace Mlops.Tests.Store;

public class CrashTests
{
    [Fact]
    public async Task Kill_WhileCommittingAndClosingSegments_KeepsWhatWasAcknowledgedOnceAndGivesNoPositionTwice()
    {
        string folder = StoreNode.NewFolder();
        long given = 0, kept = 0;
        var random = new Random(6);
        for (int round = 0; round < 6; round++)
        {
            using Process process = CrashWriter.Start(folder);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            int acknowledged = 0, enough = random.Next(100, 500);
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
                    process.Kill();
                    killed = true;
                }
            }

            await process.WaitForExitAsync();
            killed.ShouldBeTrue(await errors);
            await using StoreNode node = await StoreNode.StartAsync(folder);
            await CheckAsync(node, kept, given);
        }

        StoreNode last = await StoreNode.StartAsync(folder);
        long records = last.Store.List()[0].Records;
        await last.StopAsync();
        ParquetFile parquet = ParquetFile.Query($"SELECT count(*), count(DISTINCT _position), count(DISTINCT commit) FROM read_parquet('{folder}/feeds/f/**/*.parquet')");
        parquet.Rows[0][..2].ShouldBe([records, records]);
        ((long)parquet.Rows[0][2]!).ShouldBeGreaterThanOrEqualTo(kept);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task CheckAsync(StoreNode node, long kept, long given)
    {
        List<Row> rows = await node.ReadAsync("f");
        rows.Select(r => r.Position).ShouldBeUnique();
        rows.Select(r => r.Position).ShouldBeInOrder();
        ILookup<long, Row> commits = rows.ToLookup(r => (long)r[0]!);
        commits.Select(c => c.Key).ShouldBe(Enumerable.Range(1, commits.Count).Select(i => (long)i), "no commit is missing");
        commits.ShouldAllBe(c => c.Count() == (long)c.First()[1]!, "a commit is whole");
        ((long)commits.Count).ShouldBeInRange(kept, kept + 1, "what was acknowledged is there; at most one more was durable when its word was cut off");
        node.Store.GetCursor(CrashWriter.Cursor).ShouldBe(rows[^1].Position);
        node.Store.List()[0].Records.ShouldBe(rows.Count);
        (await node.Store.ReservePositionsAsync(1)).ShouldBeGreaterThan(given);
        node.Logs.Texts(1003).ShouldBeEmpty();
        node.Logs.Texts(1004).ShouldBeEmpty();
        node.Logs.Texts(1014).ShouldBeEmpty();
    }
}
