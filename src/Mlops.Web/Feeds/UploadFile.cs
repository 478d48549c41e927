namespace Mlops.Web.Feeds;

/// <summary>A file for what cannot be handled as a stream. It is deleted at the end.</summary>
internal sealed class UploadFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-web-").FullName;

    public UploadFile(string name) => Path = System.IO.Path.Combine(_folder, name.StartsWith('.') ? "file" + name : name);

    public string Path { get; }

    public static async Task<UploadFile> ReceiveAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        var file = new UploadFile(name);
        try
        {
            await using var stream = new FileStream(file.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            await body.CopyToAsync(stream, 128 * 1024, cancellationToken).ConfigureAwait(false);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
