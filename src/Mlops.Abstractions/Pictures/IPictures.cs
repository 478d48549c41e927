namespace Mlops.Pictures;

/// <summary>Finds the pictures that records name, wherever they are: in memory, among the blobs, or in a package. Thread-safe.</summary>
public interface IPictures
{
    /// <summary>Opens a picture.</summary>
    /// <param name="reference">What a record says: the reference of a blob, <c>frame:…</c>, or the name of a file.</param>
    /// <param name="folder">The folder of files, for example of a package; <see langword="null"/> when files are not looked for.</param>
    /// <returns>The picture, which the caller disposes.</returns>
    /// <exception cref="IOException">It is not there (any more), or cannot be read; the message says why and what helps.</exception>
    IPicture Open(string reference, string? folder = null);

    /// <summary>Adds a source of pictures that are in memory; it is asked before blobs are read.</summary>
    /// <param name="source">The source.</param>
    /// <returns>Removes it when disposed.</returns>
    IDisposable Add(IPictureSource source);
}
