namespace Mlops.Drivers;

/// <summary>A driver, beside <see cref="IHighLevelDriver"/>, that can call methods of its asset.</summary>
/// <remarks>Called only while <see cref="IHighLevelDriver.RunAsync"/> runs, on any thread, one call at a time; a call that takes too long is cancelled.</remarks>
public interface ICallableDriver
{
    /// <summary>Calls a method.</summary>
    /// <param name="method">Names the method, as <see cref="BrowseItem.Id"/> or the driver's documentation says.</param>
    /// <param name="arguments">Values of the types that <see cref="AssetValue.Value"/> names, in the method's order.</param>
    /// <param name="cancellationToken">Gives up; the method may run all the same.</param>
    /// <returns>What the method has returned, values of the same types or lists of them; empty when it returns nothing.</returns>
    /// <exception cref="ArgumentException">There is no such method, or the arguments do not fit; the message says what does.</exception>
    /// <exception cref="IOException">The asset cannot be reached now, or refused; the message says why.</exception>
    ValueTask<IReadOnlyList<object?>> CallAsync(string method, IReadOnlyList<object?> arguments, CancellationToken cancellationToken);
}
