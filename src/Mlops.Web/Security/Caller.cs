namespace Mlops.Web.Security;

/// <summary>Who makes a request.</summary>
/// <param name="Name">Name of the user or token; <c>local</c> for whoever is at this machine.</param>
/// <param name="Role">What they may do.</param>
/// <param name="How">How they were known: <c>session</c>, <c>token</c>, <c>local</c>, <c>host</c> or <c>none</c>.</param>
internal sealed record Caller(string Name, Roles Role, string How)
{
    public static Caller Nobody { get; } = new("", Roles.None, "none");

    /// <summary>Gets the session, when they were known by its cookie.</summary>
    public Session? Session { get; init; }
}
