using System.Text.Json;
using Mlops.Data;
using Mlops.Workflows.Authors;

namespace Mlops.Workflows.Windows;

public sealed class WindowCutterTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Add_TimedWindow_HoldsTheNewestRecordAtEachInstant()
    {
        List<CutWindow> cut = Cut(Timed(2, 1, 4), MissingValues.Last, (0.1, 1), (0.6, 2), (0.7, 3), (1.2, 4), (1.9, 5), (2.0, 6));

        // The record at 2.0 ends it and is not in it.
        CutWindow window = cut.ShouldHaveSingleItem();
        window.Values.ShouldBe([1, 3, 4, 5]);
        window.Last.Position.ShouldBe(5);
        window.EndPosition.ShouldBe(6);
        window.Records.ShouldBe([1, 2, 3, 4, 5]);
        window.Times.ShouldBe([(Second / 2) - 1, Second - 1, (3 * Second / 2) - 1, (2 * Second) - 1]);
    }

    [Fact]
    public void Add_LateRecord_IsWaitedForAsLongAsSaid()
    {
        (double, double)[] records = [(0.2, 1), (0.7, 2), (2.1, 6), (1.2, 3), (1.7, 4), (2.6, 7)];
        Cut(Timed(2, 2, 4), MissingValues.Null, records).ShouldHaveSingleItem().Values.ShouldBe([1, 2, 2, 2]);
        Cut(Timed(2, 2, 4) with { Late = TimeSpan.FromSeconds(0.5) }, MissingValues.Null, records).ShouldHaveSingleItem().Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Add_Pause_GivesNoWindowThatBeginsInIt()
    {
        var window = Timed(2, 1, 4) with { Gap = TimeSpan.FromSeconds(1) };
        List<CutWindow> cut = Cut(window, MissingValues.Last, [.. Enumerable.Range(0, 9).Select(i => (i * 0.5, (double)i)), .. Enumerable.Range(40, 9).Select(i => (i * 0.5, (double)i))]);
        cut.Select(w => w.Last.Position).ShouldBe([4, 6, 8, 9, 13, 15, 17]);
        cut[3].Values.ShouldBe([6, 7, 8, 8], "what is missing at its end is carried over");
    }

    [Fact]
    public void Add_MissingValues_AreCarriedAsFarAsSaidUnlessNullIsWanted()
    {
        (double, double)[] records = [(0.2, 1), (0.7, double.NaN), (1.2, double.NaN), (1.7, 4), (2.1, 5)];
        var window = Timed(2, 1, 4) with { Gap = TimeSpan.FromSeconds(0.9) };
        Cut(window, MissingValues.Last, records).Single().Values.ShouldBe([1, 1, double.NaN, 4]);
        Cut(window, MissingValues.Null, records).Single().Values.ShouldBe([1, double.NaN, double.NaN, 4]);
        Cut(window, MissingValues.Skip, records).ShouldBeEmpty();
        Cut(window, MissingValues.Default, records).Single().Values.ShouldBe([1, 1, -1, 4]);
    }

    [Fact]
    public void Add_ClockSetFarAheadAndBack_GoesOnWithTheRightTime()
    {
        List<CutWindow> cut = Cut(Timed(2, 1, 4), MissingValues.Last, [.. Times(0, 8), (9_000, 0.0), .. Times(4, 8)]);
        cut[^1].Last.Time.ShouldBeInRange(7 * Second, 8 * Second);
        cut.Count.ShouldBeGreaterThan(3);

        static IEnumerable<(double, double)> Times(int from, int to) => Enumerable.Range(from * 4, (to - from) * 4 + 1).Select(i => (i * 0.25, (double)i));
    }

    [Fact]
    public void Add_CountedWindow_TakesRecordsAsTheyCame()
    {
        var window = new WorkflowWindow { Rows = 3, HopRows = 2 };
        List<CutWindow> cut = Cut(window, MissingValues.Last, (1, 1), (3, 2), (2, 3), (4, 4), (5, 5), (6, 6), (7, 7));
        cut.Select(w => w.Values).ShouldBe([[1, 2, 3], [3, 4, 5], [5, 6, 7]]);
        cut.Select(w => w.Last.Position).ShouldBe([3, 5, 7]);
    }

    [Fact]
    public void Add_CountedWindowWithGap_CountsAnewAfterAPause()
    {
        var window = new WorkflowWindow { Rows = 3, HopRows = 3, Gap = TimeSpan.FromSeconds(1) };
        Cut(window, MissingValues.Last, (1, 1), (2, 2), (5, 3), (6, 4), (7, 5), (8, 6)).Select(w => w.Values).ShouldBe([[3, 4, 5]]);
    }

    [Theory]
    [InlineData("{size: 2s, hop: 500ms, step: 100ms, late: 300ms, gap: 700ms}", "last")]
    [InlineData("{size: 2s}", "null")]
    [InlineData("{size: 900ms, hop: 200ms, step: 300ms, gap: 250ms}", "skip")]
    [InlineData("{size: 1s, hop: 1s, step: 1s}", "default")]
    [InlineData("{size: 25 records, hop: 4 records, gap: 400ms}", "last")]
    [InlineData("{size: 10, hop: 30}", "skip")]
    public async Task Python_SameRecords_CutsTheSameWindows(string window, string fill)
    {
        string manifest = $"name: a\nversion: 1.0.0\nruntime: python\ninputs: [{{name: a, type: number, default: -1}}, {{name: b, type: number, default: -2}}]\noutput: {{classes: []}}\nfill: {fill}\nwindow: {window}\n";
        WorkflowManifest read = Manifests.ManifestReader.Read(manifest).Manifest!;
        var random = new Random(window.Length);
        var records = new List<(long Time, double?[] Values)>();
        for (int i = 0; i < 2_000; i++)
        {
            if (random.Next(15) != 0 && i is < 900 or > 1_000)
                records.Add((1_700_000_000 * Second + (i * 50_000_000L) + random.Next(5_000_000), [random.Next(9) == 0 ? null : Math.Round(random.NextDouble(), 3), random.Next(9) == 0 ? null : i]));
        }

        // Late ones.
        for (int i = 10; i < records.Count - 30; i += random.Next(5, 40))
            (records[i], records[i + 7]) = (records[i + 7], records[i]);

        const string script = """
            import json, sys
            from mlops import _manifest, _windows
            text, times, columns = json.load(sys.stdin)
            manifest = _manifest.read(text)[0]
            cuts = _windows.cut(manifest.window, manifest.fill, times, columns, [manifest.defaults[name] for name, _, _ in manifest.inputs])
            print(json.dumps([[cut.last, cut.rows, cut.times, [None if v != v else v for row in cut.values for v in row]] for cut in cuts]))
            """;
        string answer = await AuthorTool.ScriptAsync(_folder.Path, script, JsonSerializer.Serialize(new object[] { manifest, records.Select(r => r.Time), new[] { records.Select(r => r.Values[0]), records.Select(r => r.Values[1]) } }));
        JsonElement[] python = JsonSerializer.Deserialize<JsonElement[]>(answer)!;

        WindowCutter cutter = WindowCutter.Of(read.Window!, 2, read.Fill);
        var cut = new List<CutWindow>();
        for (int i = 0; i < records.Count; i++)
            cutter.Add(Row(i, records[i].Time), [records[i].Values[0] ?? double.NaN, records[i].Values[1] ?? double.NaN], cut);
        cut.RemoveAll(w => !w.Fill(read.Fill, [-1, -2]));

        cut.Count.ShouldBeGreaterThan(5);
        python.Length.ShouldBe(cut.Count);
        foreach ((JsonElement theirs, CutWindow ours) in python.Zip(cut))
        {
            theirs[0].GetInt64().ShouldBe(ours.Last.Position);
            theirs[1].EnumerateArray().Select(e => e.GetInt64()).ShouldBe(ours.Records);
            theirs[2].EnumerateArray().Select(e => e.GetInt64()).ShouldBe(ours.Times);
            theirs[3].EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? double.NaN : e.GetDouble()).ShouldBe(ours.Values);
        }
    }

    private static WorkflowWindow Timed(double size, double hop, int rows) => new() { Rows = rows, Size = TimeSpan.FromSeconds(size), Hop = TimeSpan.FromSeconds(hop) };

    private static WindowRow Row(long position, long time) => new(position, time, 0, 0, RecordBatch.NoSequence, RecordBatch.NoSequence, 3);

    private static List<CutWindow> Cut(WorkflowWindow window, MissingValues fill, params (double Time, double Value)[] records)
    {
        WindowCutter cutter = WindowCutter.Of(window, 1, fill);
        var ended = new List<CutWindow>();
        for (int i = 0; i < records.Length; i++)
            cutter.Add(Row(i + 1, (long)(records[i].Time * Second)), [records[i].Value], ended);
        ended.RemoveAll(w => !w.Fill(fill, [-1]));
        return ended;
    }
}
