using System.Diagnostics;
using Mlops.Drivers;

namespace Mlops.Testing.Drivers;

/// <summary>
/// Checks a driver against the contract of <see cref="IHighLevelDriver"/>, with the real asset or a stand-in for it. Each check throws
/// <see cref="DriverConformanceException"/> at the first rule that is broken, so that any test framework can run them.
/// </summary>
public sealed class DriverConformance
{
    private const string Asset = "conformance";
    private const int MostWrites = 64;
    private readonly IHighLevelDriverFactory _factory;
    private readonly Func<object> _settings;

    /// <summary>Creates the kit for a driver.</summary>
    /// <param name="factory">Creates the driver.</param>
    /// <param name="settings">Makes settings with which it reaches an asset that sends records without end.</param>
    public DriverConformance(IHighLevelDriverFactory factory, Func<object> settings)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(settings);
        (_factory, _settings) = (factory, settings);
    }

    /// <summary>Gets or sets how long the driver and its asset may take for what must happen.</summary>
    /// <value>Default 60 s.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how long the driver may take to end when asked to.</summary>
    /// <value>Default 10 s, after which a host gives it up.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets what takes the asset away; with <see cref="Reconnect"/> it lets <see cref="ReconnectsAsync"/> run.</summary>
    public Func<Task>? Disconnect { get; set; }

    /// <summary>Gets or sets what brings the asset back.</summary>
    public Func<Task>? Reconnect { get; set; }

    /// <summary>Runs all checks.</summary>
    /// <returns>Completes when the driver has passed.</returns>
    /// <exception cref="DriverConformanceException">It breaks a rule.</exception>
    public async Task RunAllAsync()
    {
        await CreatesWithoutEffectAsync().ConfigureAwait(false);
        await RunsAndStopsAsync().ConfigureAwait(false);
        await HonoursBackPressureAsync().ConfigureAwait(false);
        await RunsAgainAsync().ConfigureAwait(false);
        if (Disconnect is not null && Reconnect is not null)
            await ReconnectsAsync().ConfigureAwait(false);
    }

    /// <summary>Checks the factory, and that a driver can be disposed without having run, and twice.</summary>
    /// <returns>Completes when the driver has passed.</returns>
    /// <exception cref="DriverConformanceException">It breaks a rule.</exception>
    public async Task CreatesWithoutEffectAsync()
    {
        string kind = _factory.Kind;
        if (kind.Length == 0 || kind.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_')))
            throw new DriverConformanceException("kind", $"The kind '{kind}' has other characters than a-z, 0-9, - and _. It becomes part of feed ids.");
        if (!_factory.SettingsType.IsInstanceOfType(_settings()))
            throw new DriverConformanceException("settings", $"The settings are {_settings().GetType()}, but the factory's SettingsType is {_factory.SettingsType}.");
        if (_factory.SettingsType.GetConstructor(Type.EmptyTypes) is null)
            throw new DriverConformanceException("settings", $"{_factory.SettingsType} has no constructor without parameters. Defaults are shown from a new instance.");
        IHighLevelDriver driver = Create();
        IHighLevelDriver other = Create();
        if (ReferenceEquals(driver, other))
            throw new DriverConformanceException("create", "The factory gives the same driver twice. Each asset, and each start, gets its own.");
        await DisposeTwiceAsync(driver).ConfigureAwait(false);
        await DisposeTwiceAsync(other).ConfigureAwait(false);
    }

    /// <summary>Checks that the driver declares, connects, writes, goes on without throwing, and ends promptly when asked to.</summary>
    /// <returns>Completes when the driver has passed.</returns>
    /// <exception cref="DriverConformanceException">It breaks a rule.</exception>
    public async Task RunsAndStopsAsync()
    {
        await using var run = new Run(this);
        await run.UntilAsync("run", () => run.IsConnected && run.Sink.Records > 0, "reported Connected and written a record").ConfigureAwait(false);
        await run.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Checks that the driver waits, or drops by itself, while its records cannot be kept; that it ends meanwhile; and that it goes on afterwards.</summary>
    /// <returns>Completes when the driver has passed.</returns>
    /// <exception cref="DriverConformanceException">It breaks a rule.</exception>
    public async Task HonoursBackPressureAsync()
    {
        await using (var run = new Run(this))
        {
            run.Sink.Hold();
            await run.UntilAsync("back-pressure", () => run.Sink.Writing > 0, "tried to write a record").ConfigureAwait(false);

            // Time enough for a driver that does not wait to pile up more than it may.
            for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(500);)
            {
                run.ThrowIfEnded("back-pressure");
                ThrowIfPiledUp(run.Sink);
                await Task.Delay(5).ConfigureAwait(false);
            }

            run.Sink.Release();
            await run.UntilAsync("back-pressure", () => run.Sink.Records > 0, "gone on writing after it could").ConfigureAwait(false);
            ThrowIfPiledUp(run.Sink);
            await run.StopAsync().ConfigureAwait(false);
        }

        await using var stopped = new Run(this);
        stopped.Sink.Hold();
        await stopped.UntilAsync("back-pressure", () => stopped.Sink.Writing > 0, "tried to write a record").ConfigureAwait(false);
        await stopped.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Checks that a new driver reaches the asset after another was stopped: the first has released what it held.</summary>
    /// <returns>Completes when the driver has passed.</returns>
    /// <exception cref="DriverConformanceException">It breaks a rule.</exception>
    public async Task RunsAgainAsync()
    {
        for (int i = 0; i < 3; i++)
            await RunsAndStopsAsync().ConfigureAwait(false);
    }

    /// <summary>Checks that the driver reports a lost asset, does not throw or end, and goes on by itself when the asset is back.</summary>
    /// <returns>Completes when the driver has passed.</returns>
    /// <exception cref="DriverConformanceException">It breaks a rule.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Disconnect"/> and <see cref="Reconnect"/> are not given.</exception>
    public async Task ReconnectsAsync()
    {
        if (Disconnect is null || Reconnect is null)
            throw new InvalidOperationException("Give Disconnect and Reconnect, which take the asset away and bring it back.");
        await using var run = new Run(this);
        await run.UntilAsync("reconnect", () => run.IsConnected && run.Sink.Records > 0, "reported Connected and written a record").ConfigureAwait(false);
        await Disconnect().ConfigureAwait(false);
        await run.UntilAsync("reconnect", () => !run.IsConnected, "reported that the asset is lost").ConfigureAwait(false);
        await Reconnect().ConfigureAwait(false);
        long before = run.Sink.Records;
        await run.UntilAsync("reconnect", () => run.IsConnected && run.Sink.Records > before, "reported Connected and written records after the asset came back").ConfigureAwait(false);
        await run.StopAsync().ConfigureAwait(false);
    }

    private static void ThrowIfPiledUp(RecordingSink sink)
    {
        if (sink.MostWriting > MostWrites)
            throw new DriverConformanceException("back-pressure", $"More than {MostWrites} writes wait at the same time. Await WriteAsync before reading on, or drop records and say so.");
    }

    private IHighLevelDriver Create()
    {
        try
        {
            return _factory.Create(Asset, _settings()) ?? throw new DriverConformanceException("create", "The factory returns null.");
        }
        catch (Exception e) when (e is not DriverConformanceException)
        {
            throw new DriverConformanceException("create", $"Creating it throws {e.GetType().Name}: {e.Message} Creating does no I/O and fails only for wrong settings.", e);
        }
    }

    private async Task DisposeTwiceAsync(IHighLevelDriver driver)
    {
        for (int i = 1; i <= 2; i++)
        {
            try
            {
                await driver.DisposeAsync().AsTask().WaitAsync(StopTimeout).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw new DriverConformanceException("dispose", $"Disposing it for the {(i == 1 ? "first" : "second")} time throws {e.GetType().Name}: {e.Message}", e);
            }
        }
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly DriverConformance _kit;
        private readonly IHighLevelDriver _driver;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Run(DriverConformance kit)
        {
            _kit = kit;
            Sink = new RecordingSink(kit._factory.Kind, Asset);
            _driver = kit.Create();
            _task = Task.Run(() => _driver.RunAsync(Sink, _stop.Token));
        }

        public RecordingSink Sink { get; }

        public bool IsConnected => Sink.States is [.., { State: DriverState.Connected or DriverState.Degraded }];

        public async Task UntilAsync(string rule, Func<bool> condition, string what)
        {
            for (long started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(5).ConfigureAwait(false))
            {
                ThrowIfEnded(rule);
                ThrowIfViolated();
                if (Stopwatch.GetElapsedTime(started) > _kit.Patience)
                    throw new DriverConformanceException(rule, $"It has not {what} within {_kit.Patience.TotalSeconds:0.#} s. Its states: {string.Join(", ", Sink.States.TakeLast(10).Select(s => s.Reason is null ? $"{s.State}" : $"{s.State} ({s.Reason})"))}; records: {Sink.Records}.");
            }

            ThrowIfViolated();
        }

        public void ThrowIfEnded(string rule)
        {
            if (_task.IsCompleted)
                throw new DriverConformanceException(rule, _task.Exception?.InnerException is { } e ? $"RunAsync throws {e.GetType().Name} while it shall run: {e.Message} Report a lost asset and try again." : "RunAsync ends without being asked to. It runs until its token fires.", _task.Exception?.InnerException);
        }

        public async Task StopAsync()
        {
            ThrowIfEnded("run");
            _ = _stop.CancelAsync();
            if (await Task.WhenAny(_task, Task.Delay(_kit.StopTimeout)).ConfigureAwait(false) != _task)
                throw new DriverConformanceException("stop", $"RunAsync has not ended within {_kit.StopTimeout.TotalSeconds:0.#} s of its token. Pass the token on to everything that waits.");
            if (_task.Exception?.InnerException is { } e)
                throw new DriverConformanceException("stop", $"RunAsync throws {e.GetType().Name} when its token fires: {e.Message} It returns, or throws OperationCanceledException.", e);
            Sink.End();
            await _kit.DisposeTwiceAsync(_driver).ConfigureAwait(false);

            // What is still running in the background shows itself soon.
            await Task.Delay(50).ConfigureAwait(false);
            ThrowIfViolated();
        }

        public async ValueTask DisposeAsync()
        {
            _ = _stop.CancelAsync();
            Sink.Release();
            await Task.WhenAny(_task, Task.Delay(_kit.StopTimeout)).ConfigureAwait(false);
            _ = _task.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        }

        private void ThrowIfViolated()
        {
            if (Sink.Violations is [var first, ..])
                throw new DriverConformanceException("sink", first);
        }
    }
}
