namespace Mlops.Web.Security;

/// <summary>A sign-in that lasts.</summary>
/// <param name="Secret">What the cookie holds; only its hash is kept.</param>
/// <param name="User">Name of the user.</param>
/// <param name="Role">The user's role now.</param>
/// <param name="Csrf">What requests that change something must bring in a header.</param>
/// <param name="Expires">When it ends.</param>
internal sealed record Session(string Secret, string User, Roles Role, string Csrf, DateTimeOffset Expires);
