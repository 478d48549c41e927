namespace Mlops.Pictures;

/// <summary>Pictures that are in memory, such as the newest frames of a camera: they are found before anything is stored. Thread-safe.</summary>
public interface IPictureSource
{
    /// <summary>Finds a picture.</summary>
    /// <param name="reference">What a record says: <c>frame:</c> and the source's own name for a picture that is not stored, or the reference of a blob.</param>
    /// <returns>The picture, which the caller disposes; <see langword="null"/> when this source does not have it (any more).</returns>
    IPicture? Find(string reference);
}
