using Mlops.Web.Rest;

namespace Mlops.Web.OpenApi;

/// <summary>The API document.</summary>
internal static class ApiDocumentOperations
{
    public const string Path = "/openapi/v1.json";

    /// <summary>Makes the operation that answers with the document of all, itself among them.</summary>
    public static Operation For(Func<byte[]> document) =>
        Operation.Get("getApiDocument", "monitoring", Path, "Returns this document.", _ => Reply.Bytes(document(), "application/json; charset=utf-8")).Root().Returns(200, Operation.Json);
}
