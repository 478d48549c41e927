using System.IO.Compression;
using Mlops.Client;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;
using Mlops.Workflows;

namespace Mlops.Web.Packages;

/// <summary>What data scientists upload.</summary>
internal static class WorkflowOperations
{
    private const string Zip = "application/zip";
    private const int MaxReadme = 1 << 20;

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("listWorkflows", "workflows", "/workflows", "Lists the workflows in all their versions, newest version of a name first.", List)
            .Takes(new QueryParameter("name", "string", "Only versions of this workflow.")).Paged().Returns<IReadOnlyList<WorkflowDetails>>(),
        Operation.Get("getWorkflow", "workflows", "/workflows/{name}", "Returns a workflow in its newest version, with all versions and its README.", Get)
            .Takes(new QueryParameter("version", "string", "This version instead of the newest.")).Returns<WorkflowDetails>().Refuses(404),
        Operation.Post("uploadWorkflow", "workflows", "/workflows", "Checks a workflow package and installs it.", UploadAsync).Uploads(Zip).Returns<WorkflowDetails>(201).Refuses(409),
        Operation.Post("checkWorkflow", "workflows", "/workflows/check", "Checks a workflow package without installing it; nothing of it runs.", CheckAsync).Uploads(Zip).Returns<WorkflowCheck>().NotAudited(),
        Operation.Get("downloadWorkflow", "workflows", "/workflows/{name}/{version}/package", "Returns the package of a version, as it can be uploaded elsewhere or changed into a next version.", DownloadAsync).Returns(200, Zip).Refuses(404),
        Operation.Delete("deleteWorkflow", "workflows", "/workflows/{name}/{version}", "Removes a version of a workflow that no model needs.", DeleteAsync).Refuses(404, 409),
    ];

    private static Reply List(Call call)
    {
        string? name = call.Text("name");
        return call.Page(call.Service<IWorkflowCatalog>().List().Where(p => name is null || p.Manifest.Name == name).Select(Describe));
    }

    private static Reply Get(Call call)
    {
        string name = call.Route("name");
        string? version = call.Text("version");
        IWorkflowCatalog catalog = call.Service<IWorkflowCatalog>();
        WorkflowPackage package = catalog.Find(name, version) ?? throw NotFound(version is null ? name : $"{name} {version}");
        return Reply.Json(Describe(package) with
        {
            Versions = [.. catalog.List().Where(p => p.Manifest.Name == name).Select(p => p.Manifest.Version)],
            Readme = Readme(package),
        });
    }

    private static async Task<Reply> UploadAsync(Call call)
    {
        using UploadFile file = await UploadFile.ReceiveAsync("package.zip", call.Http.Request.Body, call.Aborted).ConfigureAwait(false);
        WorkflowPackage package = await call.Service<IWorkflowCatalog>().InstallAsync(file.Path, trusted: false, call.Aborted).ConfigureAwait(false);
        return Reply.Json(Describe(package), 201, $"{call.Base}/workflows/{package.Manifest.Name}");
    }

    private static async Task<Reply> CheckAsync(Call call)
    {
        using UploadFile file = await UploadFile.ReceiveAsync("package.zip", call.Http.Request.Body, call.Aborted).ConfigureAwait(false);
        try
        {
            WorkflowManifest manifest = await call.Service<IWorkflowCatalog>().CheckAsync(file.Path, call.Aborted).ConfigureAwait(false);
            return Reply.Json(new WorkflowCheck(true, manifest.Name, manifest.Version, []));
        }
        catch (WorkflowException e)
        {
            string[] lines = e.Message.Split('\n');
            return Reply.Json(new WorkflowCheck(false, Findings: lines.Length > 1 ? lines[1..] : lines, Problems: [.. e.Findings.Select(f => new PackageFinding(f.File, f.Rule, f.Problem, f.Remedy, f.Line))]));
        }
    }

    private static async Task<Reply> DownloadAsync(Call call)
    {
        (string name, string version) = (call.Route("name"), call.Route("version"));
        WorkflowPackage package = call.Service<IWorkflowCatalog>().Find(name, version) ?? throw NotFound($"{name} {version}");
        var file = new UploadFile(".zip");
        try
        {
            await ZipFile.CreateFromDirectoryAsync(package.Folder, file.Path, call.Aborted).ConfigureAwait(false);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return Reply.File(Zip, $"{package.Manifest.Name}-{package.Manifest.Version}.zip", file.Path, file);
    }

    private static async Task<Reply> DeleteAsync(Call call)
    {
        try
        {
            return await call.Service<IWorkflowCatalog>().RemoveAsync(call.Route("name"), call.Route("version")).ConfigureAwait(false) ? Reply.None()
                : throw NotFound($"{call.Route("name")} {call.Route("version")}");
        }
        catch (WorkflowException e)
        {
            throw new ProblemException(409, e.Message, "Delete the models and cancel the trainings of this version first.");
        }
    }

    private static ProblemException NotFound(string name) => ProblemException.NotFound("workflow", name, "GET /api/v1/workflows lists them.");

    private static string? Readme(WorkflowPackage package)
    {
        var file = new FileInfo(Path.Combine(package.Folder, "README.md"));
        return file.Exists && file.Length <= MaxReadme ? File.ReadAllText(file.FullName) : null;
    }

    private static WorkflowDetails Describe(WorkflowPackage package)
    {
        WorkflowManifest manifest = package.Manifest;
        return new WorkflowDetails(
            manifest.Name,
            manifest.Version,
            manifest.Description,
            manifest.Runtime,
            package.Digest,
            package.Trusted,
            new WorkflowAnswer(manifest.Output.Classes, Inputs(manifest.Output.Fields)),
            JsonValues.ToJson(manifest.Parameters),
            Inputs(manifest.Inputs),
            manifest.Label,
            manifest.Requirements);
    }

    private static List<WorkflowInputDetails>? Inputs(IReadOnlyList<WorkflowInput>? inputs) =>
        inputs is null ? null : [.. inputs.Select(i => new WorkflowInputDetails(i.Name, Names.Of(i.Type), i.Unit))];
}
