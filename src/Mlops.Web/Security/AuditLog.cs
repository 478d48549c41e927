using System.Net;
using Mlops.Client;
using Mlops.Store;

namespace Mlops.Web.Security;

/// <summary>Who did what: a table that the database itself lets nobody change or delete from. Thread-safe.</summary>
internal sealed class AuditLog(NodeDatabase database, TimeProvider time)
{
    private const int MaxSubject = 500;

    public Task WriteAsync(Caller caller, string who, string action, string subject, int status, IPAddress? address) => database.WriteAsync(db => db.Run(
        "INSERT INTO audit (at, who, how, action, subject, status, address) VALUES ($at, $who, $how, $action, $subject, $status, $address)",
        ("$at", time.GetUtcNow().ToUnixTimeMilliseconds()),
        ("$who", Cut(who)),
        ("$how", caller.How),
        ("$action", action),
        ("$subject", Cut(subject)),
        ("$status", (long)status),
        ("$address", address?.ToString())));

    /// <summary>Lists the newest entries first.</summary>
    public IReadOnlyList<AuditEntry> List(int limit, long? before, string? who, string? action) => database.Read(db => db.Rows(
        """
        SELECT number, at, who, how, action, subject, status, address FROM audit
        WHERE ($before IS NULL OR number < $before) AND ($who IS NULL OR who = $who) AND ($action IS NULL OR action = $action)
        ORDER BY number DESC LIMIT $limit
        """,
        r => new AuditEntry(
            r.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(1)), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetInt32(6), r.IsDBNull(7) ? null : r.GetString(7)),
        ("$before", before), ("$who", who), ("$action", action), ("$limit", (long)limit)));

    private static string Cut(string text) => text.Length > MaxSubject ? text[..MaxSubject] + "…" : text;
}
