using System.Collections.Frozen;
using static Mlops.Web.Security.Roles;

namespace Mlops.Web.Security;

/// <summary>Who may do what: every operation stands here once. <see cref="None"/> means anybody, signed in or not.</summary>
internal static class Permissions
{
    private static readonly FrozenDictionary<string, Roles> Table = new Dictionary<string, Roles>(StringComparer.Ordinal)
    {
        ["getSession"] = None,
        ["signIn"] = None,
        ["signOut"] = None,
        ["getHealth"] = None,
        ["getReadiness"] = None,
        ["getApiDocument"] = None,
        ["getMetrics"] = Everyone,

        ["getStatus"] = Everyone,
        ["listLifecycle"] = Everyone,
        ["querySql"] = Operator | DataScientist | Admin,
        ["exportConfiguration"] = Operator | Admin,
        ["importConfiguration"] = Admin,
        ["getStore"] = Everyone,
        ["verifyStore"] = Admin,
        ["applyRetention"] = Admin,
        ["forgetDamaged"] = Admin,
        ["listBackups"] = Admin,
        ["startBackup"] = Admin,
        ["getBackup"] = Admin,
        ["putBackup"] = Admin,
        ["verifyBackup"] = Admin,
        ["restoreBackup"] = Admin,
        ["deleteBackup"] = Admin,

        ["listUsers"] = Admin,
        ["putUser"] = Admin,
        ["deleteUser"] = Admin,
        ["listTokens"] = Admin,
        ["createToken"] = Admin,
        ["deleteToken"] = Admin,
        ["listAudit"] = Admin,

        ["listDrivers"] = Everyone,
        ["listAssets"] = Everyone,
        ["getAsset"] = Everyone,
        ["getAssetHistory"] = Everyone,
        ["previewAsset"] = Everyone,
        ["browseAsset"] = Operator | DataScientist | Admin,
        ["putAsset"] = Operator | Admin,
        ["enableAsset"] = Operator | Admin,
        ["deleteAsset"] = Operator | Admin,
        ["testAsset"] = Operator | Admin,
        ["writeAsset"] = Operator | Admin,

        ["listFeeds"] = Everyone,
        ["getFeed"] = Everyone,
        ["putFeed"] = Staff,
        ["getRecords"] = Everyone,
        ["getLastRecords"] = Everyone,
        ["getChart"] = Everyone,
        ["postRecords"] = Staff,
        ["getBlob"] = Everyone,
        ["postBlob"] = Staff,
        ["listLabels"] = Everyone,
        ["postLabels"] = Staff,
        ["deleteLabels"] = Staff,

        ["getIngest"] = Everyone,
        ["listDatabusApps"] = Everyone,
        ["listDatabusFeeds"] = Everyone,
        ["writeDatabus"] = Operator | Admin,
        ["updateDatabus"] = Operator | Admin,
        ["listAssemblies"] = Everyone,
        ["getAssembly"] = Everyone,
        ["putAssembly"] = Operator | Admin,
        ["deleteAssembly"] = Operator | Admin,
        ["listDeadLetters"] = Everyone,
        ["countDeadLetters"] = Everyone,
        ["getDeadLetter"] = Everyone,
        ["replayDeadLetters"] = Operator | Admin,
        ["deleteDeadLetters"] = Operator | Admin,
        ["listMappings"] = Everyone,
        ["addMapping"] = Operator | Admin,
        ["changeMapping"] = Operator | Admin,
        ["deleteMapping"] = Operator | Admin,
        ["learnMapping"] = Operator | Admin,

        ["listWorkflows"] = Everyone,
        ["getWorkflow"] = Everyone,
        ["uploadWorkflow"] = DataScientist | Admin,
        ["checkWorkflow"] = DataScientist | Admin,
        ["deleteWorkflow"] = DataScientist | Admin,

        ["listTrainings"] = Everyone,
        ["getTraining"] = Everyone,
        ["getTrainingLog"] = Everyone,
        ["getTrainingMetrics"] = Everyone,
        ["startTraining"] = DataScientist | Admin,
        ["cancelTraining"] = DataScientist | Admin,

        ["listModels"] = Everyone,
        ["getModel"] = Everyone,
        ["getModelProfile"] = Everyone,
        ["setModelStage"] = DataScientist | Admin,
        ["deleteModel"] = DataScientist | Admin,
        ["exportModel"] = DataScientist | Admin,
        ["importModel"] = DataScientist | Admin,
        ["listBacktests"] = Everyone,
        ["getBacktest"] = Everyone,
        ["startBacktest"] = DataScientist | Admin,
        ["cancelBacktest"] = DataScientist | Admin,

        ["listDeployments"] = Everyone,
        ["getDeployment"] = Everyone,
        ["listPredictions"] = Everyone,
        ["startDeployment"] = Staff,
        ["changeDeployment"] = Staff,
        ["deleteDeployment"] = Staff,
        ["startShadow"] = Staff,
        ["startCanary"] = Staff,
        ["endCandidate"] = Staff,
        ["promoteCandidate"] = Staff,
        ["rollBackDeployment"] = Staff,

        ["listTriggers"] = Everyone,
        ["getTrigger"] = Everyone,
        ["addTrigger"] = DataScientist | Admin,
        ["changeTrigger"] = DataScientist | Admin,
        ["enableTrigger"] = Staff,
        ["deleteTrigger"] = DataScientist | Admin,
        ["runTrigger"] = DataScientist | Admin,
        ["listRetrainings"] = Everyone,
        ["getRetraining"] = Everyone,
        ["approveRetraining"] = Staff,
        ["rejectRetraining"] = Staff,
        ["cancelRetraining"] = DataScientist | Admin,

        ["listenToEvents"] = Everyone,

        ["getInferenceServer"] = Everyone,
        ["getInferenceLive"] = None,
        ["getInferenceReady"] = None,
        ["getInferenceModel"] = Everyone,
        ["getInferenceModelReady"] = Everyone,
        ["infer"] = Staff,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, Roles> All => Table;

    /// <exception cref="InvalidOperationException">Nobody has said who may do this.</exception>
    public static Roles Of(string operation) => Table.TryGetValue(operation, out Roles roles) ? roles
        : throw new InvalidOperationException($"Operation '{operation}' has no entry in the table of permissions. Add one.");
}
