using System.Text;
using Mlops.Client;
using Mlops.Hosting;
using Mlops.Web.Rest;

namespace Mlops.Web.Node;

/// <summary>What is configured at run time, as one file.</summary>
internal static class ConfigurationOperations
{
    private const string Yaml = "application/yaml";

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("exportConfiguration", "node", "/configuration", "Returns what is configured at run time as one file, without secrets.", Export)
            .Takes(new QueryParameter("format", "string", "yaml (default) or json.")).Returns(200, Yaml, Operation.Json),
        Operation.Post("importConfiguration", "node", "/configuration", "Takes such a file over, after everything in it was checked.", ImportAsync)
            .Uploads(Yaml, Operation.Json).Takes(new QueryParameter("mode", "string", "merge (default), or replace: what the file does not name is removed.")).Returns<ConfigurationImport>(),
    ];

    private static Reply Export(Call call)
    {
        bool json = call.Choice("format", "yaml", "yaml", "json") == "json";
        string text = call.Service<INodeConfiguration>().Export(json ? ConfigurationFormat.Json : ConfigurationFormat.Yaml);
        return Reply.Bytes(Encoding.UTF8.GetBytes(text), json ? "application/json; charset=utf-8" : $"{Yaml}; charset=utf-8");
    }

    private static async Task<Reply> ImportAsync(Call call)
    {
        ImportMode mode = call.Choice("mode", "merge", "merge", "replace") == "replace" ? ImportMode.Replace : ImportMode.Merge;
        string text = Encoding.UTF8.GetString(await call.BodyBytesAsync().ConfigureAwait(false));
        IReadOnlyDictionary<string, int> changed = await call.Service<INodeConfiguration>().ImportAsync(text, mode, call.Aborted).ConfigureAwait(false);
        return Reply.Json(new ConfigurationImport(changed));
    }
}
