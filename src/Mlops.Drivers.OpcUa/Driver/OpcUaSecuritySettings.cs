using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>How messages between node and server are secured.</summary>
public sealed class OpcUaSecuritySettings
{
    /// <summary>Gets or sets the security policy.</summary>
    [Display(Name = "Policy", Description = "None, Basic256Sha256, Aes128_Sha256_RsaOaep or Aes256_Sha256_RsaPss.")]
    public string Policy { get; set; } = "Basic256Sha256";

    /// <summary>Gets or sets what is done to messages.</summary>
    [Display(Name = "Mode", Description = "Sign or SignAndEncrypt.")]
    public string Mode { get; set; } = "SignAndEncrypt";

    /// <summary>Gets or sets a value indicating whether an unknown server is trusted when it is met first.</summary>
    [Display(Name = "Trust the server", Description = "Whether a server whose certificate is not known is trusted from the first connection on. Use it while commissioning only.")]
    public bool TrustServer { get; set; }

    /// <summary>Gets or sets a value indicating whether the server's certificate must name the endpoint's host.</summary>
    [Display(Name = "Check the host", Description = "Whether the server's certificate must name the host of the endpoint.")]
    public bool CheckHost { get; set; } = true;
}
