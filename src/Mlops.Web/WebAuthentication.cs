namespace Mlops.Web;

/// <summary>Who finds out who a caller is.</summary>
public enum WebAuthentication
{
    /// <summary>The node: its users, API tokens and settings.</summary>
    BuiltIn,

    /// <summary>
    /// The host: whom its authentication middleware has put into the request, with the role claims <c>viewer</c>, <c>operator</c>,
    /// <c>dataScientist</c> and <c>admin</c>.
    /// </summary>
    Host,
}
