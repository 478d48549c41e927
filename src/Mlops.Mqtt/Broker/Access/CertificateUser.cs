using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt.Broker.Access;

/// <summary>The user that a client's certificate names.</summary>
internal static class CertificateUser
{
    private const string CommonName = "2.5.4.3";

    /// <summary>Gives the common name of the subject, or null when it has none.</summary>
    public static string? Of(X509Certificate2 certificate) => certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
        .Select(part => part.GetSingleElementValue())
        .FirstOrDefault(name => !string.IsNullOrEmpty(name));
}
