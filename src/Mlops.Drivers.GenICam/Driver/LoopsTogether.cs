namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Loops that need one another.</summary>
internal static class LoopsTogether
{
    /// <summary>Runs them until one ends, whereupon the others are stopped.</summary>
    public static async Task RunAsync(CancellationToken stop, params IReadOnlyList<Func<CancellationToken, Task>> loops)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] running = [.. loops.Select(loop => loop(end.Token))];
        await Task.WhenAny(running).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }
}
