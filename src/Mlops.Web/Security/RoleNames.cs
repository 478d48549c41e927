using Mlops.Web.Rest;

namespace Mlops.Web.Security;

/// <summary>Roles as they are written.</summary>
internal static class RoleNames
{
    private static readonly (Roles Role, string Name)[] All =
        [(Roles.Viewer, "viewer"), (Roles.Operator, "operator"), (Roles.DataScientist, "dataScientist"), (Roles.Admin, "admin")];

    public static string Of(Roles role) => All.First(r => r.Role == role).Name;

    public static Roles? Find(string? name) => All.Where(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(r => (Roles?)r.Role).FirstOrDefault();

    /// <exception cref="ProblemException">There is no such role.</exception>
    public static Roles Parse(string? name) => Find(name)
        ?? throw ProblemException.Invalid($"There is no role '{name}'.", $"Choose one of: {string.Join(", ", All.Select(r => r.Name))}.");

    public static string List(Roles roles) => string.Join(", ", All.Where(r => roles.HasFlag(r.Role)).Select(r => r.Name));
}
