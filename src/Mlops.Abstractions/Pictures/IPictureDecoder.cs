namespace Mlops.Pictures;

/// <summary>Reads stored pictures of some media types. Registered in the host's services, asked one after the other. Thread-safe.</summary>
public interface IPictureDecoder
{
    /// <summary>Opens a stored picture.</summary>
    /// <param name="mediaType">What it is, for example <c>image/jpeg</c>.</param>
    /// <param name="content">Its bytes; they stay as they are while the picture is open.</param>
    /// <returns>The picture, which the caller disposes; <see langword="null"/> when it reads no pictures of this type.</returns>
    /// <exception cref="IOException">The picture is damaged, or of a kind that cannot be read; the message says what helps.</exception>
    IPicture? Open(string mediaType, ReadOnlyMemory<byte> content);
}
