using Mlops.Store;

namespace Mlops.Testing.Store;

/// <summary>A store under test, empty at first. A store's author implements it for <see cref="FeedStoreContract"/>.</summary>
public interface IFeedStoreFixture : IAsyncDisposable
{
    /// <summary>Gets the store; another object after <see cref="RestartAsync"/>.</summary>
    IFeedStore Store { get; }

    /// <summary>Ends the store as a crash would, without a graceful stop, and opens it again over the same data.</summary>
    /// <returns>Completes when <see cref="Store"/> can be used.</returns>
    Task RestartAsync();

    /// <summary>Moves records to where they end up when they get older (files, partitions); nothing for a store with one place.</summary>
    /// <returns>Completes when they are there.</returns>
    Task SettleAsync();
}
