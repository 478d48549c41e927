using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Who signs in at a server: by name and password, or by a certificate.</summary>
public sealed class OpcUaUserSettings
{
    /// <summary>Gets or sets the name.</summary>
    [Display(Name = "Name", Description = "Name of the user.")]
    public string? Name { get; set; }

    /// <summary>Gets or sets the password.</summary>
    [DataType(DataType.Password)]
    [Display(Name = "Password", Description = "Password of the user.")]
    public string? Password { get; set; }

    /// <summary>Gets or sets the file of the user's certificate.</summary>
    [Display(Name = "Certificate", Description = "File of the user's certificate (PEM), instead of name and password.")]
    public string? CertificateFile { get; set; }

    /// <summary>Gets or sets the file of the certificate's private key.</summary>
    [Display(Name = "Key", Description = "File of the certificate's private key (PEM).")]
    public string? KeyFile { get; set; }

    /// <summary>Gets or sets a value indicating whether the password may be sent readable.</summary>
    [Display(Name = "Allow a plain password", Description = "Whether the password may be sent readable where the server offers no encryption.")]
    public bool AllowPlainPassword { get; set; }
}
