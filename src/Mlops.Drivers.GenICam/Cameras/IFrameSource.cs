namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>The frames of a camera. One thread takes them; frames may be disposed on any.</summary>
public interface IFrameSource : IDisposable
{
    /// <summary>Gets what was counted.</summary>
    StreamStatistics Statistics { get; }

    /// <summary>Waits for the next frame.</summary>
    /// <param name="timeout">How long.</param>
    /// <returns>The frame, whole or not, which the caller disposes; <see langword="null"/> when there was none.</returns>
    CameraFrame? Take(TimeSpan timeout);
}
