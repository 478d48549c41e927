namespace Mlops.Client;

/// <summary>An API token, without its secret.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Role">What its bearer may do.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends to be valid.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="LastUsed">When it was last used, to the hour.</param>
public sealed record TokenDetails(
    string Id,
    string Name,
    string Role,
    DateTimeOffset Created,
    DateTimeOffset? Expires = null,
    string? CreatedBy = null,
    DateTimeOffset? LastUsed = null);
