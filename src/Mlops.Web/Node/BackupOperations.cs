using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mlops.Client;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Node;

/// <summary>Backups in the folder that the settings name.</summary>
internal static partial class BackupOperations
{
    private const string Zip = "application/zip";
    private const string Suffix = ".zip";

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listBackups", "node", "/backups", "Lists the backups, newest first.", List).Paged().Returns<IReadOnlyList<BackupDetails>>(),
        Operation.Post("startBackup", "node", "/backups", "Makes a backup of everything while the node runs, and answers when it is whole.", StartAsync)
            .TakesOptional<BackupStart>().Returns<BackupDetails>(201).Refuses(409),
        Operation.Get("getBackup", "node", "/backups/{name}", "Returns a backup as a file.", Get).Returns(200, Zip).Refuses(404),
        Operation.Put("putBackup", "node", "/backups/{name}", "Brings a backup that was fetched from a node; every byte is compared with its checksum before it counts.", PutAsync).Uploads(Zip).Returns<BackupDetails>(201).Refuses(409),
        Operation.Post("verifyBackup", "node", "/backups/{name}/verify", "Compares every byte of a backup with its checksum.", VerifyAsync).Returns<BackupContent>().Refuses(404),
        Operation.Post("restoreBackup", "node", "/backups/{name}/restore", "Makes a data folder of a backup, beside the backups; this node goes on with its own. Start a node with Mlops:DataFolder set to the answered folder.", RestoreAsync).Returns<BackupRestored>(201).Refuses(404, 409),
        Operation.Delete("deleteBackup", "node", "/backups/{name}", "Deletes a backup.", Delete).Refuses(404),
    ];

    private static Reply List(Call call)
    {
        string folder = Folder(call);
        return call.Page(Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*" + Suffix).OrderByDescending(f => f.LastWriteTimeUtc).Select(Describe)
            : []);
    }

    private static async Task<Reply> StartAsync(Call call)
    {
        BackupStart? body = await call.OptionalBodyAsync<BackupStart>().ConfigureAwait(false);
        TimeProvider time = call.Http.RequestServices.GetRequiredService<TimeProvider>();
        string path = PathOf(call, body?.Name ?? time.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture));
        ThrowIfThere(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await call.Service<IStoreBackup>().BackupAsync(path, cancellationToken: call.Aborted).ConfigureAwait(false);
        BackupDetails made = Describe(new FileInfo(path));
        return Reply.Json(made, 201, $"{call.Base}/backups/{made.Name}");
    }

    private static Reply Get(Call call)
    {
        string path = Existing(call);
        return Reply.File(Zip, Path.GetFileName(path), path);
    }

    private static async Task<Reply> PutAsync(Call call)
    {
        string path = PathOf(call, call.Route("name"));
        ThrowIfThere(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string partial = $"{path}.{Guid.NewGuid():n}.partial";
        try
        {
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
                await call.Http.Request.Body.CopyToAsync(file, call.Aborted).ConfigureAwait(false);
            await SoundAsync(() => StoreRestore.VerifyAsync(partial, call.Aborted)).ConfigureAwait(false);
            ThrowIfThere(path);
            File.Move(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }

        BackupDetails made = Describe(new FileInfo(path));
        return Reply.Json(made, 201, $"{call.Base}/backups/{made.Name}");
    }

    private static async Task<Reply> VerifyAsync(Call call)
    {
        string path = Existing(call);
        BackupInfo found = await SoundAsync(() => StoreRestore.VerifyAsync(path, call.Aborted)).ConfigureAwait(false);
        return Reply.Json(new BackupContent(call.Route("name"), found.Created, found.Files, found.Bytes));
    }

    private static async Task<Reply> RestoreAsync(Call call)
    {
        string path = Existing(call), folder = Path.ChangeExtension(path, ".restored");
        if (Directory.Exists(folder))
            throw new ProblemException(409, $"Backup '{call.Route("name")}' was restored into '{folder}' already.", "Move that folder to where a node is to use it, then restore again if another copy is needed.");
        BackupInfo made = await SoundAsync(() => StoreRestore.RestoreAsync(path, folder, cancellationToken: call.Aborted)).ConfigureAwait(false);
        return Reply.Json(new BackupRestored(folder, made.Created, made.Files, made.Bytes), 201);
    }

    private static async Task<BackupInfo> SoundAsync(Func<Task<BackupInfo>> deed)
    {
        try
        {
            return await deed().ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw ProblemException.Invalid(e.Message, "Use another backup.");
        }
    }

    private static void ThrowIfThere(string path)
    {
        if (File.Exists(path))
            throw new ProblemException(409, $"There is a backup '{Path.GetFileNameWithoutExtension(path)}' already.", "Choose another name, or delete that one first.");
    }

    private static Task<Reply> Delete(Call call)
    {
        File.Delete(Existing(call));
        return Task.FromResult(Reply.None());
    }

    private static string Existing(Call call)
    {
        string path = PathOf(call, call.Route("name"));
        return File.Exists(path) ? path : throw ProblemException.NotFound("backup", call.Route("name"), "GET /api/v1/backups lists them.");
    }

    private static string PathOf(Call call, string name) => ValidName().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal)
        ? Path.Combine(Folder(call), name + Suffix)
        : throw ProblemException.Invalid("That is no name for a backup.", "Use 1 to 100 letters, digits, '-', '_' and '.', beginning with a letter or digit.");

    private static string Folder(Call call) => Path.GetFullPath(call.Http.RequestServices.GetRequiredService<IOptions<WebOptions>>().Value.BackupFolder);

    private static BackupDetails Describe(FileInfo file) => new(Path.GetFileNameWithoutExtension(file.Name), new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), file.Length);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex ValidName();
}
