using Microsoft.Data.Sqlite;
using Mlops.Store;

namespace Mlops.Prediction.Quality;

/// <summary>The statements behind tallies.</summary>
internal static class TallyRows
{
    public static Tally? Load(SqliteConnection db, string deployment, string role, string model) =>
        db.Scalar<string>("SELECT tally FROM answer_tally WHERE deployment = $deployment AND role = $role AND model = $model", ("$deployment", deployment), ("$role", role), ("$model", model)) is { } json
            ? Tally.FromJson(json)
            : null;

    public static void Save(SqliteConnection db, string deployment, string role, string model, string tally) => db.Run(
        "INSERT INTO answer_tally (deployment, role, model, tally) VALUES ($deployment, $role, $model, $tally) ON CONFLICT (deployment, role, model) DO UPDATE SET tally = excluded.tally",
        ("$deployment", deployment), ("$role", role), ("$model", model), ("$tally", tally));

    public static void Forget(SqliteConnection db, string deployment, string role) =>
        db.Run("DELETE FROM answer_tally WHERE deployment = $deployment AND role = $role", ("$deployment", deployment), ("$role", role));

    /// <summary>Moves a cursor as part of a transaction.</summary>
    public static void MoveCursor(SqliteConnection db, string name, long position) => db.Run(
        "INSERT INTO cursor (name, position) VALUES ($name, $position) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
        ("$name", name), ("$position", position));
}
