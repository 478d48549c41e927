using Mlops.Store;

namespace Mlops.Testing.Store;

/// <summary>
/// What every <see cref="IFeedStore"/> promises, as checks that any test framework can run: each opens nothing of its own, works on an
/// empty store, and throws <see cref="ContractViolationException"/> where the promise is broken.
/// </summary>
/// <example>
/// With xunit: a theory over <see cref="Names"/> whose body is <c>await FeedStoreContract.RunAsync(name, fixture)</c>.
/// </example>
public static class FeedStoreContract
{
    private static readonly Dictionary<string, Func<IFeedStoreFixture, Task>> Checks = new(StringComparer.Ordinal);

    static FeedStoreContract()
    {
        FeedDeclarationChecks.AddTo(Checks);
        FeedCommitChecks.AddTo(Checks);
        FeedReadingChecks.AddTo(Checks);
    }

    /// <summary>Gets the names of the checks.</summary>
    public static IReadOnlyCollection<string> Names => Checks.Keys;

    /// <summary>Runs a check.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="fixture">An empty store; it stays the caller's to dispose.</param>
    /// <returns>Completes when the store keeps the promise.</returns>
    /// <exception cref="ContractViolationException">It does not: what was wanted and what was found.</exception>
    /// <exception cref="ArgumentException">There is no such check.</exception>
    public static async Task RunAsync(string name, IFeedStoreFixture fixture)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        if (!Checks.TryGetValue(name, out Func<IFeedStoreFixture, Task>? check))
            throw new ArgumentException($"There is no check '{name}'. Known: {string.Join(", ", Checks.Keys)}.", nameof(name));
        try
        {
            await check(fixture).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ContractViolationException)
        {
            throw new ContractViolationException($"{name}: the store threw {e.GetType().Name}: {e.Message}", e);
        }
    }
}
