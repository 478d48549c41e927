using Microsoft.Data.Sqlite;
using Mlops.Store;

namespace Mlops.Prediction.Quality;

/// <summary>Keeps labelled answers and their tallies; one transaction changes both, so a label that is seen again or corrected counts once.</summary>
internal static class OutcomeRows
{
    private const int Kept = 100_000;

    /// <summary>Takes labelled answers.</summary>
    public static void Add(SqliteConnection db, string deployment, string role, IReadOnlyList<Outcome> outcomes)
    {
        var tallies = new Dictionary<string, Tally>(StringComparer.Ordinal);
        Tally TallyOf(string model) => tallies.TryGetValue(model, out Tally? known) ? known
            : tallies[model] = TallyRows.Load(db, deployment, role, model) ?? new Tally();
        foreach (Outcome outcome in outcomes)
        {
            Outcome? before = db.Rows(
                "SELECT row, model, expected, answered_class, answered_number FROM outcome WHERE deployment = $deployment AND role = $role AND row = $row",
                Read, ("$deployment", deployment), ("$role", role), ("$row", outcome.Row)).SingleOrDefault();
            if (before == outcome)
                continue;
            if (before is not null)
                TallyOf(before.Model).Remove(before.Answer.Truth(before.Expected), before.Answer);
            TallyOf(outcome.Model).Add(outcome.Answer.Truth(outcome.Expected), outcome.Answer);
            db.Run(
                """
                INSERT INTO outcome (deployment, role, row, model, expected, answered_class, answered_number) VALUES ($deployment, $role, $row, $model, $expected, $class, $number)
                ON CONFLICT (deployment, role, row) DO UPDATE SET model = excluded.model, expected = excluded.expected, answered_class = excluded.answered_class, answered_number = excluded.answered_number
                """,
                ("$deployment", deployment), ("$role", role), ("$row", outcome.Row), ("$model", outcome.Model), ("$expected", outcome.Expected),
                ("$class", outcome.Answer.Class), ("$number", outcome.Answer.Number is { } n && double.IsFinite(n) ? n : null));
        }

        foreach ((string model, Tally tally) in tallies)
            TallyRows.Save(db, deployment, role, model, tally.ToJson());
        db.Run(
            """
            DELETE FROM outcome WHERE deployment = $deployment AND role = $role AND row <
                (SELECT row FROM outcome WHERE deployment = $deployment AND role = $role ORDER BY row DESC LIMIT 1 OFFSET $kept)
            """,
            ("$deployment", deployment), ("$role", role), ("$kept", Kept));
    }

    /// <summary>Reads the figures of each model.</summary>
    public static List<ModelQuality> Figures(SqliteConnection db, string deployment, string role, bool shadow, int window) =>
    [
        .. db.Rows(
            "SELECT model, tally FROM answer_tally WHERE deployment = $deployment AND role = $role ORDER BY model",
            r => (Model: r.GetString(0), Tally: Tally.FromJson(r.GetString(1))), ("$deployment", deployment), ("$role", role))
            .Select(t => new ModelQuality(t.Model, shadow, t.Tally.Figures(), Window(db, deployment, role, t.Model, window))),
    ];

    private static AnswerFigures Window(SqliteConnection db, string deployment, string role, string model, int window)
    {
        var tally = new Tally();
        foreach (Outcome outcome in db.Rows(
            "SELECT row, model, expected, answered_class, answered_number FROM outcome WHERE deployment = $deployment AND role = $role AND model = $model ORDER BY row DESC LIMIT $window",
            Read, ("$deployment", deployment), ("$role", role), ("$model", model), ("$window", window)))
        {
            tally.Add(outcome.Answer.Truth(outcome.Expected), outcome.Answer);
        }

        return tally.Figures();
    }

    private static Outcome Read(SqliteDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), new AnswerValue(r.IsDBNull(3) ? null : r.GetString(3), r.IsDBNull(4) ? null : r.GetDouble(4)));
}
