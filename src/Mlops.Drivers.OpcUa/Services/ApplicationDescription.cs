using Mlops.Drivers.OpcUa.Binary;

namespace Mlops.Drivers.OpcUa.Services;

/// <summary>Who an application is (OPC 10000-4, 7.2).</summary>
internal sealed record ApplicationDescription(string Uri, string ProductUri, string Name, int Type, IReadOnlyList<string> DiscoveryUrls)
{
    public const int Client = 1;

    public static ApplicationDescription Read(ref UaReader reader)
    {
        string uri = reader.String() ?? "";
        string product = reader.String() ?? "";
        string name = reader.LocalizedText().Text ?? "";
        int type = reader.Int32();
        reader.String();
        reader.String();
        return new ApplicationDescription(uri, product, name, type, [.. reader.Strings().OfType<string>()]);
    }

    public void Write(UaWriter writer)
    {
        writer.String(Uri);
        writer.String(ProductUri);
        writer.LocalizedText(new(Name));
        writer.Int32(Type);
        writer.String(null);
        writer.String(null);
        writer.Int32(-1);
    }
}
