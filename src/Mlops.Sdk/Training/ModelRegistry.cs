using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>
/// Keeps models in <c>&lt;DataFolder&gt;/models/&lt;id&gt;/</c> and in <c>mlops.db</c>. The folder comes first, the row makes it
/// count: a folder without a row is what a crash has left, and is removed.
/// </summary>
internal sealed class ModelRegistry : IModels
{
    private readonly NodeDatabase _database;
    private readonly string _root;

    public ModelRegistry(NodeDatabase database, ILogger<ModelRegistry> logger)
    {
        _database = database;
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

    public ModelInfo? Find(string id) => _database.Read(c => c.Rows("SELECT info FROM model WHERE id = $id", Map, ("$id", id))).SingleOrDefault();

    public IReadOnlyList<ModelInfo> List() => _database.Read(c => c.Rows("SELECT info FROM model ORDER BY number DESC", Map));

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
        DurableFolder.Move(draft, folder, flushFiles: true);
        return folder;
    }

    /// <summary>Removes a draft, or a placed model that did not come to be registered.</summary>
    public static void Discard(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Registers a placed model as part of a transaction.</summary>
    public void Add(SqliteConnection connection, ModelInfo model) => connection.Run(
        "INSERT INTO model (id, info) VALUES ($id, $info)",
        ("$id", model.Id),
        ("$info", JsonSerializer.Serialize(model with { Folder = Path.GetRelativePath(_database.Folder, model.Folder).Replace(Path.DirectorySeparatorChar, '/') }, TrainingJson.Default.ModelInfo)));

    // Folders are kept relative, so that a data folder can be moved or mounted elsewhere.
    private ModelInfo Map(SqliteDataReader row)
    {
        ModelInfo model = JsonSerializer.Deserialize(row.GetString(0), TrainingJson.Default.ModelInfo)!;
        return model with { Folder = Path.GetFullPath(model.Folder, _database.Folder) };
    }
}
