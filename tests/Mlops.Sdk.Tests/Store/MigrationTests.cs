using System.Reflection;
using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store;

/// <summary>Databases of earlier versions, made by the scripts that those versions had, with rows as they wrote them.</summary>
public class MigrationTests
{
    /// <summary>Rows of the first version: a feed with a record in the log (n = 7 at second 1), a cursor and a label.</summary>
    private const string Rows = """
        INSERT INTO setting VALUES ('positions.reserved', '65536');
        INSERT INTO feed VALUES (1, 'app.line.data', 'App', 'Line', 'Data', 1);
        INSERT INTO feed_schema VALUES (1, 1, 1, '[{"name":"n","type":2,"unit":"mm","column":"n"}]');
        INSERT INTO log VALUES (1, 1, 1, 5, 5, 1, 1000000000, 1000000000, 2, $checksum, $data);
        INSERT INTO cursor VALUES ('reader', 5);
        INSERT INTO label (feed, name, position, value, source, created) VALUES ('app.line.data', 'quality', 5, 'good', 'api', 3);
        INSERT INTO set_aside (feed, revision, first, last, count, reason, path, created) VALUES (1, 1, 1, 2, 2, 'its checksum is wrong.', 'app.line.data/1970-01-01/1-2.parquet.broken', 4);
        """;

    // Format 1: one row, one column; position 5, second 1, accepted at 1000000001, message 3, record 0, quality 3; the integer 7.
    private const string Blob = "01" + "01000000" + "01000000"
        + "01" + "0500000000000000" + "01" + "00CA9A3B00000000" + "01" + "01CA9A3B00000000" + "01" + "0300000000000000" + "01" + "0000000000000000" + "01" + "03"
        + "02" + "01" + "01" + "0700000000000000";

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, Scripts().Count)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task StartAsync_DatabaseOfAnEarlierVersion_IsBroughtForwardAndKeepsEverything(int version)
    {
        string folder = StoreNode.NewFolder();
        Create(folder, version);

        StoreNode node = await StoreNode.StartAsync(folder);

        FeedSchema schema = node.Store.Find("app.line.data")!;
        schema.Origin.ShouldBe(new FeedOrigin("App", "Line", "Data"));
        schema.Fields.ShouldBe([new FeedField("n", FieldType.Int64) { Unit = "mm" }]);
        Row row = (await node.ReadAsync("app.line.data")).ShouldHaveSingleItem();
        (row.Position, row.Time, row.Sequence, row.RecordSequence, row.Quality, row[0]).ShouldBe((5, 1, 3, 0, (byte)3, 7L));
        node.Store.GetCursor("reader").ShouldBe(5);
        node.Get<ILabels>().List("app.line.data").ShouldHaveSingleItem().Value.ShouldBe("good");
        node.Get<IStoreKeeper>().Status().Damaged.ShouldHaveSingleItem().Count.ShouldBe(2);
        (await node.Store.ReservePositionsAsync(1)).ShouldBe(65_537);
        node.Database.Read(c => c.Rows("SELECT name FROM migration ORDER BY name", r => r.GetString(0))).ShouldBe(Scripts().Select(s => s.Name));
        await node.CommitAsync(schema, (2, [8]));
        await node.StopAsync();
        await using (StoreNode again = await StoreNode.StartAsync(folder))
            (await again.ReadAsync("app.line.data")).Select(r => r[0]).ShouldBe([7L, 8L]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task StartAsync_DatabaseOfANewerVersion_IsRefusedAndLeftAsItWas()
    {
        string folder = StoreNode.NewFolder();
        Create(folder, Scripts().Count);
        Execute(folder, "INSERT INTO migration VALUES ('9999-future')");

        string message = (await Should.ThrowAsync<InvalidDataException>(() => StoreNode.StartAsync(folder))).Message;

        message.ShouldContain("written by a newer version");
        message.ShouldContain("9999-future");
        message.ShouldContain("Update this host");
        Execute(folder, "DELETE FROM migration WHERE name = '9999-future'");
        await using (StoreNode node = await StoreNode.StartAsync(folder))
            (await node.ReadAsync("app.line.data")).Count.ShouldBe(1);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task StartAsync_MigrationFails_LeavesTheDatabaseAsItWas()
    {
        string folder = StoreNode.NewFolder();
        Create(folder, 1);
        Execute(folder, "CREATE TABLE workflow (in_the_way)");

        await Should.ThrowAsync<SqliteException>(() => StoreNode.StartAsync(folder));
        Execute(folder, "DROP TABLE workflow");

        await using (StoreNode node = await StoreNode.StartAsync(folder))
            (await node.ReadAsync("app.line.data")).Count.ShouldBe(1);
        Directory.Delete(folder, recursive: true);
    }

    private static void Create(string folder, int version)
    {
        using SqliteConnection connection = Open(folder);
        connection.Run("CREATE TABLE migration (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID");
        foreach ((string name, string sql) in Scripts().Take(version))
        {
            connection.Run(sql);
            connection.Run("INSERT INTO migration VALUES ($name)", ("$name", name));
            if (name != "0001-store")
                continue;
            byte[] data = Convert.FromHexString(Blob);
            connection.Run(Rows, ("$checksum", (long)Mlops.Store.CommitLog.Checksum.Of(data)), ("$data", data));
        }
    }

    private static void Execute(string folder, string sql)
    {
        using SqliteConnection connection = Open(folder);
        connection.Run(sql);
    }

    private static SqliteConnection Open(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "mlops.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<(string Name, string Sql)> Scripts()
    {
        Assembly assembly = typeof(FeedStore).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
            .Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return (n[(n.LastIndexOf('.', n.Length - 5) + 1)..^4], reader.ReadToEnd());
            })
            .OrderBy(s => s.Item1, StringComparer.Ordinal)];
    }
}
