using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Mlops.Client;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Security;

/// <summary>The users of the node, in its catalog. Thread-safe.</summary>
internal sealed partial class Users(NodeDatabase database, IOptions<WebOptions> options, TimeProvider time)
{
    public const string FirstAdmin = "admin";
    private const int MinPassword = 8;
    private const int MaxPassword = 256;

    // PBKDF2 with HMAC-SHA512; the count that OWASP recommends for it.
    private readonly PasswordHasher<string> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private readonly Lazy<string> _nobodysPassword = new(() => new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 })).HashPassword("", Secrets.New()));

    public IReadOnlyList<UserDetails> List() => database.Read(db => db.Rows("SELECT name, role, enabled, created, locked_until FROM user ORDER BY name", Map));

    public UserDetails? Find(string name) => database.Read(db => Find(db, name));

    public bool Any() => database.Read(db => db.Scalar<long>("SELECT EXISTS (SELECT 1 FROM user)")) != 0;

    /// <summary>Adds the first user with the password of the settings, unless there are users.</summary>
    /// <returns>Whether it was added.</returns>
    public async Task<bool> AddFirstAsync(string password)
    {
        if (Any())
            return false;
        string hash = _hasher.HashPassword(FirstAdmin, password);
        return await database.WriteAsync(db => db.Run(
            "INSERT INTO user (name, password, role, enabled, created) SELECT $name, $password, 'admin', 1, $now WHERE NOT EXISTS (SELECT 1 FROM user)",
            ("$name", FirstAdmin), ("$password", hash), ("$now", Now)) > 0).ConfigureAwait(false);
    }

    /// <summary>Adds or changes a user. Sessions of a user whose password, role or permission to sign in changed end.</summary>
    /// <returns>The user, and whether it was added.</returns>
    /// <exception cref="ProblemException">The change is of no use, or nobody would be left to manage users.</exception>
    public async Task<(UserDetails User, bool Added)> PutAsync(string name, UserChange change)
    {
        if (!ValidName().IsMatch(name))
            throw ProblemException.Invalid($"'{(name.Length > 64 ? name[..64] + "…" : name)}' is no name for a user.", "Use 1 to 64 letters, digits, '.', '_', '-' and '@'.");
        string? role = change.Role is null ? null : RoleNames.Of(RoleNames.Parse(change.Role));
        if (change.Password is { } given && given.Length is < MinPassword or > MaxPassword)
            throw ProblemException.Invalid($"The password for '{name}' is not between {MinPassword} and {MaxPassword} characters long.", "Choose a longer one, for example four random words.");
        string? password = change.Password is { } plain ? _hasher.HashPassword(name, plain) : null;
        return await database.WriteAsync(db =>
        {
            UserDetails? before = Find(db, name);
            if (before is null && (role is null || password is null))
                throw ProblemException.Invalid($"User '{name}' is new and has no {(role is null ? "role" : "password")} yet.", "Give role and password.");
            if (before is null)
            {
                db.Run(
                    "INSERT INTO user (name, password, role, enabled, created) VALUES ($name, $password, $role, $enabled, $now)",
                    ("$name", name), ("$password", password), ("$role", role), ("$enabled", change.Enabled == false ? 0L : 1L), ("$now", Now));
            }
            else
            {
                db.Run(
                    "UPDATE user SET role = coalesce($role, role), enabled = coalesce($enabled, enabled) WHERE name = $name",
                    ("$name", name), ("$role", role), ("$enabled", change.Enabled is { } enabled ? (enabled ? 1L : 0L) : null));
                if (password is not null)
                    db.Run("UPDATE user SET password = $password, failures = 0, locked_until = NULL WHERE name = $name", ("$name", name), ("$password", password));
            }

            db.Run("DELETE FROM session WHERE user = $name", ("$name", name));
            ThrowIfNobodyIsLeft(db, before);
            return (Find(db, name)!, before is null);
        }).ConfigureAwait(false);
    }

    /// <returns>Whether there was such a user.</returns>
    /// <exception cref="ProblemException">Nobody would be left to manage users.</exception>
    public Task<bool> RemoveAsync(string name) => database.WriteAsync(db =>
    {
        UserDetails? before = Find(db, name);
        db.Run("DELETE FROM user WHERE name = $name", ("$name", name));
        ThrowIfNobodyIsLeft(db, before);
        return before is not null;
    });

    /// <summary>Checks a password. It takes as long for a user that does not exist.</summary>
    /// <returns>The user, or <see langword="null"/> when name or password are wrong, the user is locked or may not sign in.</returns>
    public async Task<UserDetails?> CheckAsync(string name, string password)
    {
        (string Hash, UserDetails User)? found = database.Read(db => db.Rows(
            "SELECT name, role, enabled, created, locked_until, password FROM user WHERE name = $name", r => ((string, UserDetails)?)(r.GetString(5), Map(r)), ("$name", name)).FirstOrDefault());
        string stored = found?.Hash ?? _nobodysPassword.Value;
        bool right = password.Length <= MaxPassword
            && await Task.Run(() => _hasher.VerifyHashedPassword(name, stored, password)).ConfigureAwait(false) != PasswordVerificationResult.Failed;
        if (found is not { User: var user } || !user.Enabled || user.LockedUntil > time.GetUtcNow())
            return null;
        if (right)
        {
            await database.WriteAsync(db => db.Run("UPDATE user SET failures = 0, locked_until = NULL WHERE name = $name", ("$name", user.Name))).ConfigureAwait(false);
            return user;
        }

        await database.WriteAsync(db => db.Run(
            """
            UPDATE user SET failures = CASE WHEN failures + 1 >= $most THEN 0 ELSE failures + 1 END,
              locked_until = CASE WHEN failures + 1 >= $most THEN $until ELSE locked_until END WHERE name = $name
            """,
            ("$name", user.Name), ("$most", options.Value.LockoutAfter), ("$until", Now + (long)options.Value.Lockout.TotalMilliseconds))).ConfigureAwait(false);
        return null;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void ThrowIfNobodyIsLeft(SqliteConnection db, UserDetails? before)
    {
        if (before is { Role: "admin", Enabled: true } && db.Scalar<long>("SELECT count(*) FROM user WHERE role = 'admin' AND enabled = 1") == 0)
            throw new ProblemException(409, $"User '{before.Name}' is the last one who may manage users.", "Give another user the role admin first.");
    }

    private static UserDetails? Find(SqliteConnection db, string name) =>
        db.Rows("SELECT name, role, enabled, created, locked_until FROM user WHERE name = $name", Map, ("$name", name)).FirstOrDefault();

    private static UserDetails Map(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetInt64(2) != 0,
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));

    [GeneratedRegex("^[A-Za-z0-9._@-]{1,64}$")]
    private static partial Regex ValidName();
}
