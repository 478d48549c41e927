using System.Text;
using Mlops.Drivers;
using Mlops.DuckDb;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers.Files;

public sealed class FileDriverTests : IDisposable
{
    private const string Feed = "file.line.records";
    private readonly TemporaryFolder _folder = new();

    public FileDriverTests() => Directory.CreateDirectory(_folder["in"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Csv_GrowingFileWithPartialLastLine_IsReadLineByLineWithItsOffsets()
    {
        Append("a.csv", "time,force,ok,name\n2026-01-01T00:00:00Z,1.5,true,\"x, \"\"y\"\"\"\n2026-01-01T00:00:01Z,2");
        await using DriverNode node = await StartAsync("Timestamp=time");
        var rows = await node.UntilRowsAsync(Feed, 1);
        rows[0]["force"].ShouldBe(1.5);
        rows[0]["ok"].ShouldBe(true);
        rows[0]["name"].ShouldBe("x, \"y\"");
        rows[0]["@time"].ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        rows[0]["@seq"].ShouldBe(19L);

        Append("a.csv", ".5,false,z\r\n");
        rows = await node.UntilRowsAsync(Feed, 2);
        (rows[1]["force"], rows[1]["ok"], rows[1]["name"]).ShouldBe((2.5, false, "z"));
        rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Csv_LastLineWithoutEnd_CountsOnceTheFileHasSettled()
    {
        Append("a.csv", "n\n1\n2");
        await using DriverNode node = await StartAsync("SettleTime=00:00:00.1");
        (await node.UntilRowsAsync(Feed, 2))[1]["n"].ShouldBe(2.0);
    }

    [Fact]
    public async Task Restart_WithRotatedTruncatedAndNewFiles_ReadsNothingTwiceAndMissesNothing()
    {
        Append("log.csv", "n,text\n" + Lines(1, 200));
        await using (DriverNode node = await StartAsync())
            await node.UntilRowsAsync(Feed, 200);

        // Meanwhile the log is written on, rotated and begun anew; another file comes.
        Append("log.csv", Lines(201, 210));
        File.Move(In("log.csv"), In("log-1.csv"));
        Append("log.csv", "n,text\n" + Lines(211, 220));
        Append("other.csv", "n,text\n" + Lines(221, 230));
        await using (DriverNode node = await StartAsync())
        {
            Numbers(await node.UntilRowsAsync(Feed, 230)).ShouldBe(Enumerable.Range(1, 230).Select(n => (double)n), ignoreOrder: true);

            // While it runs: copied away and truncated, as logrotate's copytruncate does.
            using (FileStream file = File.Open(In("log.csv"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                file.SetLength(0);
            await Eventually.IsTrueAsync(() => node.Logs.Texts(1190).Length == 1, "the truncation was not seen");
            Append("log.csv", "n,text\n" + Lines(231, 235));
            Numbers(await node.UntilRowsAsync(Feed, 235)).ShouldBe(Enumerable.Range(1, 235).Select(n => (double)n), ignoreOrder: true);

            // Renamed while it runs, and written on under the new name.
            File.Move(In("other.csv"), In("renamed.csv"));
            Append("renamed.csv", Lines(236, 240));
            Numbers(await node.UntilRowsAsync(Feed, 240)).ShouldBe(Enumerable.Range(1, 240).Select(n => (double)n), ignoreOrder: true);
        }

        await using DriverNode last = await StartAsync();
        await last.UntilAsync("line", DriverState.Connected);
        (await last.RowsAsync(Feed)).Count.ShouldBe(240);
    }

    [Fact]
    public async Task Lines_ThatAreBad_AreLeftOutCountedAndNamed()
    {
        Append("a.csv", $"n,t\n1,a\nx,b\n2,c,d\n3,\"e\nf\"\n4,12\" pipe\n{new string('9', 300)},g\n5,h\n");
        await using DriverNode node = await StartAsync("MaxLineBytes=100");
        await node.UntilRowsAsync(Feed, 4);
        await node.UntilAsync("line", DriverState.Degraded);

        var rows = await node.RowsAsync(Feed);
        rows.Select(r => (r["n"], r["t"])).ShouldBe([(1.0, "a"), (3.0, "e\nf"), (4.0, "12\" pipe"), (5.0, "h")]);
        node.Assets.Find("line")!.Reason.ShouldBe("3 bad lines left out; the last: a.csv at 37: it is longer than 100 bytes.");
    }

    [Fact]
    public async Task JsonLines_NestedObjectsAndListsOfManyTypes_BecomeColumns()
    {
        Append("a.jsonl", "{\"t\":1767225600.5,\"a\":{\"b\":[1,2.5]},\"big\":9007199254740993,\"s\":\"007\",\"none\":null}\n[1]\n{\"t\":1767225601,\"s\":\"x\",\"new\":true}\n");
        await using DriverNode node = await StartAsync("Timestamp=t", "Types:big=int64", "Types:s=text", "Units:a.b[0]=mm");
        var rows = await node.UntilRowsAsync(Feed, 2);

        (rows[0]["a.b[0]"], rows[0]["a.b[1]"], rows[0]["big"], rows[0]["s"], rows[0]["new"]).ShouldBe((1.0, 2.5, 9007199254740993L, "007", null));
        rows[1]["new"].ShouldBe(true);
        rows[0]["@time"].ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero));
        node.Get<Mlops.Store.IFeedStore>().Find(Feed)!.Fields.Single(f => f.Name == "a.b[0]").Unit.ShouldBe("mm");
        await node.UntilAsync("line", DriverState.Degraded);
        node.Assets.Find("line")!.Reason!.ShouldContain("it is not a JSON object");
    }

    [Fact]
    public async Task Parquet_FileOfManyRows_IsReadOnceAlsoAcrossARestart()
    {
        using (DuckDbDatabase database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true }))
        using (DuckDbConnection connection = database.Connect())
            connection.Execute($"COPY (SELECT i AS n, i % 2 = 0 AS even, 'r' || i AS name, TIMESTAMP '2026-01-01' + to_seconds(i) AS t FROM range(3000) r(i)) TO '{In("a.parquet")}' (FORMAT parquet)");
        await using (DriverNode node = await StartAsync("Timestamp=t", "Types:n=int64", "SettleTime=00:00:00.05"))
        {
            var rows = await node.UntilRowsAsync(Feed, 3000);
            (rows[2999]["n"], rows[2999]["even"], rows[2999]["name"], rows[2999]["@seq"]).ShouldBe((2999L, false, "r2999", 2999L));
            rows[1]["@time"].ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero));
        }

        File.WriteAllText(In("broken.parquet"), "PAR1");
        await using DriverNode again = await StartAsync();
        await again.UntilAsync("line", DriverState.Degraded);
        again.Assets.Find("line")!.Reason!.ShouldContain("broken.parquet");
        (await again.RowsAsync(Feed)).Count.ShouldBe(3000);
    }

    [Fact]
    public async Task Start_AtTheEnd_TakesOnlyWhatComesLaterAndNewFilesWhole()
    {
        Append("old.csv", "n\n1\n2\n");
        await using (DriverNode node = await StartAsync("Start=end"))
        {
            await node.UntilAsync("line", DriverState.Connected);
            Append("old.csv", "3\n");
            Append("new.csv", "n\n4\n");
            Numbers(await node.UntilRowsAsync(Feed, 2)).ShouldBe([3.0, 4.0], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Speed_WithTimes_PacesTheRecordsAndRestampsThem()
    {
        Append("a.csv", "t;n\n01.02.2026 10:00:00;1\n01.02.2026 10:00:10;2\n01.02.2026 10:00:20;3\n");
        await using DriverNode node = await StartAsync("Timestamp=t", "TimestampFormat=dd.MM.yyyy HH:mm:ss", "Speed=100", "Restamp=true");
        var rows = await node.UntilRowsAsync(Feed, 3);

        var times = rows.Select(r => (DateTimeOffset)r["@time"]!).ToList();
        times.ShouldAllBe(t => DateTimeOffset.UtcNow - t < TimeSpan.FromMinutes(10));
        (times[2] - times[0]).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(150));
    }

    [Fact]
    public async Task Folder_NotThere_IsFaultedAndReadOnceItIs()
    {
        Directory.Delete(_folder["in"]);
        await using DriverNode node = await StartAsync();
        await node.UntilAsync("line", DriverState.Faulted);
        node.Assets.Find("line")!.Reason!.ShouldContain("is not there. Make it");

        Directory.CreateDirectory(_folder["in"]);
        Append("a.csv", "n\n1\n");
        await node.UntilRowsAsync(Feed, 1);
        node.Assets.Find("line")!.Restarts.ShouldBe(0);
    }

    [Theory]
    [InlineData("Speed=2", "Playing back needs the records' times")]
    [InlineData("Delimiter=ab", "Setting 'delimiter' is 'ab': It must be one character, or 'tab'.")]
    [InlineData("Pattern=a/b", "It names files, not paths")]
    [InlineData("Foldr=x", "Did you mean 'folder'?")]
    public async Task Settings_Wrong_AreRefusedAtStart(string setting, string expected) =>
        (await Should.ThrowAsync<DriverConfigurationException>(() => StartAsync(setting))).Message.ShouldContain(expected);

    private static string Lines(int first, int last) => string.Concat(Enumerable.Range(first, last - first + 1).Select(n => $"{n},a text that makes the line longer {n}\n"));

    private static IEnumerable<double> Numbers(IEnumerable<Dictionary<string, object?>> rows) => rows.Select(r => (double)r["n"]!);

    private string In(string name) => Path.Combine(_folder["in"], name);

    private void Append(string name, string text) => File.AppendAllText(In(name), text, new UTF8Encoding(false));

    private Task<DriverNode> StartAsync(params string[] settings) => DriverNode.StartAsync(
        _folder,
        ["Assets:line:Kind=file", $"Assets:line:Settings:Folder={_folder["in"]}", "Assets:line:Settings:PollInterval=00:00:00.02",
            .. settings.Select(s => $"Assets:line:Settings:{s}")]);
}
