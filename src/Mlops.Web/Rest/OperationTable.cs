using Mlops.Web.Assets;
using Mlops.Web.Feeds;
using Mlops.Web.Inference;
using Mlops.Web.Ingest;
using Mlops.Web.Live;
using Mlops.Web.Monitoring;
using Mlops.Web.Node;
using Mlops.Web.OpenApi;
using Mlops.Web.Packages;
using Mlops.Web.Runs;
using Mlops.Web.Security;

namespace Mlops.Web.Rest;

/// <summary>All operations.</summary>
internal static class OperationTable
{
    /// <summary>Returns the operations as they are mapped under a place.</summary>
    public static IReadOnlyList<Operation> Create(string prefix)
    {
        Lazy<byte[]>? document = null;
        IReadOnlyList<Operation> all =
        [
            .. StatusOperations.All,
            .. AssetOperations.All,
            .. FeedOperations.All,
            .. ImportOperations.All,
            .. BlobOperations.All,
            .. LabelOperations.All,
            .. IngestOperations.All,
            .. TopicOperations.All,
            .. MappingOperations.All,
            .. AssemblyOperations.All,
            .. DeadLetterOperations.All,
            .. DatabusOperations.All,
            .. WorkflowOperations.All,
            .. TrainingOperations.All,
            .. ModelOperations.All,
            .. ModelFileOperations.All,
            .. DeploymentOperations.All,
            .. RetrainingOperations.All,
            .. EventOperations.All,
            .. SqlOperations.All,
            .. ConfigurationOperations.All,
            .. StoreOperations.All,
            .. BackupOperations.All,
            .. AccessOperations.All,
            .. InferenceOperations.All,
            .. HealthOperations.All,
            ApiDocumentOperations.For(() => document!.Value),
        ];
        document = new Lazy<byte[]>(() => ApiDocument.Create(all, prefix));
        return all;
    }
}
