using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Store;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Rehearsal;
using Mlops.Workflows.Signing;

namespace Mlops.Workflows;

/// <summary>
/// Installs packages into <c>&lt;DataFolder&gt;/workflows/&lt;name&gt;/&lt;version&gt;/</c> and remembers them in <c>mlops.db</c>. The
/// folder comes first, the row makes it count: a folder without a row is what a crash has left, and is removed.
/// </summary>
internal sealed class WorkflowCatalog : IWorkflowCatalog, IDisposable
{
    private readonly NodeDatabase _database;
    private readonly WorkflowOptions _options;
    private readonly WorkflowRuntimes _runtimes;
    private readonly TrustedKeys _keys;
    private readonly TimeProvider _clock;
    private readonly ILogger<WorkflowCatalog> _logger;
    private readonly string _root;
    private readonly SemaphoreSlim _installing = new(1, 1);
    private IReadOnlyList<WorkflowPackage> _packages;

    public WorkflowCatalog(NodeDatabase database, IOptions<WorkflowOptions> options, WorkflowRuntimes runtimes, TimeProvider clock, ILogger<WorkflowCatalog> logger)
    {
        _database = database;
        _options = options.Value;
        _runtimes = runtimes;
        _keys = new TrustedKeys(_options, database.Folder);
        _clock = clock;
        _logger = logger;
        _root = Path.Combine(database.Folder, "workflows");
        _packages = Order(database.Read(c => c.Rows("SELECT manifest, digest, folder, trusted FROM workflow", Map)));
        RemoveLeftovers();
    }

    public async Task<WorkflowPackage> InstallAsync(string path, bool trusted, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        (StagedPackage staged, WorkflowManifest manifest, string? key) = await Task.Run(() => Stage(path, name, trusted, cancellationToken), cancellationToken).ConfigureAwait(false);
        using (staged)
        {
            var candidate = new WorkflowPackage(manifest, staged.Digest, staged.Folder, trusted || key is not null);
            if (Existing(candidate) is null)
                await RehearseAsync(candidate, cancellationToken).ConfigureAwait(false);
            await _installing.WaitAsync(cancellationToken).ConfigureAwait(false);
            WorkflowPackage installed;
            try
            {
                installed = await PlaceAsync(candidate).ConfigureAwait(false);
            }
            finally
            {
                _installing.Release();
            }

            // Its environment, made for the staged files, belongs to the installed ones from now on.
            await _runtimes.Get(manifest).PrepareAsync(installed, cancellationToken).ConfigureAwait(false);
            return installed;
        }
    }

    public async Task<WorkflowManifest> CheckAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        (StagedPackage staged, WorkflowManifest manifest, _) = await Task.Run(() => Stage(path, name, trusted: false, cancellationToken), cancellationToken).ConfigureAwait(false);
        using (staged)
        {
            var candidate = new WorkflowPackage(manifest, staged.Digest, staged.Folder, false);
            if (Existing(candidate) is null)
                await CheckCodeAsync(candidate, cancellationToken).ConfigureAwait(false);
            return manifest;
        }
    }

    public async Task<bool> RemoveAsync(string name, string version)
    {
        await _installing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (List().FirstOrDefault(p => p.Manifest.Name == name && p.Manifest.Version == version) is not { } package)
                return false;
            // The row goes first: a folder without one is removed at the next start at the latest.
            await _database.WriteAsync(connection =>
            {
                string? user = connection.Scalar<string>(
                    """
                    SELECT 'model ' || id FROM model WHERE json_extract(info, '$.workflow') = $name AND json_extract(info, '$.version') = $version
                    UNION ALL SELECT 'training ' || id FROM training
                      WHERE state IN ('queued', 'running') AND json_extract(info, '$.workflow') = $name AND json_extract(info, '$.version') = $version
                    LIMIT 1
                    """,
                    ("$name", name), ("$version", version));
                if (user is not null)
                    throw new WorkflowException($"Workflow '{name}' {version} cannot be removed: {user} needs its code. Delete the models and cancel the trainings of this version first.");
                connection.Run("DELETE FROM workflow WHERE name = $name AND version = $version", ("$name", name), ("$version", version));
            }).ConfigureAwait(false);
            Volatile.Write(ref _packages, Order(List().Where(p => p != package)));
            Directory.Delete(package.Folder, recursive: true);
            Log.Removed(_logger, name, version);
            return true;
        }
        finally
        {
            _installing.Release();
        }
    }

    public IReadOnlyList<WorkflowPackage> List() => Volatile.Read(ref _packages);

    public WorkflowPackage? Find(string name, string? version = null) =>
        List().FirstOrDefault(p => p.Manifest.Name == name && (version is null || p.Manifest.Version == version));

    public void Dispose() => _installing.Dispose();

    private (StagedPackage Staged, WorkflowManifest Manifest, string? Key) Stage(string path, string name, bool trusted, CancellationToken cancellationToken)
    {
        using PackageSource source = PackageSource.Open(path, _options);
        if (source.Findings.Count > 0)
            throw Refuse(name, source.Findings);
        var findings = new List<Finding>();
        StagedPackage staged = PackageStaging.Copy(source, DurableFolder.TemporaryPath(_root, Guid.NewGuid().ToString("n")), findings, cancellationToken);
        try
        {
            WorkflowManifest? manifest = PackageContent.Check(staged, findings);
            if (manifest is not null)
                _runtimes.Check(manifest, findings);
            WheelFiles.Check(staged, _options, findings);
            (string? key, Finding? warning) = SignatureCheck.Check(staged, _keys, _options.Signatures, trusted, findings);
            if (manifest is null || findings.Count > 0)
                throw Refuse(name, findings);
            if (key is not null)
                Log.Signed(_logger, name, key);
            if (warning is not null)
                Log.NotTrusted(_logger, name, warning.ToString());
            return (staged, manifest, key);
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    private async Task CheckCodeAsync(WorkflowPackage package, CancellationToken cancellationToken)
    {
        try
        {
            await _runtimes.Get(package.Manifest).CheckAsync(package, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowException e) when (e.Findings.Count > 0)
        {
            Log.Refused(_logger, package.Manifest.Name, e.Findings.Count);
            throw;
        }
    }

    private async Task RehearseAsync(WorkflowPackage package, CancellationToken cancellationToken)
    {
        await CheckCodeAsync(package, cancellationToken).ConfigureAwait(false);
        string models = DurableFolder.TemporaryPath(_root, Guid.NewGuid().ToString("n"));
        long? passed = await PackageRehearsal.RunAsync(package, _runtimes.Get(package.Manifest), models, _options.SampleTimeout, cancellationToken).ConfigureAwait(false);
        if (passed is not { } cases)
            return;
        if (FileDigests.OfFolder(package.Folder).Digest != package.Digest)
            throw Refuse(package.Manifest.Name, [new Finding(".", null, "package-changed", "The code changed files of its own package when it was tried.", "Let it write into temporary folders only.")]);
        Log.Rehearsed(_logger, package.Manifest.Name, cases);
    }

    /// <summary>Returns the installed package of this name and version.</summary>
    /// <exception cref="WorkflowException">It has other content.</exception>
    private WorkflowPackage? Existing(WorkflowPackage package)
    {
        WorkflowManifest manifest = package.Manifest;
        WorkflowPackage? existing = List().FirstOrDefault(p => p.Manifest.Name == manifest.Name && string.Equals(p.Manifest.Version, manifest.Version, StringComparison.OrdinalIgnoreCase));
        if (existing is not null && (existing.Digest != package.Digest || existing.Manifest.Version != manifest.Version))
        {
            throw new WorkflowException(
                $"Workflow '{manifest.Name}' has a version {existing.Manifest.Version} with other content (digest {existing.Digest[..12]}, this one {package.Digest[..12]}). "
                + "Installed versions never change: raise 'version' in workflow.yaml.")
            { IsConflict = true };
        }

        return existing;
    }

    private WorkflowException Refuse(string name, IReadOnlyList<Finding> findings)
    {
        Log.Refused(_logger, name, findings.Count);
        return FindingReport.ToException(name, findings);
    }

    private async Task<WorkflowPackage> PlaceAsync(WorkflowPackage candidate)
    {
        WorkflowManifest manifest = candidate.Manifest;
        string folder = Path.Combine(_root, manifest.Name, manifest.Version);
        WorkflowPackage? existing = Existing(candidate);
        if (existing is not null && Directory.Exists(folder))
            return existing.Trusted || !candidate.Trusted ? existing : await TrustAsync(existing).ConfigureAwait(false);

        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        DurableFolder.Move(candidate.Folder, folder, flushFiles: false);
        WorkflowPackage package = candidate with { Folder = folder, Trusted = candidate.Trusted || existing?.Trusted == true };
        await _database.WriteAsync(connection => connection.Run(
            "INSERT OR REPLACE INTO workflow (name, version, digest, manifest, folder, trusted, created) VALUES ($name, $version, $digest, $manifest, $folder, $trusted, $created)",
            ("$name", manifest.Name),
            ("$version", manifest.Version),
            ("$digest", package.Digest),
            ("$manifest", JsonSerializer.Serialize(manifest, WorkflowJson.Default.WorkflowManifest)),
            ("$folder", Path.GetRelativePath(_database.Folder, folder).Replace(Path.DirectorySeparatorChar, '/')),
            ("$trusted", package.Trusted ? 1L : 0L),
            ("$created", _clock.GetUtcNow().ToUnixTimeMilliseconds()))).ConfigureAwait(false);
        Volatile.Write(ref _packages, Order([.. List().Where(p => p != existing), package]));
        Log.Installed(_logger, manifest.Name, manifest.Version, package.Digest, package.Trusted);
        return package;
    }

    private async Task<WorkflowPackage> TrustAsync(WorkflowPackage package)
    {
        await _database.WriteAsync(connection => connection.Run(
            "UPDATE workflow SET trusted = 1 WHERE name = $name AND version = $version",
            ("$name", package.Manifest.Name),
            ("$version", package.Manifest.Version))).ConfigureAwait(false);
        WorkflowPackage trusted = package with { Trusted = true };
        Volatile.Write(ref _packages, Order([.. List().Where(p => p != package), trusted]));
        Log.Trusted(_logger, package.Manifest.Name, package.Manifest.Version);
        return trusted;
    }

    // Folders are kept relative, so that a data folder can be moved or mounted elsewhere.
    private WorkflowPackage Map(SqliteDataReader row) => new(
        JsonSerializer.Deserialize(row.GetString(0), WorkflowJson.Default.WorkflowManifest)!,
        row.GetString(1),
        Path.GetFullPath(row.GetString(2), _database.Folder),
        row.GetInt64(3) != 0);

    private static WorkflowPackage[] Order(IEnumerable<WorkflowPackage> packages) =>
    [
        .. packages
            .OrderBy(p => p.Manifest.Name, StringComparer.Ordinal)
            .ThenByDescending(p => SemanticVersion.Parse(p.Manifest.Version))
            .ThenByDescending(p => p.Manifest.Version, StringComparer.Ordinal),
    ];

    private void RemoveLeftovers()
    {
        foreach (string folder in DurableFolder.RemoveTemporary(_root))
            Log.LeftoverRemoved(_logger, folder);
        HashSet<string> known = [.. _packages.Select(p => p.Folder)];
        foreach (string folder in Directory.Exists(_root) ? Directory.GetDirectories(_root).SelectMany(Directory.GetDirectories) : [])
        {
            if (known.Contains(folder))
                continue;
            Directory.Delete(folder, recursive: true);
            Log.LeftoverRemoved(_logger, folder);
        }
    }
}
