namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>An open camera. Its features may be used from any thread, one call at a time; disposing ends its stream as well.</summary>
public interface ICamera : IDisposable
{
    /// <summary>Gets what it is.</summary>
    CameraInfo Info { get; }

    /// <summary>Gets a value indicating whether it was lost: unplugged, switched off, or taken over by somebody else.</summary>
    bool IsLost { get; }

    /// <summary>Lists the features of a category.</summary>
    /// <param name="category">Name of the category; <see langword="null"/> for the top (<c>Root</c>).</param>
    /// <returns>The features that the camera has, in its order.</returns>
    /// <exception cref="CameraException">There is no such category, or the camera is lost.</exception>
    IReadOnlyList<CameraFeature> List(string? category);

    /// <summary>Describes a feature as it is now.</summary>
    /// <param name="name">Its name, for example <c>ExposureTime</c>.</param>
    /// <returns>The feature.</returns>
    /// <exception cref="CameraException">There is no such feature, or the camera is lost.</exception>
    CameraFeature Describe(string name);

    /// <summary>Reads a feature.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>bool, long, double or string.</returns>
    /// <exception cref="CameraException">There is no such feature, it cannot be read now, or the camera is lost.</exception>
    object Read(string name);

    /// <summary>Writes a feature and reads it back; a command is executed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">bool, long, double or string; texts are converted.</param>
    /// <returns>What the camera made of it: a value may be rounded to the next step.</returns>
    /// <exception cref="CameraException">There is no such feature, it cannot be written now, it does not take the value, or the camera is lost.</exception>
    object Write(string name, object value);

    /// <summary>Sets how often frames are taken.</summary>
    /// <param name="framesPerSecond">Frames a second; the camera takes the nearest that it can.</param>
    /// <exception cref="CameraException">It cannot be set.</exception>
    void SetFrameRate(double framesPerSecond);

    /// <summary>Makes each frame wait for a trigger.</summary>
    /// <param name="source">What triggers: <c>Software</c>, or a line such as <c>Line1</c>; <see langword="null"/> for no trigger.</param>
    /// <exception cref="CameraException">The camera has no such trigger.</exception>
    void SetTrigger(string? source);

    /// <summary>Takes a frame, when the trigger is <c>Software</c>.</summary>
    /// <exception cref="CameraException">The camera does not take it.</exception>
    void Trigger();

    /// <summary>Starts taking frames.</summary>
    /// <param name="options">How.</param>
    /// <returns>The frames; disposing it ends the stream.</returns>
    /// <exception cref="CameraException">The camera cannot stream now.</exception>
    IFrameSource Start(StreamOptions options);
}
