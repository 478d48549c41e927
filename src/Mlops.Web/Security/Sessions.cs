using Microsoft.Extensions.Options;
using Mlops.Store;

namespace Mlops.Web.Security;

/// <summary>The sessions of users, in the catalog, so that they outlive a restart. Thread-safe.</summary>
internal sealed class Sessions(NodeDatabase database, IOptions<WebOptions> options, TimeProvider time)
{
    /// <summary>Begins a session under a new secret; those that have ended are forgotten on the way.</summary>
    public async Task<Session> BeginAsync(string user, Roles role)
    {
        DateTimeOffset now = time.GetUtcNow();
        var session = new Session(Secrets.New(), user, role, Secrets.New(), now + options.Value.SessionLifetime);
        await database.WriteAsync(db =>
        {
            db.Run("DELETE FROM session WHERE expires <= $now", ("$now", now.ToUnixTimeMilliseconds()));
            db.Run(
                "INSERT INTO session (hash, user, csrf, created, expires) VALUES ($hash, $user, $csrf, $now, $expires)",
                ("$hash", Secrets.Hash(session.Secret)), ("$user", user), ("$csrf", session.Csrf),
                ("$now", now.ToUnixTimeMilliseconds()), ("$expires", session.Expires.ToUnixTimeMilliseconds()));
        }).ConfigureAwait(false);
        return session;
    }

    /// <summary>Returns the session with a secret while it lasts and its user may sign in.</summary>
    public Session? Find(string secret) => database.Read(db => db.Rows(
        "SELECT s.user, u.role, s.csrf, s.expires FROM session s JOIN user u ON u.name = s.user WHERE s.hash = $hash AND s.expires > $now AND u.enabled = 1",
        r => new Session(secret, r.GetString(0), RoleNames.Find(r.GetString(1)) ?? Roles.None, r.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(3))),
        ("$hash", Secrets.Hash(secret)), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds())).FirstOrDefault());

    public Task EndAsync(string secret) => database.WriteAsync(db => { db.Run("DELETE FROM session WHERE hash = $hash", ("$hash", Secrets.Hash(secret))); });
}
