using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Mlops.Web.Rest;

namespace Mlops.Web.Security;

/// <summary>Finds out who makes a request, and decides whether they may.</summary>
internal sealed class AccessGate(Users users, Sessions sessions, ApiTokens tokens, FailureThrottle throttle, IOptions<WebOptions> options)
{
    public const string Cookie = "mlops-session";
    public const string CsrfHeader = "X-Mlops-Csrf";
    private const string Bearer = "Bearer ";

    /// <summary>Gets a value indicating whether requests from this machine need a sign-in as well.</summary>
    public bool SignInRequired =>
        options.Value.Authentication == WebAuthentication.Host || !string.IsNullOrEmpty(options.Value.AdminPassword) || !string.IsNullOrEmpty(options.Value.ApiToken) || users.Any();

    /// <summary>Lets a request in.</summary>
    /// <param name="http">The request.</param>
    /// <param name="allowed">Who may; <see cref="Roles.None"/> for anybody.</param>
    /// <param name="operation">What it asks for.</param>
    /// <exception cref="ProblemException">It may not be made.</exception>
    public Caller Admit(HttpContext http, Roles allowed, Operation operation)
    {
        Caller caller = Identify(http);
        if (operation.IsChange && caller.How != "token")
            ThrowIfForged(http, operation, caller);
        if (allowed == Roles.None)
            return caller;
        if (caller.Role == Roles.None)
            throw Refuse(http, caller);
        if ((caller.Role & allowed) == 0)
            throw new ProblemException(403, $"'{caller.Name}' has the role {RoleNames.Of(caller.Role)}.", $"This needs one of the roles {RoleNames.List(allowed)}; ask an administrator of this node.");
        return caller;
    }

    /// <summary>Tells whether who was let in would be let in still: their session or token may have ended meanwhile.</summary>
    public bool MayStay(HttpContext http, Operation operation)
    {
        try
        {
            return (Identify(http).Role & Permissions.Of(operation.Id)) != 0;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private Caller Identify(HttpContext http)
    {
        string authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && options.Value.Authentication == WebAuthentication.BuiltIn)
            return FromToken(http, authorization[Bearer.Length..].Trim());
        if (options.Value.Authentication == WebAuthentication.Host)
            return FromHost(http.User);
        if (http.Request.Cookies.TryGetValue(Cookie, out string? secret) && secret.Length < 100 && sessions.Find(secret) is { } session)
            return new Caller(session.User, session.Role, "session") { Session = session };
        return !SignInRequired && LocalRequest.IsLocal(http) ? new Caller("local", Roles.Admin, "local") : Caller.Nobody;
    }

    private Caller FromToken(HttpContext http, string token)
    {
        if (throttle.Wait(http.Connection.RemoteIpAddress) is { } wait)
            throw TooMany(wait);
        if (options.Value.ApiToken is { Length: > 0 } configured && Secrets.AreEqual(configured, token))
            return new Caller("Mlops:Web:ApiToken", Roles.Admin, "token");
        if (tokens.Find(token) is { } caller)
            return caller;
        throttle.Count(http.Connection.RemoteIpAddress);
        throw new ProblemException(401, "The bearer token is not valid.", "Use a token that an administrator has made and that has not expired.");
    }

    private static Caller FromHost(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true)
            return Caller.Nobody;
        Roles role = principal.Claims
            .Where(c => c.Type is ClaimTypes.Role or "role" or "roles")
            .Select(c => RoleNames.Find(c.Value) ?? Roles.None)
            .DefaultIfEmpty(Roles.None).Max();
        return new Caller(principal.Identity.Name ?? "unnamed", role, "host");
    }

    // Browsers send cookies, and reach loopback, for pages of others too.
    private static void ThrowIfForged(HttpContext http, Operation operation, Caller caller)
    {
        if (LocalRequest.IsCrossSite(http.Request))
            throw new ProblemException(403, "The request comes from a page of another origin.", "Send it from the node's own pages, or with a bearer token from a program.");
        if (caller.Session is { } session && !operation.IsSignIn && !Secrets.AreEqual(session.Csrf, http.Request.Headers[CsrfHeader].ToString()))
            throw new ProblemException(403, $"The header {CsrfHeader} is missing or is not that of this session.", "Send the value of 'csrf' that GET /api/v1/session answers.");
    }

    private ProblemException Refuse(HttpContext http, Caller caller)
    {
        if (caller.How == "host")
            return new ProblemException(403, $"'{caller.Name}' has no role on this node.", "Let the host give the role viewer, operator, dataScientist or admin.");
        if (SignInRequired)
            return new ProblemException(401, "This node knows its callers.", "Sign in with POST /api/v1/session, or send 'Authorization: Bearer' with an API token.");
        return LocalRequest.IsLocal(http)
            ? new ProblemException(401, "This node knows its callers.", "Sign in.")
            : new ProblemException(403, "This node answers only requests of its own machine.", "Set Mlops:Web:AdminPassword or Mlops:Web:ApiToken, restart it, and sign in; or ask it from its machine by the name localhost.");
    }

    public static ProblemException TooMany(TimeSpan wait) =>
        new(429, "There were too many wrong passwords or tokens from this address.", "Wait a minute and try again with the right one.") { RetryAfter = wait };
}
