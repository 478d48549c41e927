namespace Mlops.DuckDb.Tests;

public class DuckDbDatabaseTests
{
    [Fact]
    public void LibraryVersion_PackagedLibrary_IsThePinnedRelease() => DuckDbDatabase.LibraryVersion.ShouldBe("v1.5.5");

    [Fact]
    public void OpenInMemory_Defaults_BoundMemoryAndThreads()
    {
        using var database = DuckDbDatabase.OpenInMemory();
        using var connection = database.Connect();
        connection.Text("SELECT current_setting('memory_limit')").ShouldBe("128.0 MiB");
        connection.Int64("SELECT current_setting('threads')").ShouldBe(Environment.ProcessorCount);
        connection.Text("SELECT current_setting('temp_directory')").ShouldBe("");
    }

    [Fact]
    public void OpenInMemory_Twice_GivesSeparateDatabases()
    {
        using var first = DuckDbDatabase.OpenInMemory();
        using var second = DuckDbDatabase.OpenInMemory();
        using var one = first.Connect();
        using var two = second.Connect();
        one.Execute("CREATE TABLE t (a INTEGER)");
        Should.Throw<DuckDbException>(() => two.Execute("SELECT * FROM t")).ErrorType.ShouldBe("Catalog");
    }

    [Fact]
    public void OpenInMemory_OptionOutOfRange_NamesTheOption()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => DuckDbDatabase.OpenInMemory(new DuckDbOptions { Threads = 0 })).Message.ShouldContain("Threads");
        Should.Throw<ArgumentOutOfRangeException>(() => DuckDbDatabase.OpenInMemory(new DuckDbOptions { MemoryLimitBytes = 0 })).Message.ShouldContain("MemoryLimitBytes");
        Should.Throw<ArgumentOutOfRangeException>(() => DuckDbDatabase.OpenInMemory(new DuckDbOptions { MaxTempBytes = -1 })).Message.ShouldContain("MaxTempBytes");
    }

    [Fact]
    public void Query_MoreThanTheLimitWithoutTempFolder_FailsAndTheDatabaseLivesOn()
    {
        using var database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { MemoryLimitBytes = 32 << 20, Threads = 2 });
        using var connection = database.Connect();
        var error = Should.Throw<DuckDbException>(() => connection.Execute("CREATE TABLE big AS SELECT range AS i, hash(range) AS h FROM range(20000000)"));
        error.ErrorType.ShouldBe("Out of Memory");
        connection.Int64("SELECT 42").ShouldBe(42);
    }

    [Fact]
    public void Query_MoreThanTheLimitWithTempFolder_SpillsAndSucceeds()
    {
        using var temp = new TempFolder();
        var spill = temp.File("spill");
        using (var database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { MemoryLimitBytes = 64 << 20, Threads = 2, TempFolder = spill }))
        using (var connection = database.Connect())
        {
            connection.Execute("CREATE TABLE big AS SELECT range AS i, hash(range) AS h FROM range(12000000)");
            Directory.EnumerateFiles(spill).Sum(file => new FileInfo(file).Length).ShouldBeGreaterThan(1 << 20);
            connection.Int64("SELECT count(*) FROM big WHERE h = hash(i)").ShouldBe(12_000_000);
        }

        (Directory.Exists(spill) ? Directory.GetFiles(spill) : []).ShouldBeEmpty();
    }

    [Fact]
    public void Execute_FileOutsideAllowedFolders_IsRefusedWithTheRemedy()
    {
        using var temp = new TempFolder();
        var inside = Directory.CreateDirectory(temp.File("it's in")).FullName;
        var options = new DuckDbOptions { TempFolder = temp.File("spill") };
        options.AllowedFolders.Add(inside);
        using var database = DuckDbDatabase.OpenInMemory(options);
        using var connection = database.Connect();
        var quoted = inside.Replace("'", "''", StringComparison.Ordinal);
        connection.Execute($"COPY (SELECT 1 AS a) TO '{quoted}/a.parquet'").ShouldBe(1);
        connection.Int64($"SELECT a FROM '{quoted}/a.parquet'").ShouldBe(1);

        var error = Should.Throw<DuckDbException>(() => connection.Execute($"COPY (SELECT 1 AS a) TO '{temp.File("b.parquet")}'"));
        error.ErrorType.ShouldBe("Permission");
        error.Message.ShouldContain("AllowedFolders");
        File.Exists(temp.File("b.parquet")).ShouldBeFalse();
        Should.Throw<DuckDbException>(() => connection.Execute($"COPY (SELECT 1 AS a) TO '{quoted}/../b.parquet'")).ErrorType.ShouldBe("Permission");
        Should.Throw<DuckDbException>(() => connection.Execute("SET enable_external_access = true"));
    }

    [Fact]
    public void Execute_ExtensionThatIsNotBuiltIn_IsNotFetched()
    {
        using var database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true });
        using var connection = database.Connect();
        Should.Throw<DuckDbException>(() => connection.Execute("SELECT * FROM st_read('x.shp')")).ErrorType.ShouldBe("Catalog");
    }

    [Fact]
    public void Connect_DisposedDatabase_Throws()
    {
        var database = DuckDbDatabase.OpenInMemory();
        database.Dispose();
        database.Dispose();
        Should.Throw<ObjectDisposedException>(() => database.Connect());
    }

    [Fact]
    public void Dispose_ConnectionStillOpen_ConnectionKeepsWorking()
    {
        var database = DuckDbDatabase.OpenInMemory();
        using var connection = database.Connect();
        database.Dispose();
        connection.Int64("SELECT 7").ShouldBe(7);
    }
}
