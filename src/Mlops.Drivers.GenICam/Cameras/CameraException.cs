namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>A camera cannot be reached, or refuses what was asked of it. The message names camera, feature, value and, where known, the allowed range.</summary>
public sealed class CameraException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names camera, feature and value, and what helps.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public CameraException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Gets a value indicating whether a setting is wrong, so that trying again does not help.</summary>
    public bool IsWrongSetting { get; init; }
}
