using System.Collections.Concurrent;
using Mlops.Store;

namespace Mlops.Pictures;

/// <summary>Asks the sources in memory first, then reads blobs and files through the decoders.</summary>
internal sealed class PictureLibrary(IEnumerable<IPictureDecoder> decoders, IBlobStore? blobs = null) : IPictures
{
    private readonly IPictureDecoder[] _decoders = [.. decoders];
    private readonly ConcurrentDictionary<IPictureSource, bool> _sources = new();

    public IPicture Open(string reference, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        foreach ((IPictureSource source, _) in _sources)
        {
            if (source.Find(reference) is { } live)
                return live;
        }

        if (BlobReference.TryParse(reference, out BlobReference? blob))
            return OpenBlob(blob);
        if (reference.StartsWith("frame:", StringComparison.Ordinal))
            throw new IOException($"The picture '{reference}' was never stored and is no longer in memory. Keep more frames in memory (the camera's 'recent'), store them, or leave such records out: image LIKE 'sha256:%'.");
        return OpenFile(reference, folder);
    }

    public IDisposable Add(IPictureSource source)
    {
        _sources[source] = true;
        return new Registration(this, source);
    }

    private IPicture OpenBlob(BlobReference reference)
    {
        using Stream stream = blobs?.Open(reference) ?? throw new IOException($"The picture '{reference}' is not in the store (any more). Leave out records that are older than the store keeps blobs.");
        var content = new byte[checked((int)reference.Size)];
        stream.ReadExactly(content);
        return Decode(reference.MediaType, content, reference.ToString());
    }

    private IPicture OpenFile(string name, string? folder)
    {
        string? path = folder is null ? null : Path.GetFullPath(Path.Combine(folder, name));
        if (path is null || !path.StartsWith(Path.GetFullPath(folder!) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
            throw new IOException($"'{name}' names no picture. Bind the input to a field with references of blobs, or, in a package's sample and golden cases, name a file of the package.");
        string mediaType = Path.GetExtension(path).ToLowerInvariant() switch { ".jpg" or ".jpeg" => "image/jpeg", var extension => $"image/{extension.TrimStart('.')}" };
        return Decode(mediaType, File.ReadAllBytes(path), name);
    }

    private IPicture Decode(string mediaType, byte[] content, string name)
    {
        foreach (IPictureDecoder decoder in _decoders)
        {
            if (decoder.Open(mediaType, content) is { } picture)
                return picture;
        }

        throw new IOException($"The picture '{name}' is {mediaType}, which nothing in this host reads. Store PNG; for JPEG and raw frames of cameras call AddGenICam().");
    }

    private sealed class Registration(PictureLibrary library, IPictureSource source) : IDisposable
    {
        public void Dispose() => library._sources.TryRemove(source, out _);
    }
}
