using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Drivers.OpcUa.Security;

/// <summary>The names in a certificate's Subject Alternative Name (RFC 5280, 4.2.1.6).</summary>
internal sealed record CertificateNames(IReadOnlyList<string> Uris, IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly Asn1Tag HostTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag AddressTag = new(TagClass.ContextSpecific, 7);

    public static CertificateNames Of(X509Certificate2 certificate)
    {
        List<string> uris = [], hosts = [];
        List<IPAddress> addresses = [];
        foreach (X509Extension extension in certificate.Extensions.Where(e => e.Oid?.Value == "2.5.29.17"))
        {
            try
            {
                Read(extension.RawData, uris, hosts, addresses);
            }
            catch (AsnContentException)
            {
                // Names that cannot be read name nobody.
            }
        }

        return new CertificateNames(uris, hosts, addresses);
    }

    public bool Has(string host) => IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
        ? Addresses.Contains(address) || Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)
        : Hosts.Any(name => string.Equals(name, host, StringComparison.OrdinalIgnoreCase));

    private static void Read(byte[] bytes, List<string> uris, List<string> hosts, List<IPAddress> addresses)
    {
        AsnReader names = new AsnReader(bytes, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            Asn1Tag tag = names.PeekTag();
            if (tag == UriTag)
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
            else if (tag == HostTag)
                hosts.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, HostTag));
            else if (tag == AddressTag && names.ReadOctetString(AddressTag) is { Length: 4 or 16 } address)
                addresses.Add(new IPAddress(address));
            else if (tag != AddressTag)
                names.ReadEncodedValue();
        }
    }
}
