namespace Mlops.Web.Security;

/// <summary>What a caller may do; an operation is open to one or several.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Sees everything but users, tokens and audit.</summary>
    Viewer = 1,

    /// <summary>Connects assets, maps messages, labels, and runs deployments.</summary>
    Operator = 2,

    /// <summary>Uploads workflows, trains, labels, and runs deployments.</summary>
    DataScientist = 4,

    /// <summary>Everything.</summary>
    Admin = 8,

    Staff = Operator | DataScientist | Admin,

    Everyone = Viewer | Staff,
}
