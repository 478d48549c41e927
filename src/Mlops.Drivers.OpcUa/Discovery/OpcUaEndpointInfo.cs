namespace Mlops.Drivers.OpcUa.Discovery;

/// <summary>A way to reach a server.</summary>
/// <param name="Address">The address, as the server knows itself.</param>
/// <param name="Policy">Its security policy as <c>security.policy</c> of an asset names it; the URI of one that is not known here.</param>
/// <param name="Mode">None, Sign or SignAndEncrypt.</param>
/// <param name="Users">Who may sign in: Anonymous, UserName, Certificate, IssuedToken.</param>
/// <param name="Level">How secure the server thinks it is, compared to its others; more is better.</param>
public sealed record OpcUaEndpointInfo(string Address, string Policy, string Mode, IReadOnlyList<string> Users, int Level);
