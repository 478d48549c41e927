using Mlops.Client;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Feeds;

/// <summary>Images and other large values, which records name by reference.</summary>
internal static class BlobOperations
{
    public static IEnumerable<Operation> All =>
    [
        Operation.Get("getBlob", "data", "/blobs", "Returns a blob that a record or a label names.", Get)
            .Takes(new QueryParameter("reference", "string", "What the record holds, for example sha256:9f86d0…;48213;image/png."))
            .Returns(200, "image/*", MediaTypes.Bytes).Refuses(404),
        Operation.Post("postBlob", "data", "/blobs", "Stores a blob; equal content is kept once. It stays while a record or a label names it.", PostAsync)
            .Uploads(MediaTypes.Bytes).Takes(new QueryParameter("type", "string", "What it is, for example image/png; application/octet-stream where nothing is said.")).Returns<BlobDetails>(201).NotAudited(),
    ];

    private static Reply Get(Call call)
    {
        if (!BlobReference.TryParse(call.Text("reference"), out BlobReference? reference))
            throw ProblemException.Invalid("The parameter 'reference' is missing or is no reference of a blob.", "Give what the record holds, for example sha256:9f86d0…;48213;image/png.");
        Stream blob = call.Service<IBlobStore>().Open(reference)
            ?? throw ProblemException.NotFound("blob", reference.Hash, "It may have been deleted with its record.");
        Reply reply = Reply.Streamed(MediaTypes.ForBrowsers(reference.MediaType), async http =>
        {
            await using (blob.ConfigureAwait(false))
            {
                http.Response.ContentLength = blob.Length;
                await blob.CopyToAsync(http.Response.Body, call.Aborted).ConfigureAwait(false);
            }
        });
        reply.Headers["Cache-Control"] = "private, max-age=31536000, immutable";
        return reply;
    }

    private static async Task<Reply> PostAsync(Call call)
    {
        string type = call.Text("type") ?? MediaTypes.Bytes;
        if (!MediaTypes.IsSound(type))
            throw ProblemException.Invalid($"The parameter 'type' is no media type.", "Write it like image/png.");
        BlobReference stored = await call.Service<IBlobStore>().PutAsync(call.Http.Request.Body, type, call.Aborted).ConfigureAwait(false);
        return Reply.Json(new BlobDetails(stored.ToString(), stored.Hash, stored.Size, stored.MediaType), 201, $"{call.Base}/blobs?reference={Uri.EscapeDataString(stored.ToString())}");
    }
}
