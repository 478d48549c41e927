namespace Mlops.Drivers.OpcUa;

/// <summary>What all OPC UA assets of a node share; the section <c>Mlops:OpcUa</c>.</summary>
public sealed class OpcUaOptions
{
    /// <summary>Gets or sets the folder of certificates: <c>own</c>, <c>trusted</c>, <c>issuers</c> and <c>rejected</c> lie in it.</summary>
    /// <value>Default: <c>opcua</c> in the node's data folder.</value>
    public string? CertificateFolder { get; set; }

    /// <summary>Gets or sets the folder of servers' certificates that are trusted.</summary>
    /// <value>Default: <c>trusted</c> in <see cref="CertificateFolder"/>.</value>
    public string? TrustedFolder { get; set; }

    /// <summary>Gets or sets the URI by which servers know this application; it stands in the application's certificate.</summary>
    /// <value>Default: <c>urn:&lt;host&gt;:mlops</c>.</value>
    public string? ApplicationUri { get; set; }

    /// <summary>Gets or sets the name by which servers show this application.</summary>
    /// <value>Default: <c>Mlops</c>.</value>
    public string ApplicationName { get; set; } = "Mlops";
}
