using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Mlops.Python;
using Mlops.Workflows;

namespace Mlops.Runtime.Environments;

// WHAT LIES IN <DataFolder>/environments
//
//   <key>/site                 the unpacked wheels of a package; key is a digest over wheels, requirements and interpreter, so packages
//                              with the same wheels share one. The folder appears whole, by a rename, and never changes.
//   packages/<package digest>  which environment a package has: its key, and the package's folder. When that folder is gone, so is the
//                              claim; environments without claims are removed when the node next starts.

/// <summary>The environments of packages: made once, offline, from their wheels. Thread-safe.</summary>
internal sealed class EnvironmentStore(string dataFolder, ILogger logger)
{
    private const string Site = "site";
    private const string Wheels = "wheels";
    private readonly string _root = Path.Combine(dataFolder, "environments");
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly Lock _collecting = new();
    private bool _isCollected;

    private string Claims => Path.Combine(_root, "packages");

    /// <summary>Tells whether a package needs an environment: it brings wheels or requires libraries.</summary>
    public static bool IsNeeded(WorkflowPackage package) => package.Manifest.Requirements.Count > 0 || HasWheels(package);

    /// <summary>Tells whether a package brings wheels.</summary>
    public static bool HasWheels(WorkflowPackage package) => Directory.Exists(Path.Combine(package.Folder, Wheels));

    /// <summary>Returns the folder with the libraries of a package, made when it is not there yet.</summary>
    /// <returns>The folder; <see langword="null"/> when the package needs none.</returns>
    /// <exception cref="WorkflowException">A wheel is broken or for another platform, or a requirement is not met; the message lists all findings.</exception>
    public async Task<string?> EnsureAsync(WorkflowPackage package, PythonInstallation python, string archive, CancellationToken cancellationToken)
    {
        if (!IsNeeded(package))
            return null;
        lock (_collecting)
        {
            if (!_isCollected)
                Collect();
            _isCollected = true;
        }

        string claim = Path.Combine(Claims, $"{package.Digest}-{Short(Identity(python))}");
        if (Claimed(claim, package) is { } known)
            return known;
        SemaphoreSlim gate = _gates.GetOrAdd(claim, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Claimed(claim, package) ?? await MakeAsync(package, python, archive, claim, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<string> MakeAsync(WorkflowPackage package, PythonInstallation python, string archive, string claim, CancellationToken cancellationToken)
    {
        string key = await Task.Run(() => Key(package, python), cancellationToken).ConfigureAwait(false);
        string target = Path.Combine(_root, key);
        if (!Directory.Exists(target))
        {
            long started = Stopwatch.GetTimestamp();
            string draft = DurableFolder.TemporaryPath(_root, Guid.NewGuid().ToString("n"));
            Directory.CreateDirectory(draft);
            try
            {
                await new PackageInspector(python, archive).BuildEnvironmentAsync(package, Path.Combine(draft, Site), cancellationToken).ConfigureAwait(false);
                await Task.Run(() => Place(draft, target), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (Directory.Exists(draft))
                    Directory.Delete(draft, recursive: true);
            }

            Log.EnvironmentMade(logger, $"'{package.Manifest.Name}' {package.Manifest.Version}", key, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Claim(claim, key, package);
        return Path.Combine(target, Site);
    }

    private static void Place(string draft, string target)
    {
        try
        {
            DurableFolder.Move(draft, target, flushFiles: true);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Somebody else made the same one meanwhile.
        }
    }

    private string? Claimed(string claim, WorkflowPackage package)
    {
        if (Read(claim) is not ({ } key, { } folder) || !Directory.Exists(Path.Combine(_root, key)))
            return null;
        if (folder != Path.GetRelativePath(dataFolder, package.Folder))
            Claim(claim, key, package);
        return Path.Combine(_root, key, Site);
    }

    private void Claim(string claim, string key, WorkflowPackage package)
    {
        Directory.CreateDirectory(Claims);
        string partial = $"{claim}.{Guid.NewGuid():n}";
        File.WriteAllText(partial, $"{key}\n{Path.GetRelativePath(dataFolder, package.Folder)}\n");
        File.Move(partial, claim, overwrite: true);
    }

    private static (string? Key, string? Folder) Read(string claim)
    {
        try
        {
            return File.ReadAllText(claim).Split('\n') is [{ Length: > 0 } key, { Length: > 0 } folder, ""] ? (key, folder) : default;
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>Removes what crashes have left, claims of packages that are gone, and environments that nobody claims. Before any is used.</summary>
    private void Collect()
    {
        DurableFolder.RemoveTemporary(_root);
        if (!Directory.Exists(_root))
            return;
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (string claim in Directory.Exists(Claims) ? Directory.GetFiles(Claims) : [])
        {
            if (Read(claim) is ({ } key, { } folder) && Directory.Exists(Path.GetFullPath(folder, dataFolder)))
                used.Add(key);
            else
                File.Delete(claim);
        }

        foreach (string environment in Directory.GetDirectories(_root).Where(d => d != Claims && !used.Contains(Path.GetFileName(d))))
        {
            Directory.Delete(environment, recursive: true);
            Log.EnvironmentRemoved(logger, Path.GetFileName(environment));
        }
    }

    private static string Key(WorkflowPackage package, PythonInstallation python)
    {
        var text = new StringBuilder(Identity(python)).Append('\n');
        foreach (string requirement in package.Manifest.Requirements)
            text.Append(requirement).Append('\n');
        string wheels = Path.Combine(package.Folder, Wheels);
        string[] files = Directory.Exists(wheels) ? Directory.GetFiles(wheels) : [];
        foreach (string wheel in files.Order(StringComparer.Ordinal))
        {
            using FileStream content = File.OpenRead(wheel);
            text.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ").Append(Path.GetFileName(wheel)).Append('\n');
        }

        return Short(text.ToString());
    }

    private static string Identity(PythonInstallation python) => $"{python.Executable} {python.Version} {python.Prefix}";

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
