namespace Mlops.Client;

/// <summary>The node itself: status, SQL, configuration and backups. Thread-safe.</summary>
public sealed class NodeClient
{
    private readonly Transport _transport;

    internal NodeClient(Transport transport) => _transport = transport;

    /// <summary>Returns name, uptime and health of the node.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The status.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<NodeStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<NodeStatus>("status", cancellationToken);

    /// <summary>Lists what happened to models and deployments, newest first.</summary>
    /// <param name="subject">Only what happened to this model or deployment.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The events.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<LifecycleEntry>> ListLifecycleAsync(string? subject = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<LifecycleEntry>(Query.Of("lifecycle", ("subject", subject)), cancellationToken);

    /// <summary>Answers one SELECT over feeds.</summary>
    /// <param name="statement">The statement and its limits.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<SqlAnswer> QueryAsync(SqlRequest statement, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<SqlRequest, SqlAnswer>(HttpMethod.Post, "sql", statement, cancellationToken: cancellationToken);

    /// <summary>Returns what is configured at run time as YAML, without secrets.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The file.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<string> ExportConfigurationAsync(CancellationToken cancellationToken = default) =>
        _transport.GetTextAsync("configuration", cancellationToken);

    /// <summary>Takes over a configuration file.</summary>
    /// <param name="yaml">The file, YAML or JSON.</param>
    /// <param name="replace">Whether what the file does not name is removed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What was changed.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ConfigurationImport> ImportConfigurationAsync(string yaml, bool replace = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<ConfigurationImport>(HttpMethod.Post, replace ? "configuration?mode=replace" : "configuration", new StringContent(yaml, System.Text.Encoding.UTF8, "application/yaml"), cancellationToken);

    /// <summary>Makes a backup of everything.</summary>
    /// <param name="name">Its name; the time where nothing is said.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backup, which is whole.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BackupDetails> StartBackupAsync(string? name = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BackupStart, BackupDetails>(HttpMethod.Post, "backups", new BackupStart(name), cancellationToken: cancellationToken);

    /// <summary>Lists the backups, newest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backups.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<BackupDetails>> ListBackupsAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<BackupDetails>("backups", cancellationToken);

    /// <summary>Fetches a backup.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">Takes the zip.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is there.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task GetBackupAsync(string name, Stream target, CancellationToken cancellationToken = default) =>
        _transport.CopyAsync($"backups/{Query.Segment(name)}", target, cancellationToken);

    /// <summary>Deletes a backup.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteBackupAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"backups/{Query.Segment(name)}", cancellationToken);

    /// <summary>Brings a backup that was fetched from a node; every byte is compared with its checksum before it counts.</summary>
    /// <param name="name">The name that it gets.</param>
    /// <param name="zip">The zip.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backup.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BackupDetails> PutBackupAsync(string name, Stream zip, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BackupDetails>(HttpMethod.Put, $"backups/{Query.Segment(name)}", Transport.File(zip, "application/zip"), cancellationToken);

    /// <summary>Compares every byte of a backup with its checksum.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BackupContent> VerifyBackupAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BackupContent>(HttpMethod.Post, $"backups/{Query.Segment(name)}/verify", null, cancellationToken);

    /// <summary>Makes a data folder of a backup, beside the backups; the running node goes on with its own.</summary>
    /// <param name="name">Name of the backup.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The folder to start a node with.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BackupRestored> RestoreBackupAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BackupRestored>(HttpMethod.Post, $"backups/{Query.Segment(name)}/restore", null, cancellationToken);
}
