using Microsoft.Data.Sqlite;
using Mlops.Client;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Security;

/// <summary>The API tokens of the node. A token reads <c>mlops_ID_SECRET</c>; only a hash of it is kept. Thread-safe.</summary>
internal sealed class ApiTokens(NodeDatabase database, TimeProvider time)
{
    private const string Prefix = "mlops_";
    private const double MaxDays = 36_500;

    public IReadOnlyList<TokenDetails> List() => database.Read(db => db.Rows("SELECT id, name, role, created, expires, created_by, last_used FROM api_token ORDER BY created", Map));

    /// <exception cref="ProblemException">The request is of no use.</exception>
    public async Task<TokenCreated> AddAsync(TokenStart start, string author)
    {
        Roles role = RoleNames.Parse(start.Role);
        if (start.Name.Trim().Length is 0 or > 100)
            throw ProblemException.Invalid("The name of the token is empty or has more than 100 characters.", "Say in a few words what it is for.");
        if (start.ExpiresInDays is { } days && !(days > 0 && days <= MaxDays))
            throw ProblemException.Invalid($"The token is to be valid for {days} days.", $"Give a number of days up to {MaxDays}, or null for ever.");
        DateTimeOffset now = time.GetUtcNow();
        string id = Guid.NewGuid().ToString("n")[..12];
        string token = $"{Prefix}{id}_{Secrets.New()}";
        var details = new TokenDetails(id, start.Name.Trim(), RoleNames.Of(role), Whole(now), start.ExpiresInDays is { } d ? Whole(now.AddDays(d)) : null, author);
        await database.WriteAsync(db => db.Run(
            "INSERT INTO api_token (id, hash, name, role, created, created_by, expires) VALUES ($id, $hash, $name, $role, $created, $by, $expires)",
            ("$id", id), ("$hash", Secrets.Hash(token)), ("$name", details.Name), ("$role", details.Role),
            ("$created", details.Created.ToUnixTimeMilliseconds()), ("$by", author), ("$expires", details.Expires?.ToUnixTimeMilliseconds()))).ConfigureAwait(false);
        return new TokenCreated(token, details);
    }

    public Task<bool> RemoveAsync(string id) => database.WriteAsync(db => db.Run("DELETE FROM api_token WHERE id = $id", ("$id", id)) > 0);

    /// <summary>Returns the caller whom a token names, while it is valid.</summary>
    public Caller? Find(string token)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || token.Split('_', 3) is not [_, { Length: 12 } id, _])
            return null;
        (string Hash, TokenDetails Token)? found = database.Read(db => db.Rows(
            "SELECT id, name, role, created, expires, created_by, last_used, hash FROM api_token WHERE id = $id", r => ((string, TokenDetails)?)(r.GetString(7), Map(r)), ("$id", id)).FirstOrDefault());
        DateTimeOffset now = time.GetUtcNow();
        if (found is not { } kept || !Secrets.AreEqual(kept.Hash, Secrets.Hash(token)) || kept.Token.Expires <= now)
            return null;
        if (!(now - kept.Token.LastUsed < TimeSpan.FromHours(1)))
            _ = NoteUseAsync(id, now);
        return new Caller(kept.Token.Name, RoleNames.Find(kept.Token.Role) ?? Roles.None, "token");
    }

    private async Task NoteUseAsync(string id, DateTimeOffset now)
    {
        try
        {
            await database.WriteAsync(db => db.Run("UPDATE api_token SET last_used = $now WHERE id = $id", ("$id", id), ("$now", now.ToUnixTimeMilliseconds()))).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // When it was last used is for people's curiosity; a full disk is told elsewhere.
        }
    }

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static TokenDetails Map(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.IsDBNull(5) ? null : row.GetString(5),
        row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));
}
