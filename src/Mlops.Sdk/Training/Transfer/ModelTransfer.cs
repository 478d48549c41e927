using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Signing;

namespace Mlops.Training.Transfer;

/// <inheritdoc/>
internal sealed class ModelTransfer(
    ModelRegistry models,
    IWorkflowCatalog workflows,
    LifecycleJournal journal,
    NodeSigningKey key,
    IOptions<MlopsOptions> node,
    IOptions<WorkflowOptions> options,
    TimeProvider time,
    ILogger<ModelTransfer> logger) : IModelTransfer, IDisposable
{
    private readonly SemaphoreSlim _importing = new(1, 1);

    public async Task ExportAsync(string id, Stream target, string? author = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ModelInfo model = models.Find(id) ?? throw new WorkflowException($"There is no model '{id}' to export.");
        models.RequireSound(model);
        WorkflowPackage package = workflows.Find(model.Workflow, model.Version) is { } found && found.Digest == model.PackageDigest ? found
            : throw new WorkflowException($"Model '{id}' cannot be exported: its package '{model.Workflow}' {model.Version} is not installed. Upload it again.");
        var document = new ModelDocument(
            ModelDocument.CurrentFormat, node.Value.Node.Name, time.GetUtcNow(), package.Trusted, model with { Folder = "", Stage = ModelStage.None }, models.FindProfile(id));
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(document, TrainingJson.Default.ModelDocument);
        List<(string Path, string File, string Sha256)> files = await Task.Run<List<(string, string, string)>>(
            () => [.. Files(model.Folder, ModelDocument.ModelFolder), .. Files(package.Folder, ModelDocument.PackageFolder)], cancellationToken).ConfigureAwait(false);
        if (FileDigests.Combine(files.Where(f => f.Path.StartsWith(ModelDocument.PackageFolder, StringComparison.Ordinal)).Select(f => (f.Path[(ModelDocument.PackageFolder.Length + 1)..], f.Sha256))) != package.Digest)
            throw new WorkflowException($"Model '{id}' cannot be exported: the files of its package in '{package.Folder}' have changed since it was installed. Upload it again.");
        string signature = key.Sign([.. files.Select(f => (f.Path, f.Sha256)), (ModelDocument.Path, Convert.ToHexStringLower(SHA256.HashData(json)))]);

        await using (ZipArchive zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken).ConfigureAwait(false))
        {
            await AddAsync(zip, FileDigests.SignatureFile, new MemoryStream(Encoding.UTF8.GetBytes(signature)), cancellationToken).ConfigureAwait(false);
            await AddAsync(zip, ModelDocument.Path, new MemoryStream(json), cancellationToken).ConfigureAwait(false);
            foreach ((string path, string file, _) in files)
                await AddAsync(zip, path, File.OpenRead(file), cancellationToken).ConfigureAwait(false);
        }

        await journal.WriteAsync(id, LifecycleAction.Exported, null, id, author, $"signed by {key.Name}").ConfigureAwait(false);
    }

    public async Task<ModelInfo> ImportAsync(string path, string? author = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var keys = new TrustedKeys(options.Value, node.Value.FullDataFolder, key);
        (StagedPackage files, ModelDocument document, string signer) = await Task.Run(
            () => ModelFileReader.Read(path, models.TemporaryFolder(), options.Value, keys, cancellationToken), cancellationToken).ConfigureAwait(false);
        using (files)
        {
            await _importing.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return Existing(document, path) ?? await PlaceAsync(files, document, signer, path, author, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _importing.Release();
            }
        }
    }

    public void Dispose() => _importing.Dispose();

    /// <summary>Returns the model when it is here already.</summary>
    /// <exception cref="WorkflowException">Another model, or another package, has its name.</exception>
    private ModelInfo? Existing(ModelDocument document, string path)
    {
        ModelInfo wanted = document.Model;
        string subject = $"The model file '{Path.GetFileName(path)}' was not imported";
        if (models.Find(wanted.Id) is { } existing)
        {
            return existing.Digest == wanted.Digest && existing.PackageDigest == wanted.PackageDigest ? existing
                : throw new WorkflowException($"{subject}: this node has a model '{wanted.Id}' with other content (digest {existing.Digest[..12]}, this one {wanted.Digest[..12]}). Models never change; find out which of them is meant.");
        }

        if (workflows.List().FirstOrDefault(p => p.Manifest.Name == wanted.Workflow && string.Equals(p.Manifest.Version, wanted.Version, StringComparison.OrdinalIgnoreCase)) is { } package
            && package.Digest != wanted.PackageDigest)
        {
            throw new WorkflowException(
                $"{subject}: workflow '{wanted.Workflow}' {wanted.Version} has other content here (digest {package.Digest[..12]}, in the file {wanted.PackageDigest[..12]}). Raise the version of one of them and train again.");
        }

        return null;
    }

    private async Task<ModelInfo> PlaceAsync(StagedPackage files, ModelDocument document, string signer, string path, string? author, CancellationToken cancellationToken)
    {
        try
        {
            await workflows.InstallAsync(Path.Combine(files.Folder, ModelDocument.PackageFolder), document.PackageTrusted, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowException e)
        {
            throw new WorkflowException($"The model file '{Path.GetFileName(path)}' was not imported: {e.Message}", e.Traceback, e);
        }

        string id = document.Model.Id, folder = models.Place(Path.Combine(files.Folder, ModelDocument.ModelFolder), id);
        ModelInfo model = document.Model with { Folder = folder, Stage = ModelStage.None, Origin = new ModelOrigin(document.Node, signer, time.GetUtcNow(), author) };
        try
        {
            string signature = models.Sign(model);
            await journal.WriteAsync(id, LifecycleAction.Imported, db => models.Add(db, model, document.Profile, signature), id, author, $"from {document.Node}, signed by {signer}").ConfigureAwait(false);
        }
        catch
        {
            ModelRegistry.Discard(folder);
            throw;
        }

        Log.Imported(logger, id, document.Node, signer);
        return models.Find(id)!;
    }

    private static IEnumerable<(string Path, string File, string Sha256)> Files(string folder, string below)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string path = $"{below}/{Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')}";
            if (PackagePath.IsIgnored(path) || PackagePath.Check(path) is not null)
                throw new WorkflowException($"The model cannot be exported: the file name '{path}' cannot be used on every platform. Let save write other names, and train again.");
            using FileStream stream = File.OpenRead(file);
            yield return (path, file, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
    }

    private static async Task AddAsync(ZipArchive zip, string path, Stream content, CancellationToken cancellationToken)
    {
        await using (content.ConfigureAwait(false))
        await using (Stream entry = await zip.CreateEntry(path, CompressionLevel.Fastest).OpenAsync(cancellationToken).ConfigureAwait(false))
            await content.CopyToAsync(entry, cancellationToken).ConfigureAwait(false);
    }
}
