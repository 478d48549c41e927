namespace Mlops.Drivers;

/// <summary>A driver, beside <see cref="IHighLevelDriver"/>, that can show what its asset sees now, for example a camera's last frame.</summary>
/// <remarks>Called only while <see cref="IHighLevelDriver.RunAsync"/> runs, on any thread; a call that takes too long is cancelled.</remarks>
public interface IPreviewableDriver
{
    /// <summary>Returns the last frame.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The frame, or <see langword="null"/> when there was none yet.</returns>
    ValueTask<PreviewFrame?> PreviewAsync(CancellationToken cancellationToken);
}
