using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Web.Rest;

namespace Mlops.Web.Security;

/// <summary>Signing in and out, users, tokens and the audit log.</summary>
internal static class AccessOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getSession", "access", "/session", "Tells who the caller is, and whether a sign-in is needed.", GetSession).Returns<SessionDetails>(),
        Operation.Post("signIn", "access", "/session", "Signs in and sets a cookie. Requests that change something send the answered 'csrf' in the header X-Mlops-Csrf.", SignInAsync)
            .Takes<SignIn>().Returns<SessionDetails>().Refuses(401, 429).Secret(),
        Operation.Delete("signOut", "access", "/session", "Ends the session of the cookie.", SignOutAsync),

        Operation.Put("changePassword", "access", "/session/password", "Gives whoever is signed in another password; other sessions of the user end, and the cookie is set anew.", ChangePasswordAsync)
            .Takes<PasswordChange>().Returns<SessionDetails>().Refuses(409, 429).Secret(),

        Operation.Get("listUsers", "access", "/users", "Lists the users.", c => c.Page(Get<Users>(c).List())).Paged().Returns<IReadOnlyList<UserDetails>>(),
        Operation.Put("putUser", "access", "/users/{name}", "Adds or changes a user; the user's sessions end.", PutUserAsync).Takes<UserChange>().Returns<UserDetails>().Refuses(409),
        Operation.Delete("deleteUser", "access", "/users/{name}", "Removes a user.", DeleteUserAsync).Refuses(404, 409),

        Operation.Get("listTokens", "access", "/tokens", "Lists the API tokens, without their secrets.", c => c.Page(Get<ApiTokens>(c).List())).Paged().Returns<IReadOnlyList<TokenDetails>>(),
        Operation.Post("createToken", "access", "/tokens", "Makes an API token, which is shown this once.", CreateTokenAsync).Takes<TokenStart>().Returns<TokenCreated>(201).Secret(),
        Operation.Delete("deleteToken", "access", "/tokens/{id}", "Makes an API token invalid.", DeleteTokenAsync).Refuses(404),

        Operation.Get("listAudit", "access", "/audit", "Lists who did what, newest first.", ListAudit)
            .Takes(
                new QueryParameter("limit", "integer", "How many at most, 1 to 10,000; 100 where nothing is said."),
                new QueryParameter("before", "integer", "Only entries with a number below this."),
                new QueryParameter("who", "string", "Only what this user or token did."),
                new QueryParameter("action", "string", "Only this operation."))
            .Returns<IReadOnlyList<AuditEntry>>(),
    ];

    private static Reply GetSession(Call call)
    {
        bool required = Get<AccessGate>(call).SignInRequired;
        return Reply.Json(call.Caller.Role == Roles.None ? new SessionDetails(SignInRequired: required) : Describe(call.Caller, required));
    }

    private static async Task<Reply> SignInAsync(Call call)
    {
        FailureThrottle throttle = Get<FailureThrottle>(call);
        if (throttle.Wait(call.Http.Connection.RemoteIpAddress) is { } wait)
            throw AccessGate.TooMany(wait);
        SignIn body = await call.BodyAsync<SignIn>().ConfigureAwait(false);
        call.Http.Items[nameof(SignIn)] = body.User;
        if (await Get<Users>(call).CheckAsync(body.User, body.Password).ConfigureAwait(false) is not { } user)
        {
            throttle.Count(call.Http.Connection.RemoteIpAddress);
            if (call.Caller.Role == Roles.None)
                await Get<AuditLog>(call).WriteAsync(call.Caller, body.User, "signIn", call.Http.Request.Path.Value!, 401, call.Http.Connection.RemoteIpAddress).ConfigureAwait(false);
            throw new ProblemException(401, "User or password are wrong, or the user is locked for a while.", "Try again with the right ones; after several wrong passwords wait some minutes.");
        }

        // A new secret each time, so that nobody can have planted the cookie.
        if (call.Http.Request.Cookies.TryGetValue(AccessGate.Cookie, out string? old))
            await Get<Sessions>(call).EndAsync(old).ConfigureAwait(false);
        return await BeginAsync(call, user).ConfigureAwait(false);
    }

    private static async Task<Reply> ChangePasswordAsync(Call call)
    {
        FailureThrottle throttle = Get<FailureThrottle>(call);
        PasswordChange body = await call.BodyAsync<PasswordChange>().ConfigureAwait(false);
        if (call.Caller.Session is not { } session)
            throw new ProblemException(409, $"'{call.Caller.Name}' has no password on this node.", "Sign in as a user whose password is to change.");
        if (throttle.Wait(call.Http.Connection.RemoteIpAddress) is { } wait)
            throw AccessGate.TooMany(wait);
        if (await Get<Users>(call).CheckAsync(session.User, body.Current).ConfigureAwait(false) is null)
        {
            throttle.Count(call.Http.Connection.RemoteIpAddress);
            throw ProblemException.Invalid("The current password is wrong, or the user is locked for a while.", "Type the password that you signed in with; after several wrong ones wait some minutes.");
        }

        (UserDetails user, _) = await Get<Users>(call).PutAsync(session.User, new UserChange(Password: body.New)).ConfigureAwait(false);
        return await BeginAsync(call, user).ConfigureAwait(false);
    }

    private static async Task<Reply> BeginAsync(Call call, UserDetails user)
    {
        Session session = await Get<Sessions>(call).BeginAsync(user.Name, RoleNames.Parse(user.Role)).ConfigureAwait(false);
        call.Http.Response.Cookies.Append(AccessGate.Cookie, session.Secret, Cookie(call.Http, session.Expires));
        return Reply.Json(Describe(new Caller(session.User, session.Role, "session") { Session = session }, required: true));
    }

    private static async Task<Reply> SignOutAsync(Call call)
    {
        if (call.Caller.Session is { } session)
            await Get<Sessions>(call).EndAsync(session.Secret).ConfigureAwait(false);
        call.Http.Response.Cookies.Delete(AccessGate.Cookie, Cookie(call.Http, null));
        return Reply.None();
    }

    private static async Task<Reply> PutUserAsync(Call call)
    {
        UserChange change = await call.BodyAsync<UserChange>().ConfigureAwait(false);
        (UserDetails user, bool added) = await Get<Users>(call).PutAsync(call.Route("name"), change).ConfigureAwait(false);
        return Reply.Json(user, added ? 201 : 200);
    }

    private static async Task<Reply> DeleteUserAsync(Call call) =>
        await Get<Users>(call).RemoveAsync(call.Route("name")).ConfigureAwait(false) ? Reply.None()
            : throw ProblemException.NotFound("user", call.Route("name"), "GET /api/v1/users lists them.");

    private static async Task<Reply> CreateTokenAsync(Call call)
    {
        TokenStart start = await call.BodyAsync<TokenStart>().ConfigureAwait(false);
        TokenCreated made = await Get<ApiTokens>(call).AddAsync(start, call.Author).ConfigureAwait(false);
        return Reply.Json(made, 201, $"{call.Base}/tokens/{made.Details.Id}");
    }

    private static async Task<Reply> DeleteTokenAsync(Call call) =>
        await Get<ApiTokens>(call).RemoveAsync(call.Route("id")).ConfigureAwait(false) ? Reply.None()
            : throw ProblemException.NotFound("token", call.Route("id"), "GET /api/v1/tokens lists them.");

    private static Reply ListAudit(Call call) => Reply.Json(Get<AuditLog>(call).List(
        (int)(call.Integer("limit", 1, 10_000) ?? 100), call.Integer("before", 1, long.MaxValue), call.Text("who"), call.Text("action")));

    private static SessionDetails Describe(Caller caller, bool required) =>
        new(caller.Name, RoleNames.Of(caller.Role), required, caller.Session?.Csrf, caller.Session?.Expires);

    private static CookieOptions Cookie(HttpContext http, DateTimeOffset? expires) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", Expires = expires, IsEssential = true };

    private static T Get<T>(Call call)
        where T : notnull => call.Http.RequestServices.GetRequiredService<T>();
}
