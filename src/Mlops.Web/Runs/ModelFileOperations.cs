using Mlops.Client;
using Mlops.Training;
using Mlops.Training.Transfer;
using Mlops.Web.Feeds;
using Mlops.Web.Rest;

namespace Mlops.Web.Runs;

/// <summary>Models as files, with which they go from node to node.</summary>
internal static class ModelFileOperations
{
    private const string Zip = "application/zip";

    public static IEnumerable<Operation> All =>
    [
        Operation.Get("exportModel", "models", "/models/{id}/export", "Returns a model with its package and lineage as one file, signed by this node.", ExportAsync).Returns(200, Zip).Refuses(404, 409),
        Operation.Post("importModel", "models", "/models", "Brings a model that another node has exported. A key that this node trusts must have signed it.", ImportAsync).Uploads(Zip).Returns<ModelDetails>(201),
    ];

    private static async Task<Reply> ExportAsync(Call call)
    {
        ModelInfo model = call.Service<IModels>().Find(call.Route("id")) ?? throw ProblemException.NotFound("model", call.Route("id"), "GET /api/v1/models lists them.");
        // Whole before the first byte is sent: what cannot be exported is a problem, not half a file.
        var file = new UploadFile(".zip");
        try
        {
            await using (FileStream target = File.Create(file.Path))
            {
                await ModelOperations.InConflictAsync(async () =>
                {
                    await call.Service<IModelTransfer>().ExportAsync(model.Id, target, call.Author, call.Aborted).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return Reply.File(Zip, $"{model.Workflow}-{model.Version}-{model.Id}.zip", file.Path, file);
    }

    private static async Task<Reply> ImportAsync(Call call)
    {
        using UploadFile file = await UploadFile.ReceiveAsync("model.zip", call.Http.Request.Body, call.Aborted).ConfigureAwait(false);
        ModelInfo model = await call.Service<IModelTransfer>().ImportAsync(file.Path, call.Author, call.Aborted).ConfigureAwait(false);
        return Reply.Json(RunContracts.Of(model), 201, $"{call.Base}/models/{model.Id}");
    }
}
