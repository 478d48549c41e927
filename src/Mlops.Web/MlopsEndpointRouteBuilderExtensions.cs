using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Web.Node;
using Mlops.Web.Rest;
using Mlops.Web.Security;
using Mlops.Web.Ui;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps REST and pages of the node.</summary>
public static class MlopsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps everything that the node answers over HTTP: <c>/api/v1/…</c>, <c>/v2/…</c>, <c>/openapi/v1.json</c>, <c>/metrics</c>,
    /// <c>/healthz</c>, <c>/readyz</c> and its pages.
    /// </summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="prefix">The path below which all is mapped.</param>
    /// <returns>Takes conventions for all endpoints, for example <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddWeb()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapMlops(this IEndpointRouteBuilder endpoints, string prefix = "/")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        RequestPipeline pipeline = endpoints.ServiceProvider.GetService<RequestPipeline>()
            ?? throw new InvalidOperationException("MapMlops needs its services. Call AddWeb() on the builder that AddMlops returns.");

        // Made now, not with the first request: the node's uptime counts from here.
        _ = endpoints.ServiceProvider.GetRequiredService<NodeHealth>();
        string place = prefix.Trim('/') is { Length: > 0 } path ? "/" + path : "";
        RouteGroupBuilder group = endpoints.MapGroup(place);
        IReadOnlyList<Operation> operations = OperationTable.Create(place);
        foreach (Operation operation in operations)
        {
            // Every operation has its place in the table of permissions, or the host does not start.
            Roles allowed = Permissions.Of(operation.Id);
            group.MapMethods(operation.FullPath, [operation.Method], (RequestDelegate)(http => pipeline.RunAsync(http, operation, allowed, place)))
                .WithDisplayName($"Mlops {operation.Id}");
        }

        MapPages(group, endpoints.ServiceProvider.GetRequiredService<EmbeddedPages>(), endpoints.ServiceProvider.GetRequiredService<StartPage>(), place);
        MapUnknown(group, operations, place);
        return group;
    }

    // Only paths that are pages: what else the host answers, or does not, stays its own.
    private static void MapPages(RouteGroupBuilder group, EmbeddedPages files, StartPage start, string place)
    {
        foreach (string file in files.Paths)
            group.MapMethods("/" + file, ["GET", "HEAD"], (RequestDelegate)(http => files.WriteAsync(http, file))).WithDisplayName($"Mlops file {file}");
        foreach (string page in (string[])["/", .. start.Paths.Select(p => $"/{p}/{{**below}}")])
            group.MapMethods(page, ["GET", "HEAD"], (RequestDelegate)(http => start.WriteAsync(http, place))).WithDisplayName($"Mlops page {page}");
    }

    // What is not there is a problem too, with the methods that are.
    private static void MapUnknown(RouteGroupBuilder group, IReadOnlyList<Operation> operations, string place)
    {
        List<(TemplateMatcherOf Matcher, string Method)> known = [.. operations.Select(o => (new TemplateMatcherOf(place + o.FullPath), o.Method))];
        foreach (string below in new[] { "/api", "/v2" })
        {
            group.Map(RoutePatternFactory.Parse(below + "/{**rest}"), (RequestDelegate)(http =>
            {
                string[] methods = [.. known.Where(k => k.Matcher.Matches(http.Request.Path)).Select(k => k.Method).Distinct()];
                return RequestPipeline.RefuseUnknownAsync(http, methods);
            })).WithOrder(int.MaxValue).WithDisplayName("Mlops unknown");
        }
    }

    private sealed class TemplateMatcherOf(string path)
    {
        private readonly string[] _segments = path.Split('/');

        public bool Matches(PathString request)
        {
            string[] segments = (request.Value ?? "").TrimEnd('/').Split('/');
            return segments.Length == _segments.Length && _segments.Zip(segments).All(s => s.First.StartsWith('{') || s.First.Equals(s.Second, StringComparison.OrdinalIgnoreCase));
        }
    }
}
