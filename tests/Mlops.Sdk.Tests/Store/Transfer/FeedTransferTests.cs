using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Transfer;

namespace Mlops.Tests.Store.Transfer;

public sealed class FeedTransferTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-transfer-").FullName;
    private readonly List<TransferProgress> _heard = [];
    private IHost? _host;

    private IFeedTransfer Transfer => _host!.Services.GetRequiredService<IFeedTransfer>();

    private IFeedStore Store => _host!.Services.GetRequiredService<IFeedStore>();

    public async Task InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", Path.Combine(_folder, "data")), new("Mlops:Node:Name", "node1")]);
        builder.Services.AddLogging();
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddIngest();
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host!.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ImportCsvAsync_NewFeed_IsCreatedByItsValues()
    {
        ImportReport report = await ImportAsync("Line 1.Press", "n,timestamp,x,ok,at,name,empty\n1,2024-05-01T12:00:00,1.5,true,2024-05-01,\"a,b\",\n-2,2024-05-01T14:00:01+02:00,NaN,False,2024-05-01T00:00:00.5Z,,\n");

        (report.Feed, report.Records, report.Rejected).ShouldBe(("line-1.press", 2, 0));
        FeedSchema schema = Store.Find("line-1.press").ShouldNotBeNull();
        schema.Fields.Select(f => (f.Name, f.Type)).ShouldBe([
            ("n", FieldType.Int64), ("x", FieldType.Float64), ("ok", FieldType.Boolean), ("at", FieldType.Timestamp), ("name", FieldType.Text), ("empty", FieldType.Text)]);
        List<Row> rows = await RowsAsync("line-1.press");
        rows.Select(r => r.Time).ShouldBe([1_714_564_800L, 1_714_564_801L]);
        rows[0].Values.ShouldBe([1L, 1.5, true, new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero), "a,b", null]);
        rows[1].Values[..3].ShouldBe([-2L, double.NaN, false]);
        rows[1].Values[4].ShouldBeNull();
    }

    [Fact]
    public async Task ImportCsvAsync_BadLines_AreReportedAndTheRestIsStored()
    {
        string good = string.Concat(Enumerable.Range(0, 1500).Select(i => $"1970-01-01T00:{i / 60:00}:{i % 60:00}Z,{i}\n"));

        ImportReport report = await ImportAsync("f", $"timestamp,x\n{good}yesterday,1\n1970-01-02,one\n1970-01-02,1,2\n1970-01-02,7\n1970-01-02,\"open");

        (report.Records, report.Rejected).ShouldBe((1501, 4));
        report.Problems.ShouldBe([
            new LineProblem(1502, "'yesterday' in column 'timestamp' is no time; write it like 2024-05-01T12:00:00Z"),
            new LineProblem(1503, "'one' in column 'x' is no Int64"),
            new LineProblem(1504, "it has 3 values, and the first line names 2"),
            new LineProblem(1506, "Line 1506: a quote is not closed. The rest of the text was not read.")]);
        (await RowsAsync("f")).Select(r => r[0]).ShouldBe([.. Enumerable.Range(0, 1500).Select(i => (object)(long)i), 7L]);
    }

    [Fact]
    public async Task ImportCsvAsync_KnownFeed_KeepsItsTypesAndTakesNewFields()
    {
        await ImportAsync("f", "timestamp,x\n1970-01-01,1.5\n");

        await ImportAsync("f", "timestamp,x,y\n1970-01-02,2,\"007a\"\n");

        (await RowsAsync("f")).Select(r => r.Values).ShouldBe([[1.5, null], [2.0, "007a"]]);
        Store.Find("f")!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task ImportCsvAsync_Twice_StoresTwice()
    {
        await ImportAsync("f", "timestamp,x\n1970-01-01,1\n");
        await ImportAsync("f", "timestamp,x\n1970-01-01,1\n");

        (await RowsAsync("f")).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a,b\n1,2", "there is no column 'timestamp'. Its columns: a, b")]
    [InlineData("timestamp,a,a\n", "two columns are called 'a'")]
    [InlineData("timestamp,,a\n", "a column has no name")]
    public async Task ImportCsvAsync_FirstLineOfNoUse_IsRefused(string csv, string reason)
    {
        (await Should.ThrowAsync<ArgumentException>(() => ImportAsync("f", csv))).Message.ShouldContain(reason);
        Store.Find("f").ShouldBeNull();
    }

    [Fact]
    public async Task ImportCsvAsync_Cancelled_KeepsWhatWasDurable()
    {
        string csv = "timestamp,x\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"1970-01-01T00:00:00.{i:00000}Z,{i}\n"));
        using var stop = new CancellationTokenSource();
        var progress = new Heard(p =>
        {
            _heard.Add(p);
            if (p.Records > 4000)
                stop.Cancel();
        });

        await Should.ThrowAsync<OperationCanceledException>(() => Transfer.ImportCsvAsync("f", new MemoryStream(Encoding.UTF8.GetBytes(csv)), progress, stop.Token));

        long last = _heard[^1].Records;
        last.ShouldBeInRange(4001, 19_999);
        (await RowsAsync("f")).Select(r => r[0]).ShouldBe(Enumerable.Range(0, (int)last).Select(i => (object)(long)i));
    }

    [Theory]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Parquet)]
    public async Task ExportFileAsync_ImportedAgain_IsTheSame(RecordFormat format)
    {
        await ImportAsync("f", "timestamp,x,name,n,ok,at\n1970-01-01T00:00:01.000000001Z,0.1,\"a\"\"\nb\",-5,true,2024-02-29\n1970-01-01T00:00:02Z,-1e300,,,,\n1970-01-01T00:00:00Z,NaN,ä,1,false,1960-01-01\n");
        string path = Path.Combine(_folder, "out");

        (await Transfer.ExportFileAsync(new FeedQuery { Feed = "f" }, format, path)).ShouldBe(3);
        ImportReport report = format == RecordFormat.Csv
            ? await ImportAsync("again", await File.ReadAllTextAsync(path))
            : await Transfer.ImportParquetAsync("again", path);

        (report.Records, report.Rejected).ShouldBe((3, 0));
        Store.Find("again")!.Fields.Select(f => (f.Name, f.Type)).ShouldBe(Store.Find("f")!.Fields.Select(f => (f.Name, f.Type)));
        (await RowsAsync("again")).Select(r => (r.Time, r.Values)).ShouldBe((await RowsAsync("f")).Select(r => (r.Time, r.Values)), new RowComparer());
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public async Task ExportFileAsync_AsManyFieldsAsAFeedMayHave_IsAWholeFileThatCanBeImported()
    {
        const int Fields = 1_365, Rows = 5_000;
        FeedSchema schema = await Store.DeclareAsync(new FeedDeclaration(null, "wide", [.. Enumerable.Range(0, Fields).Select(i => new FeedField($"f{i}", FieldType.Float64))]));
        var builder = new RecordBatchBuilder(schema, Rows);
        builder.AppendRows(Rows);
        for (int c = 0; c < Fields; c++)
        {
            Span<double> values = builder.Values<double>(c);
            for (int row = 0; row < Rows; row++)
                values[row] = row + (c / 10_000.0);
            builder.MarkValid(c, 0, Rows);
        }

        using (RecordBatch batch = builder.Build(await Store.ReservePositionsAsync(Rows)))
        {
            var commit = new StoreCommit();
            commit.Batches.Add(batch);
            await Store.CommitAsync(commit);
        }

        string path = Path.Combine(_folder, "wide.parquet");
        (await Transfer.ExportFileAsync(new FeedQuery { Feed = "wide" }, RecordFormat.Parquet, path)).ShouldBe(Rows);

        ParquetFile.Query($"SELECT count(*), bool_and(f0 = file_row_number), max(f{Fields - 1}) FROM read_parquet('{path}', file_row_number = true)")
            .Rows.ShouldHaveSingleItem().ShouldBe([(long)Rows, true, Rows - 1 + ((Fields - 1) / 10_000.0)]);
        (await Transfer.ImportParquetAsync("again", path)).Records.ShouldBe(Rows);
    }

    [Fact]
    public async Task ExportAsync_RangeFilterAndLimit_AreKept()
    {
        await ImportAsync("f", "timestamp,x\n1970-01-01T00:00:01Z,1\n1970-01-01T00:00:02Z,2\n1970-01-01T00:00:03Z,3\n1970-01-01T00:00:04Z,4\n");
        using var stream = new MemoryStream();

        long rows = await Transfer.ExportAsync(new FeedQuery { Feed = "f", From = 2_000_000_000, Filter = "x <> 3", Limit = 5 }, RecordFormat.Csv, stream, new Heard(_heard.Add));

        rows.ShouldBe(2);
        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe("timestamp,x\r\n1970-01-01T00:00:02Z,2\r\n1970-01-01T00:00:04Z,4\r\n");
        _heard[^1].Records.ShouldBe(2);
    }

    [Theory]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Parquet)]
    public async Task ExportFileAsync_Fails_LeavesNothingAndWhatWasThere(RecordFormat format)
    {
        await ImportAsync("f", "timestamp,x\n1970-01-01,1\n");
        string path = Path.Combine(_folder, "out");
        await File.WriteAllTextAsync(path, "before");

        await Should.ThrowAsync<ArgumentException>(() => Transfer.ExportFileAsync(new FeedQuery { Feed = "f", Filter = "nonsense > 1" }, format, path));

        (await File.ReadAllTextAsync(path)).ShouldBe("before");
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public async Task ImportParquetAsync_NoParquet_SaysSo()
    {
        string path = Path.Combine(_folder, "x.parquet");
        await File.WriteAllTextAsync(path, "no Parquet");

        (await Should.ThrowAsync<ArgumentException>(() => Transfer.ImportParquetAsync("f", path))).Message.ShouldContain($"The file '{path}' cannot be imported into feed 'f'");
        (await Should.ThrowAsync<ArgumentException>(() => Transfer.ImportParquetAsync("f", path + "?"))).Message.ShouldContain("There is no file");
    }

    private Task<ImportReport> ImportAsync(string feed, string csv) => Transfer.ImportCsvAsync(feed, new MemoryStream(Encoding.UTF8.GetBytes(csv)), new Heard(_heard.Add));

    private async Task<List<Row>> RowsAsync(string feed)
    {
        var rows = new List<Row>();
        await foreach (RecordBatch batch in Store.ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
                rows.AddRange(Row.Of(batch));
        }

        return rows;
    }

    private sealed class Heard(Action<TransferProgress> hear) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => hear(value);
    }

    private sealed class RowComparer : IEqualityComparer<(long Time, object?[] Values)>
    {
        public bool Equals((long Time, object?[] Values) x, (long Time, object?[] Values) y) => x.Time == y.Time && x.Values.SequenceEqual(y.Values);

        public int GetHashCode((long Time, object?[] Values) obj) => obj.Time.GetHashCode();
    }
}
