using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Mlops.Store;
using Mlops.Training.Lifecycle;
using Mlops.Training.Profiles;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>
/// Keeps models in <c>&lt;DataFolder&gt;/models/&lt;id&gt;/</c> and in <c>mlops.db</c>. The folder comes first, the row makes it
/// count: a folder without a row is what a crash has left, and is removed.
/// </summary>
internal sealed class ModelRegistry : IModels
{
    private readonly NodeDatabase _database;
    private readonly LifecycleJournal _journal;
    private readonly ModelSignatures _signatures;
    private readonly string _root;

    public ModelRegistry(NodeDatabase database, LifecycleJournal journal, ModelSignatures signatures, ILogger<ModelRegistry> logger)
    {
        _database = database;
        _journal = journal;
        _signatures = signatures;
        _root = Path.Combine(database.Folder, "models");
        HashSet<string> known = [.. List().Select(m => m.Folder)];
        IEnumerable<string> left = DurableFolder.RemoveTemporary(_root);
        foreach (string folder in Directory.Exists(_root) ? Directory.GetDirectories(_root, "m-*").Where(f => !known.Contains(f)) : [])
        {
            Directory.Delete(folder, recursive: true);
            left = left.Append(folder);
        }

        foreach (string folder in left)
            Training.Log.LeftoverRemoved(logger, folder);
    }

    public ModelInfo? Find(string id) => _database.Read(c => c.Rows("SELECT info, stage FROM model WHERE id = $id", Map, ("$id", id))).SingleOrDefault();

    public IReadOnlyList<ModelInfo> List() => _database.Read(c => c.Rows("SELECT info, stage FROM model ORDER BY number DESC", Map));

    public async Task<ModelInfo> SetStageAsync(string id, ModelStage stage, string? author = null)
    {
        string action = stage switch
        {
            ModelStage.Production => LifecycleAction.Promoted,
            ModelStage.Archived => LifecycleAction.Archived,
            _ => LifecycleAction.Staged,
        };
        await _journal.WriteAsync(
            id,
            action,
            db =>
            {
                if (stage == ModelStage.Archived)
                    RequireUnused(db, id, "archived");
                if (SetStage(db, id, stage) == 0)
                    throw new WorkflowException($"There is no model '{id}'.");
            },
            id,
            author,
            Name(stage)).ConfigureAwait(false);
        return Find(id)!;
    }

    public async Task<bool> DeleteAsync(string id, string? author = null)
    {
        if (Find(id) is not { } model)
            return false;
        await _journal.WriteAsync(
            id,
            LifecycleAction.Deleted,
            db =>
            {
                RequireUnused(db, id, "deleted");
                if (db.Scalar<string>("SELECT stage FROM model WHERE id = $id", ("$id", id)) == Name(ModelStage.Production))
                    throw new WorkflowException($"Model '{id}' cannot be deleted: it is meant for production. Archive it first, or give it another stage.");
                db.Run("DELETE FROM model WHERE id = $id", ("$id", id));
            },
            id,
            author,
            $"{model.Workflow} {model.Version}, digest {model.Digest}").ConfigureAwait(false);

        // The row makes it count: a folder that a crash leaves behind here is removed at the next start.
        Discard(model.Folder);
        return true;
    }

    /// <summary>Sets a model's stage as part of a transaction.</summary>
    public static int SetStage(SqliteConnection db, string id, ModelStage stage) =>
        db.Run("UPDATE model SET stage = $stage WHERE id = $id", ("$stage", Name(stage)), ("$id", id));

    /// <summary>Makes sure that a model's files are those that were registered, and that somebody vouches for them whom this node trusts.</summary>
    /// <exception cref="WorkflowException">They are not, or nobody does.</exception>
    public void RequireSound(ModelInfo model) =>
        _signatures.RequireSound(model, _database.Read(c => c.Scalar<string>("SELECT signature FROM model WHERE id = $id", ("$id", model.Id))));

    /// <summary>Vouches for a model in this node's name.</summary>
    public string Sign(ModelInfo model) => _signatures.Sign(model);

    /// <summary>Returns the path of a temporary folder beside the models, which a start removes when a crash has left it.</summary>
    public string TemporaryFolder() => DurableFolder.TemporaryPath(_root, Guid.NewGuid().ToString("n"));

    /// <summary>Makes an empty folder in which a model can be made.</summary>
    public string CreateDraft(string id)
    {
        string folder = DurableFolder.TemporaryPath(_root, id);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Moves a finished draft, made durable, to the model's place.</summary>
    /// <returns>The model's folder.</returns>
    public string Place(string draft, string id)
    {
        string folder = Path.Combine(_root, id);

        // What a crash has left of a model that was deleted; without a row it counts no more.
        if (Find(id) is null)
            Discard(folder);
        DurableFolder.Move(draft, folder, flushFiles: true);
        return folder;
    }

    /// <summary>Removes a draft, or a placed model that did not come to be registered.</summary>
    public static void Discard(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    public ModelProfile? FindProfile(string id) =>
        _database.Read(c => c.Scalar<string>("SELECT profile FROM model_profile WHERE model = $id", ("$id", id))) is { } json
            ? JsonSerializer.Deserialize(json, TrainingJson.Default.ModelProfile)
            : null;

    /// <summary>Registers a placed model as part of a transaction.</summary>
    public void Add(SqliteConnection connection, ModelInfo model, ModelProfile? profile, string signature)
    {
        connection.Run(
            "INSERT INTO model (id, info, signature) VALUES ($id, $info, $signature)",
            ("$id", model.Id),
            ("$signature", signature),
            ("$info", JsonSerializer.Serialize(model with { Folder = Path.GetRelativePath(_database.Folder, model.Folder).Replace(Path.DirectorySeparatorChar, '/') }, TrainingJson.Default.ModelInfo)));
        if (profile is null)
            return;
        connection.Run(
            "INSERT INTO model_profile (model, profile) VALUES ($id, $profile)", ("$id", model.Id), ("$profile", JsonSerializer.Serialize(profile, TrainingJson.Default.ModelProfile)));
    }

    // Folders are kept relative, so that a data folder can be moved or mounted elsewhere.
    private ModelInfo Map(SqliteDataReader row)
    {
        ModelInfo model = JsonSerializer.Deserialize(row.GetString(0), TrainingJson.Default.ModelInfo)!;
        return model with { Folder = Path.GetFullPath(model.Folder, _database.Folder), Stage = Enum.Parse<ModelStage>(row.GetString(1), ignoreCase: true) };
    }

    private static string Name(ModelStage stage) => stage.ToString().ToLowerInvariant();

    private static void RequireUnused(SqliteConnection db, string id, string what)
    {
        List<string> uses = db.Rows(
            "SELECT deployment, role FROM deployment_model WHERE model = $id ORDER BY deployment",
            r => $"{r.GetString(1) switch { "production" => "the production model", "candidate" => "the candidate", _ => "the model to go back to" }} of deployment '{r.GetString(0)}'",
            ("$id", id));
        if (uses.Count > 0)
            throw new WorkflowException($"Model '{id}' cannot be {what}: it is {string.Join(" and ", uses)}. End the deployment, or give it another model first.");
    }
}
