using System.Diagnostics;

namespace Mlops.DuckDb.Tests;

public sealed class DuckDbConnectionTests : IDisposable
{
    // Runs for minutes when nobody stops it.
    private const string Endless = "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 8";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { Threads = 2 });

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Execute_Script_RunsAllAndSumsChangedRows()
    {
        using var connection = _database.Connect();
        connection.Execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2), (3); UPDATE t SET a = 9 WHERE a > 1; SELECT * FROM t; DELETE FROM t WHERE a = 1;").ShouldBe(6);
        connection.Int64("SELECT sum(a)::BIGINT FROM t").ShouldBe(18);
    }

    [Fact]
    public void Execute_ScriptThatFailsHalfway_KeepsWhatWasDone()
    {
        using var connection = _database.Connect();
        Should.Throw<DuckDbException>(() => connection.Execute("CREATE TABLE t AS SELECT 1 AS a; SELECT nothing FROM t; DROP TABLE t"));
        connection.Int64("SELECT a FROM t").ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-- only a comment")]
    public void Execute_NoStatement_ChangesNothing(string sql)
    {
        using var connection = _database.Connect();
        connection.Execute(sql).ShouldBe(0);
        Should.Throw<DuckDbException>(() => connection.Query(sql));
    }

    [Fact]
    public void EveryStatement_ZeroCharacterInTheText_IsRefusedRatherThanCut()
    {
        using var connection = _database.Connect();
        Should.Throw<ArgumentException>(() => connection.Execute("SELECT 1\0 + 1"));
        Should.Throw<ArgumentException>(() => connection.Query("SELECT 1\0 + 1"));
        Should.Throw<ArgumentException>(() => connection.Prepare("SELECT 1\0 + 1"));
    }

    [Fact]
    public void Query_TwoStatements_IsRefused()
    {
        using var connection = _database.Connect();
        connection.Execute("CREATE TABLE t (a INTEGER)");
        Should.Throw<DuckDbException>(() => connection.Query("SELECT 1; DROP TABLE t"));
        connection.Int64("SELECT count(*) FROM t").ShouldBe(0);
    }

    [Fact]
    public void Execute_WhileAResultStreams_ThrowsUntilItIsDisposed()
    {
        using var connection = _database.Connect();
        var result = connection.Query("SELECT range FROM range(1000000)");
        result.NextChunk().ShouldNotBeNull();
        Should.Throw<InvalidOperationException>(() => connection.Execute("SELECT 1")).Message.ShouldContain("range(1000000)");
        Should.Throw<InvalidOperationException>(() => connection.Prepare("SELECT 1"));
        Should.Throw<InvalidOperationException>(() => connection.CreateAppender("t"));
        result.NextChunk().ShouldNotBeNull();
        result.Dispose();
        connection.Execute("SELECT 1").ShouldBe(0);
    }

    [Fact]
    public async Task Execute_TokenCancelledMeanwhile_StopsAndTheConnectionLivesOn()
    {
        using var connection = _database.Connect();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var running = Task.Run(() => connection.Execute(Endless, cancel.Token));
        (await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(Deadline))).CancellationToken.ShouldBe(cancel.Token);
        connection.Int64("SELECT 1").ShouldBe(1);
    }

    [Fact]
    public void Execute_TokenCancelledBefore_DoesNotRun()
    {
        using var connection = _database.Connect();
        Should.Throw<OperationCanceledException>(() => connection.Execute("CREATE TABLE t (a INTEGER)", new CancellationToken(canceled: true)));
        Should.Throw<DuckDbException>(() => connection.Execute("SELECT * FROM t"));
    }

    [Fact]
    public void Execute_CancelledAtAnyMoment_EitherFinishesOrThrowsCancelled()
    {
        using var connection = _database.Connect();
        using var statement = connection.Prepare("SELECT sum(range) FROM range(300000)");
        for (var i = 0; i < 200; i++)
        {
            using var cancel = new CancellationTokenSource();
            var canceller = new Thread(() => { Thread.SpinWait(i * 50); cancel.Cancel(); });
            canceller.Start();
            try
            {
                statement.Execute(cancel.Token);
            }
            catch (OperationCanceledException)
            {
                cancel.IsCancellationRequested.ShouldBeTrue();
            }

            canceller.Join();
            connection.Int64("SELECT 1").ShouldBe(1);
        }

    }

    [Fact]
    public void NextChunk_TokenCancelledWhileStreaming_Stops()
    {
        using var connection = _database.Connect();
        using var cancel = new CancellationTokenSource();
        using var result = connection.Query("SELECT range FROM range(10000000000)", cancel.Token);
        result.NextChunk().ShouldNotBeNull();
        cancel.Cancel();
        Should.Throw<OperationCanceledException>(() =>
        {
            while (result.NextChunk() is not null)
            {
            }
        });
        connection.Int64("SELECT 1").ShouldBe(1);
    }

    [Fact]
    public async Task Interrupt_FromAnotherThread_StopsTheRunningStatement()
    {
        using var connection = _database.Connect();
        var running = Task.Run(() => connection.Execute(Endless));
        // An interrupt before the statement runs is forgotten, so it is repeated until the statement ends.
        var watch = Stopwatch.StartNew();
        while (!running.IsCompleted && watch.Elapsed < Deadline)
        {
            connection.Interrupt();
            await Task.WhenAny(running, Task.Delay(20));
        }

        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public void Connect_ManyConnectionsOnThreads_ShareTheTables()
    {
        using (var connection = _database.Connect()) connection.Execute("CREATE TABLE t (thread INTEGER, i INTEGER)");
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, thread =>
        {
            using var connection = _database.Connect();
            using var statement = connection.Prepare("INSERT INTO t SELECT ?, range::INTEGER FROM range(?)");
            for (var i = 0; i < 5; i++)
            {
                statement.Bind(1, thread);
                statement.Bind(2, 100);
                statement.Execute().ShouldBe(100);
                // Only what no other thread can change meanwhile: the engine may drop a filter by the table's statistics, which others' rows outdate.
                connection.Int64("SELECT count(*) FROM t").ShouldBeGreaterThanOrEqualTo((i + 1) * 100);
            }
        });
        using var last = _database.Connect();
        last.Int64("SELECT count(*) FROM t").ShouldBe(8000);
        last.Int64("SELECT count(*) FROM (SELECT thread FROM t GROUP BY thread HAVING count(*) = 500)").ShouldBe(16);
    }

    [Fact]
    public void Dispose_OpenTransaction_IsRolledBack()
    {
        using var connection = _database.Connect();
        connection.Execute("CREATE TABLE t (a INTEGER)");
        using (var other = _database.Connect()) other.Execute("BEGIN; INSERT INTO t VALUES (1)");
        connection.Int64("SELECT count(*) FROM t").ShouldBe(0);
    }

    [Fact]
    public void EveryMember_DisposedConnection_Throws()
    {
        var connection = _database.Connect();
        connection.Execute("CREATE TABLE t (a INTEGER)");
        var statement = connection.Prepare("SELECT ?");
        var appender = connection.CreateAppender("t");
        appender.Column<int>(0)[0] = 1;
        var result = connection.Query("SELECT range FROM range(100000)");
        var chunk = result.NextChunk().ShouldNotBeNull();
        connection.Dispose();
        connection.Dispose();

        Should.Throw<ObjectDisposedException>(() => connection.Execute("SELECT 1"));
        Should.Throw<ObjectDisposedException>(() => connection.Query("SELECT 1"));
        Should.Throw<ObjectDisposedException>(() => connection.Prepare("SELECT 1"));
        Should.Throw<ObjectDisposedException>(() => connection.CreateAppender("t"));
        Should.Throw<ObjectDisposedException>(connection.Interrupt);
        Should.Throw<ObjectDisposedException>(() => statement.Bind(1, 1));
        Should.Throw<ObjectDisposedException>(() => statement.Execute());
        Should.Throw<ObjectDisposedException>(() => result.NextChunk());
        Should.Throw<ObjectDisposedException>(() => chunk[0].Length);
        Should.Throw<ObjectDisposedException>(() => appender.AppendChunk(1));
        Should.Throw<ObjectDisposedException>(appender.Flush);
        statement.Dispose();
        result.Dispose();
        appender.Dispose();
    }
}
