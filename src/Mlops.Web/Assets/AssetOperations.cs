using System.Globalization;
using Mlops.Client;
using Mlops.Drivers;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;

namespace Mlops.Web.Assets;

/// <summary>The machines, sensors and cameras that drivers connect.</summary>
internal static class AssetOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listDrivers", "assets", "/drivers", "Lists the kinds of drivers with the JSON schema of their settings.", c => c.Page(c.Service<IAssetCatalog>().Drivers.Select(d => new DriverDetails(d.Kind, d.Settings))))
            .Paged().Returns<IReadOnlyList<DriverDetails>>(),
        Operation.Post("discoverAssets", "assets", "/drivers/{kind}/discover", "Looks for assets that drivers of a kind could connect; nothing is stored.", DiscoverAsync)
            .TakesOptional<DiscoveryRequest>().Returns<IReadOnlyList<DiscoveryEntry>>().Refuses(404, 409, 502, 504),
        Operation.Get("listAssets", "assets", "/assets", "Lists the assets and how well they are reached.", List)
            .Takes(new QueryParameter("kind", "string", "Only assets of this kind."), new QueryParameter("state", "string", "Only assets in this state.")).Paged().Returns<IReadOnlyList<AssetDetails>>(),
        Operation.Get("getAsset", "assets", "/assets/{id}", "Returns one asset.", c => Tagged(c, Find(c))).Returns<AssetDetails>().Tagged().Refuses(404),
        Operation.Put("putAsset", "assets", "/assets/{id}", "Adds or replaces an asset and runs its driver with the new settings.", PutAsync).Takes<AssetBody>().Returns<AssetDetails>().Tagged().Refuses(409, 412),
        Operation.Patch("enableAsset", "assets", "/assets/{id}", "Lets an asset's driver run, or stops it; its settings stay.", EnableAsync).Takes<EnabledBody>().Returns<AssetDetails>().Tagged().Refuses(404, 412),
        Operation.Delete("deleteAsset", "assets", "/assets/{id}", "Stops an asset's driver and forgets the asset; its feeds stay.", DeleteAsync).Tagged().Refuses(404, 412),
        Operation.Get("getAssetHistory", "assets", "/assets/{id}/history", "Lists the states that an asset was in since the node started.", History).Paged().Returns<IReadOnlyList<AssetStateChange>>().Refuses(404),
        Operation.Post("testAsset", "assets", "/assets/{id}/test", "Tries whether a driver reaches the asset with some settings; nothing is stored.", TestAsync).Takes<AssetBody>().Returns<ConnectionTestAnswer>().NotAudited(),
        Operation.Post("browseAsset", "assets", "/assets/{id}/browse", "Lists what can be read at an asset.", BrowseAsync).TakesOptional<BrowseRequest>().Returns<IReadOnlyList<BrowseEntry>>().NotAudited().Refuses(404, 409, 502, 504),
        Operation.Post("writeAsset", "assets", "/assets/{id}/values", "Writes values to an asset.", WriteAsync).Takes<AssetValues>().Returns<IReadOnlyList<AssetWrite>>().Refuses(404, 409, 502, 504),
        Operation.Post("callAsset", "assets", "/assets/{id}/call", "Calls a method of an asset.", CallAsync).Takes<AssetCall>().Returns<AssetCallAnswer>().Refuses(404, 409, 502, 504),
        Operation.Get("previewAsset", "assets", "/assets/{id}/preview", "Returns what an asset sees, for example a camera's last frame; 204 while there is none.", PreviewAsync).Returns(200, "image/*").Refuses(404, 409, 502, 504),
    ];

    private static Reply List(Call call)
    {
        IAssetCatalog catalog = call.Service<IAssetCatalog>();
        string? kind = call.Text("kind"), state = call.Text("state");
        return call.Page(catalog.List().Select(a => Describe(call, a)).Where(a => (kind is null || a.Kind == kind) && (state is null || a.State == state)));
    }

    private static async Task<Reply> PutAsync(Call call)
    {
        AssetBody body = await call.BodyAsync<AssetBody>().ConfigureAwait(false);
        string id = call.Route("id");
        IAssetCatalog catalog = call.Service<IAssetCatalog>();
        bool isNew = catalog.Find(id) is null;
        var change = new AssetChange(body.Kind, body.Settings) { Enabled = body.Enabled, Mirror = body.Mirror };
        try
        {
            AssetDefinition asset = await catalog.PutAsync(id, change, Expected(call), call.Aborted).ConfigureAwait(false);
            return Reply.Json(Describe(call, asset), isNew ? 201 : 200, isNew ? $"{call.Base}/assets/{Uri.EscapeDataString(asset.Id)}" : null, Tag(asset));
        }
        catch (AssetConflictException e)
        {
            throw Changed(e);
        }
    }

    private static async Task<Reply> EnableAsync(Call call)
    {
        EnabledBody body = await call.BodyAsync<EnabledBody>().ConfigureAwait(false);
        try
        {
            AssetDefinition asset = await call.Service<IAssetCatalog>().SetEnabledAsync(call.Route("id"), body.Enabled, Expected(call), call.Aborted).ConfigureAwait(false) ?? throw NotFound(call);
            return Tagged(call, asset);
        }
        catch (AssetConflictException e)
        {
            throw Changed(e);
        }
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        try
        {
            return await call.Service<IAssetCatalog>().RemoveAsync(call.Route("id"), Expected(call), call.Aborted).ConfigureAwait(false) ? Reply.None() : throw NotFound(call);
        }
        catch (AssetConflictException e)
        {
            throw Changed(e);
        }
    }

    private static Reply History(Call call)
    {
        AssetDefinition asset = Find(call);
        return call.Page(call.Service<IAssets>().History(asset.Id).Select(s => new AssetStateChange(s.Time, Names.Of(s.State), s.Reason)));
    }

    private static async Task<Reply> TestAsync(Call call)
    {
        AssetBody body = await call.BodyAsync<AssetBody>().ConfigureAwait(false);
        ConnectionTest test = await call.Service<IAssetCatalog>().TestAsync(call.Route("id"), new AssetChange(body.Kind, body.Settings), call.Aborted).ConfigureAwait(false);
        return Reply.Json(new ConnectionTestAnswer(
            test.Reached,
            Math.Round(test.Took.TotalSeconds, 3),
            test.Records,
            test.Feeds.ToDictionary(f => f.Key, f => (IReadOnlyList<FieldDetails>)[.. f.Value.Select(FeedContracts.Of)]),
            test.Reason));
    }

    private static async Task<Reply> BrowseAsync(Call call)
    {
        BrowseRequest? body = await call.OptionalBodyAsync<BrowseRequest>().ConfigureAwait(false);
        IReadOnlyList<BrowseItem> items = await call.Service<IAssetAccess>().BrowseAsync(call.Route("id"), body?.Parent, call.Aborted).ConfigureAwait(false);
        return Reply.Json<IReadOnlyList<BrowseEntry>>([.. items.Select(i =>
            new BrowseEntry(i.Id, i.Name, i.HasChildren, i.Type is { } type ? Names.Of(type) : null, i.Unit, i.Writable, i.Description))]);
    }

    private static async Task<Reply> WriteAsync(Call call)
    {
        AssetValues body = await call.BodyAsync<AssetValues>().ConfigureAwait(false);
        IReadOnlyList<WriteOutcome> outcomes = await call.Service<IAssetAccess>()
            .WriteAsync(call.Route("id"), [.. body.Values.Select(v => new AssetValue(v.Key, JsonValues.ToScalar(v.Key, v.Value)))], call.Aborted).ConfigureAwait(false);
        return Reply.Json<IReadOnlyList<AssetWrite>>([.. outcomes.Select(o => new AssetWrite(o.Id, o.Error))]);
    }

    private static async Task<Reply> CallAsync(Call call)
    {
        AssetCall body = await call.BodyAsync<AssetCall>().ConfigureAwait(false);
        object?[] arguments = [.. (body.Arguments ?? []).Select((a, i) => JsonValues.ToScalar($"$.arguments[{i}]", a))];
        IReadOnlyList<object?> results = await call.Service<IAssetAccess>().CallMethodAsync(call.Route("id"), body.Method, arguments, call.Aborted).ConfigureAwait(false);
        return Reply.Json(new AssetCallAnswer([.. results.Select(JsonValues.ToJson)]));
    }

    private static async Task<Reply> DiscoverAsync(Call call)
    {
        DiscoveryRequest? body = await call.OptionalBodyAsync<DiscoveryRequest>().ConfigureAwait(false);
        IReadOnlyList<DiscoveredAsset> found = await call.Service<IAssetAccess>().DiscoverAsync(call.Route("kind"), body?.Address, call.Aborted).ConfigureAwait(false);
        return Reply.Json<IReadOnlyList<DiscoveryEntry>>([.. found.Select(f => new DiscoveryEntry(f.Name, f.Settings, f.Description))]);
    }

    private static async Task<Reply> PreviewAsync(Call call)
    {
        PreviewFrame? frame = await call.Service<IAssetAccess>().PreviewAsync(call.Route("id"), call.Aborted).ConfigureAwait(false);
        if (frame is null)
            return Reply.None();
        Reply reply = Reply.Bytes(frame.Content, MediaTypes.ForBrowsers(frame.MediaType));
        reply.Headers["Last-Modified"] = frame.Time.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        return reply;
    }

    private static AssetDefinition Find(Call call) => call.Service<IAssetCatalog>().Find(call.Route("id")) ?? throw NotFound(call);

    private static Reply Tagged(Call call, AssetDefinition asset) => Reply.Json(Describe(call, asset), tag: Tag(asset));

    private static string Tag(AssetDefinition asset) => asset.Version.ToString(CultureInfo.InvariantCulture);

    private static long? Expected(Call call) => call.ExpectedTag() is not { } tag ? null
        : long.TryParse(tag, CultureInfo.InvariantCulture, out long version) ? version
        : throw new ProblemException(412, "The header If-Match holds no version of an asset.", "Send the ETag that GET of this asset answers.");

    private static ProblemException Changed(AssetConflictException e) => new(412, e.Message, "Read it again and repeat the change with its new ETag.");

    private static ProblemException NotFound(Call call) => ProblemException.NotFound("asset", call.Route("id"), "GET /api/v1/assets lists them.");

    internal static AssetDetails Describe(Call call, AssetDefinition asset)
    {
        AssetInfo? info = call.Service<IAssets>().Find(asset.Id);
        AssetTraits traits = call.Service<IAssetAccess>().Traits(asset.Id);
        return new AssetDetails(
            asset.Id, asset.Kind, asset.Settings, asset.Enabled, asset.Mirror, asset.Version, asset.Changed,
            info is null ? null : Names.Of(info.State), info?.Reason, info?.Since, info?.Feeds, info?.Records ?? 0, info?.LastRecord, info?.Restarts ?? 0,
            traits.Browse, traits.Write, traits.Preview, traits.Call);
    }
}
