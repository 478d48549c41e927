using Mlops.Drivers.Mirroring;

namespace Mlops.Drivers;

/// <summary>
/// Keeps the driver of one asset running: when it fails, it is disposed and created anew, later and later. Only a wrong setting ends
/// it, because trying again would not help.
/// </summary>
/// <remarks>
/// Nothing that a driver does reaches beyond its asset: creating, running and disposing happen on the pool; what throws is a restart;
/// what hangs is given up after a deadline, and its sink is closed, so that it can write and report no more.
/// </remarks>
internal sealed class DriverSupervisor(AssetSite site, IHighLevelDriverFactory factory, object settings, AssetStatus status, FeedMirrors? mirrors, DriversOptions options, TimeProvider time)
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WaitingRecords _waiting = new(options.MaxWaitingRecords);
    private volatile IHighLevelDriver? _driver;
    private volatile object _settings = settings;

    /// <summary>Gets the driver that runs now; null between two runs.</summary>
    public IHighLevelDriver? Driver => _driver;

    /// <summary>Asks it to end; <see cref="RunAsync"/> completes within the deadlines.</summary>
    public void Stop() => _asked.TrySetResult();

    /// <summary>Lets the driver that runs take changed settings.</summary>
    /// <returns>Whether it has; it must be started anew if not.</returns>
    public async Task<bool> TryChangeAsync(object changed)
    {
        // Before it is asked: should it fail just now, it starts again with these.
        _settings = changed;
        if (_driver is not IReconfigurableDriver driver)
            return false;
        try
        {
            return await Task.Run(() => driver.TryReconfigure(changed)).WaitAsync(options.StopTimeout, time).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A new start is what helps, and tells what is wrong.
            Log.NotReconfigured(site.Logger, site.Asset, site.Kind, e.Message);
            return false;
        }
    }

    /// <summary>Runs until asked to end. Never throws.</summary>
    public async Task RunAsync()
    {
        TimeSpan pause = options.FirstRestart;
        while (!_asked.Task.IsCompleted)
        {
            long started = time.GetTimestamp();
            using var sink = new AssetSink(site, status, _waiting, mirrors);
            string? failure;
            try
            {
                if (!await RunOnceAsync(sink).ConfigureAwait(false))
                    return;
                failure = "The driver ended without being asked to";
            }
            catch (DriverConfigurationException e) when (!_asked.Task.IsCompleted)
            {
                Log.SettingsRefused(site.Logger, site.Asset, site.Kind, e);
                site.Report(status, DriverState.Faulted, e.Message);
                return;
            }
            catch (Exception e) when (!_asked.Task.IsCompleted)
            {
                Log.DriverFailed(site.Logger, site.Asset, site.Kind, e);
                failure = e.Message.TrimEnd('.');
            }
            catch (Exception e)
            {
                // Failing instead of ending ends it as well.
                if (e is not OperationCanceledException)
                    Log.EndedBadly(site.Logger, site.Asset, site.Kind, e.Message);
                failure = null;
            }

            if (_asked.Task.IsCompleted)
                break;
            if (time.GetElapsedTime(started) > options.LastRestart)
                pause = options.FirstRestart;
            site.Report(status, DriverState.Faulted, $"{failure}. The driver starts again in {pause.TotalSeconds:0.#} s.");
            await WaitAsync(_asked.Task, pause).ConfigureAwait(false);
            pause = pause * 2 < options.LastRestart ? pause * 2 : options.LastRestart;
            status.Restarted();
        }

        site.Report(status, DriverState.Stopped, null);
    }

    // False when the driver was given up; then the status says so.
    private async Task<bool> RunOnceAsync(AssetSink sink)
    {
        var stop = new CancellationTokenSource();
        Task run = Task.Run(() => DriveAsync(sink, stop.Token));
        await Task.WhenAny(run, _asked.Task).ConfigureAwait(false);
        if (run.IsCompleted)
        {
            await run.ConfigureAwait(false);
            return true;
        }

        // Not awaited: whatever the driver has hung onto its token may hang as well, or throw.
        Observe(stop.CancelAsync());
        if (await WaitAsync(run, options.StopTimeout).ConfigureAwait(false))
        {
            await run.ConfigureAwait(false);
            return true;
        }

        Observe(run);
        sink.Close();
        Log.GivenUp(site.Logger, site.Asset, site.Kind, options.StopTimeout);
        site.Report(status, DriverState.Faulted, $"The driver did not end within {options.StopTimeout.TotalSeconds:0.#} s of being asked to and was given up. It may still hold its connection; restart the node to free it.");
        return false;
    }

    private async Task DriveAsync(AssetSink sink, CancellationToken stop)
    {
        IHighLevelDriver driver = factory.Create(site.Asset, _settings)
            ?? throw new InvalidOperationException($"The factory of the kind '{site.Kind}' has created no driver");
        try
        {
            _driver = driver;
            sink.Report(DriverState.Connecting);
            await driver.RunAsync(sink, stop).ConfigureAwait(false);
        }
        finally
        {
            _driver = null;
            await DisposeAsync(driver).ConfigureAwait(false);
        }
    }

    // A driver whose disposal throws or hangs has lost its connection's end, not the asset's next start.
    private async Task DisposeAsync(IHighLevelDriver driver)
    {
        Task disposal = Task.Run(() => driver.DisposeAsync().AsTask());
        if (!await WaitAsync(disposal, options.StopTimeout).ConfigureAwait(false))
            Log.DisposalFailed(site.Logger, site.Asset, site.Kind, $"it took longer than {options.StopTimeout.TotalSeconds:0.#} s and was given up");
        else if (disposal.Exception is { } failure)
            Log.DisposalFailed(site.Logger, site.Asset, site.Kind, failure.InnerException!.Message);
        Observe(disposal);
    }

    private async Task<bool> WaitAsync(Task task, TimeSpan timeout)
    {
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(task, Task.Delay(timeout, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return task.IsCompleted;
    }

    private static void Observe(Task task) =>
        _ = task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
