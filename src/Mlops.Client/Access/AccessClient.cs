namespace Mlops.Client;

/// <summary>Who may use the node, and who did. Thread-safe.</summary>
public sealed class AccessClient
{
    private readonly Transport _transport;

    internal AccessClient(Transport transport) => _transport = transport;

    /// <summary>Tells who the caller is.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The caller.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<SessionDetails> GetSessionAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<SessionDetails>("session", cancellationToken);

    /// <summary>Signs in; the session is kept by the cookies of the HTTP client.</summary>
    /// <param name="user">Name of the user.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The session.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<SessionDetails> SignInAsync(string user, string password, CancellationToken cancellationToken = default) =>
        _transport.SignInAsync(new SignIn(user, password), cancellationToken);

    /// <summary>Ends the session.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it has ended.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task SignOutAsync(CancellationToken cancellationToken = default) => _transport.DeleteAsync("session", cancellationToken);

    /// <summary>Gives the signed-in user another password; the user's other sessions end, and this one goes on under a new secret.</summary>
    /// <param name="current">The password so far.</param>
    /// <param name="next">The password from now on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The session.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<SessionDetails> ChangePasswordAsync(string current, string next, CancellationToken cancellationToken = default) =>
        _transport.ChangePasswordAsync(new PasswordChange(current, next), cancellationToken);

    /// <summary>Lists the users.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The users.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<UserDetails>> ListUsersAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<UserDetails>("users", cancellationToken);

    /// <summary>Adds or changes a user.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">What the user shall be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The user.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<UserDetails> PutUserAsync(string name, UserChange change, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<UserChange, UserDetails>(HttpMethod.Put, $"users/{Query.Segment(name)}", change, cancellationToken: cancellationToken);

    /// <summary>Removes a user.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once the user is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteUserAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"users/{Query.Segment(name)}", cancellationToken);

    /// <summary>Lists the API tokens.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The tokens, without their secrets.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<TokenDetails>> ListTokensAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<TokenDetails>("tokens", cancellationToken);

    /// <summary>Makes an API token.</summary>
    /// <param name="start">What it is for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The token, which is never shown again.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TokenCreated> CreateTokenAsync(TokenStart start, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<TokenStart, TokenCreated>(HttpMethod.Post, "tokens", start, cancellationToken: cancellationToken);

    /// <summary>Makes an API token invalid.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is invalid.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteTokenAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"tokens/{Query.Segment(id)}", cancellationToken);

    /// <summary>Lists who did what, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="before">Only entries with a number below this.</param>
    /// <param name="who">Only what this user or token did.</param>
    /// <param name="action">Only this operation.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(int limit = 100, long? before = null, string? who = null, string? action = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<IReadOnlyList<AuditEntry>>(Query.Of("audit", ("limit", limit), ("before", before), ("who", who), ("action", action)), cancellationToken);
}
