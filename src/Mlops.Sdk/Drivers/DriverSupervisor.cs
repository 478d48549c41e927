using Microsoft.Extensions.Logging;

namespace Mlops.Drivers;

/// <summary>
/// Keeps the driver of one asset running: when it fails, it is disposed and created anew, later and later. Only a wrong setting ends
/// it, because trying again would not help.
/// </summary>
internal sealed class DriverSupervisor(string asset, IHighLevelDriverFactory factory, object settings, AssetSink sink, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstRestart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRestart = TimeSpan.FromMinutes(1);

    /// <summary>Runs until stopped. Never throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        TimeSpan pause = FirstRestart;
        while (!stop.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            string failure;
            try
            {
                await RunOnceAsync(stop).ConfigureAwait(false);
                failure = "the driver ended without being asked to";
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (DriverConfigurationException e)
            {
                Log.SettingsRefused(logger, asset, factory.Kind, e);
                sink.Report(DriverState.Faulted, e.Message);
                return;
            }
            catch (Exception e)
            {
                Log.DriverFailed(logger, asset, factory.Kind, e);
                failure = e.Message;
            }

            if (stop.IsCancellationRequested)
                break;
            if (time.GetElapsedTime(started) > LastRestart)
                pause = FirstRestart;
            sink.Report(DriverState.Faulted, $"{failure}. The driver starts again in {pause.TotalSeconds:0} s.");
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LastRestart ? pause * 2 : LastRestart;
        }

        sink.Report(DriverState.Stopped);
    }

    private async Task RunOnceAsync(CancellationToken stop)
    {
        IHighLevelDriver driver = factory.Create(asset, settings);
        await using (driver.ConfigureAwait(false))
        {
            sink.Report(DriverState.Connecting);
            await driver.RunAsync(sink, stop).ConfigureAwait(false);
        }
    }
}
