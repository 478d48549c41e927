using Mlops.Client;

namespace Mlops.Web.Tests.Rest;

/// <summary>A node that knows its callers, with a token for each role, and small limits.</summary>
public sealed class GuardedNode : IAsyncLifetime
{
    public const string AdminToken = "the-token-of-the-settings";
    public const int MaxJson = 32 * 1024;
    public const int MaxUpload = 64 * 1024;

    internal WebNode Node { get; private set; } = null!;

    internal IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    internal Dictionary<string, HttpClient> Clients { get; } = [];

    public async Task InitializeAsync()
    {
        Node = await WebNode.StartAsync(settings:
        [
            ("Mlops:Web:ApiToken", AdminToken),
            ("Mlops:Web:MaxJson", $"{MaxJson}"),
            ("Mlops:Web:MaxUpload", $"{MaxUpload}"),
        ]);
        Clients["admin"] = Node.Client(AdminToken);
        var admin = new MlopsClient(Clients["admin"]);
        foreach (string role in new[] { "viewer", "operator", "dataScientist" })
            Clients[role] = Node.Client((await admin.Access.CreateTokenAsync(new TokenStart(role, role))).Token);
        Operations = ApiOperation.Read(await Node.Http.GetStringAsync("openapi/v1.json"));
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();
}
