using Microsoft.Data.Sqlite;

namespace Mlops.Store;

/// <summary>A piece of work for the thread that writes <c>mlops.db</c>.</summary>
internal abstract class NodeWork
{
    /// <summary>Gets or sets why this work alone was taken back.</summary>
    public Exception? Failure { get; set; }

    public abstract void Run(SqliteConnection connection);

    /// <summary>Ends the work after the transaction is durable.</summary>
    public abstract void Complete();

    /// <summary>Ends the work after the transaction was taken back.</summary>
    public abstract void Fail(Exception reason);
}

/// <inheritdoc/>
internal sealed class NodeWork<T>(Func<SqliteConnection, T> work, Action<T>? committed, CancellationToken cancellationToken) : NodeWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _done.Task;

    public override void Run(SqliteConnection connection)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _result = work(connection);
    }

    public override void Complete()
    {
        if (Failure is not null)
        {
            Fail(Failure);
            return;
        }

        committed?.Invoke(_result!);
        _done.SetResult(_result!);
    }

    public override void Fail(Exception reason)
    {
        if ((Failure ?? reason) is OperationCanceledException && cancellationToken.IsCancellationRequested)
            _done.SetCanceled(cancellationToken);
        else
            _done.SetException(Failure ?? reason);
    }
}
