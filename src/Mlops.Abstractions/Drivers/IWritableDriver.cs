namespace Mlops.Drivers;

/// <summary>A driver, beside <see cref="IHighLevelDriver"/>, that can write values back to its asset.</summary>
/// <remarks>Called only while <see cref="IHighLevelDriver.RunAsync"/> runs, on any thread, one call at a time; a call that takes too long is cancelled.</remarks>
public interface IWritableDriver
{
    /// <summary>Writes values.</summary>
    /// <param name="values">What to write; never empty.</param>
    /// <param name="cancellationToken">Gives up; values may be written all the same.</param>
    /// <returns>One outcome for each value, in their order.</returns>
    /// <exception cref="IOException">The asset cannot be reached now; nothing was written.</exception>
    ValueTask<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<AssetValue> values, CancellationToken cancellationToken);
}
