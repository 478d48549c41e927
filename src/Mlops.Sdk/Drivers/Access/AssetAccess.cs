using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Mlops.Workflows;

namespace Mlops.Drivers.Access;

/// <inheritdoc/>
internal sealed class AssetAccess(DriverHost host, DriverKinds kinds, IOptions<DriversOptions> options, TimeProvider time) : IAssetAccess
{
    // One that changes something at a time, for each running driver; an entry goes with its driver.
    private readonly ConditionalWeakTable<IHighLevelDriver, SemaphoreSlim> _writing = [];

    public AssetTraits Traits(string asset)
    {
        IHighLevelDriver? driver = host.Running(asset).Driver;
        return new AssetTraits(driver is IBrowsableDriver, driver is IWritableDriver, driver is IPreviewableDriver, driver is ICallableDriver);
    }

    public Task<IReadOnlyList<BrowseItem>> BrowseAsync(string asset, string? parent = null, CancellationToken cancellationToken = default) =>
        CallAsync<IBrowsableDriver, IReadOnlyList<BrowseItem>>(asset, "be browsed", (driver, stop) => driver.BrowseAsync(parent, stop).AsTask(), cancellationToken);

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(string asset, IReadOnlyList<AssetValue> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == 0 ? [] : await CallAsync<IWritableDriver, IReadOnlyList<WriteOutcome>>(
            asset,
            "be written to",
            (driver, stop) => InTurnAsync(
                (IHighLevelDriver)driver,
                async () =>
                {
                    IReadOnlyList<WriteOutcome> outcomes = await driver.WriteAsync(values, stop).ConfigureAwait(false);
                    return outcomes.Count == values.Count ? outcomes : throw new InvalidOperationException($"its driver gave {outcomes.Count} outcomes for {values.Count} values");
                },
                stop),
            cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<object?>> CallMethodAsync(string asset, string method, IReadOnlyList<object?> arguments, CancellationToken cancellationToken = default) =>
        CallAsync<ICallableDriver, IReadOnlyList<object?>>(
            asset,
            "call methods",
            (driver, stop) => InTurnAsync((IHighLevelDriver)driver, () => driver.CallAsync(method, arguments, stop).AsTask(), stop),
            cancellationToken);

    public Task<PreviewFrame?> PreviewAsync(string asset, CancellationToken cancellationToken = default) =>
        CallAsync<IPreviewableDriver, PreviewFrame?>(asset, "show a preview", (driver, stop) => driver.PreviewAsync(stop).AsTask(), cancellationToken);

    public Task<IReadOnlyList<DiscoveredAsset>> DiscoverAsync(string kind, string? address = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(kind);
        IHighLevelDriverFactory factory = kinds.Find(kind)
            ?? throw new AssetAccessException(AssetAccessFailure.NoSuchKind, $"There is no driver kind '{kind}'.{NearestName.Hint(kind, kinds.Names)} Known: {string.Join(", ", kinds.Names)}.");
        if (factory is not IDiscoveringDriverFactory finder)
            throw new AssetAccessException(AssetAccessFailure.NotSupported, $"Drivers of the kind '{factory.Kind}' do not find assets by themselves: add the asset with its settings.");
        return AskAsync($"Drivers of the kind '{factory.Kind}'", "find assets", stop => finder.DiscoverAsync(address, stop).AsTask(), cancellationToken);
    }

    private async Task<TResult> InTurnAsync<TResult>(IHighLevelDriver driver, Func<Task<TResult>> change, CancellationToken stop)
    {
        SemaphoreSlim turn = _writing.GetValue(driver, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<TResult> CallAsync<TTrait, TResult>(string asset, string what, Func<TTrait, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken)
        where TTrait : class
    {
        (AssetInfo? info, IHighLevelDriver? driver) = host.Running(asset);
        if (info is null)
            throw new AssetAccessException(AssetAccessFailure.NoSuchAsset, $"There is no asset '{asset}'. The assets of this node: {string.Join(", ", host.List().Select(a => a.Id))}.");
        if (driver is null)
            throw new AssetAccessException(AssetAccessFailure.NotRunning, $"Asset '{info.Id}' cannot {what} while its driver does not run ({info.State}{(info.Reason is null ? "" : ": " + info.Reason.TrimEnd('.'))}). Try again when it does.");
        if (driver is not TTrait trait)
            throw new AssetAccessException(AssetAccessFailure.NotSupported, $"Asset '{info.Id}' cannot {what}: drivers of the kind '{info.Kind}' do not offer it.");
        return await AskAsync($"Asset '{info.Id}'", what, token => call(trait, token), cancellationToken).ConfigureAwait(false);
    }

    private async Task<TResult> AskAsync<TResult>(string who, string what, Func<CancellationToken, Task<TResult>> ask, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // On the pool and with a deadline of our own: a driver that blocks, or does not look at its token, holds nobody up.
            return await Task.Run(() => ask(stop.Token), stop.Token).WaitAsync(options.Value.CallTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _ = stop.CancelAsync();
            throw new AssetAccessException(AssetAccessFailure.TimedOut, $"{who} did not {what} within {options.Value.CallTimeout.TotalSeconds:0.#} s (Mlops:Drivers:CallTimeout). Try again, or look at its state.");
        }
        catch (ArgumentException e)
        {
            throw new AssetAccessException(AssetAccessFailure.BadRequest, $"{who} cannot {what} like this: {e.Message}", e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AssetAccessException(AssetAccessFailure.Failed, $"{who} cannot {what}: {e.Message}", e);
        }
    }
}
