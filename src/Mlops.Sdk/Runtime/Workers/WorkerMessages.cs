using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Runtime.Columns;
using Mlops.Workflows;

namespace Mlops.Runtime.Workers;

internal sealed record PackageMessage(string Name, string Version, string Digest, string Folder)
{
    public static PackageMessage Of(WorkflowPackage package) =>
        new(package.Manifest.Name, package.Manifest.Version, package.Digest, Path.GetFullPath(package.Folder));
}

internal sealed record TrainMessage(
    PackageMessage Package, string Columns, ColumnLayout Layout, IReadOnlyDictionary<string, object?> Parameters, IReadOnlyList<string>? Classes, string Model, string? Export, IReadOnlyList<FieldMessage>? Fields)
{
    /// <summary>Gets the file and layout of what was held out.</summary>
    public HeldOutMessage? HeldOut { get; init; }
}

internal sealed record HeldOutMessage(string Columns, ColumnLayout Layout);

/// <summary>A field of the answers; its type as manifests write it.</summary>
internal sealed record FieldMessage(string Name, string Type)
{
    public static IReadOnlyList<FieldMessage>? Of(WorkflowManifest manifest) =>
        manifest.Output.Fields?.Select(field => new FieldMessage(field.Name, field.Type.ToString().ToLowerInvariant())).ToList();
}

internal sealed record LoadMessage(PackageMessage Package, string Model, IReadOnlyList<string>? Classes, IReadOnlyList<string>? Fields)
{
    public static LoadMessage Of(PredictorRequest request) => new(
        PackageMessage.Of(request.Package),
        Path.GetFullPath(request.ModelFolder),
        request.Classes ?? request.Package.Manifest.Output.Classes,
        request.Package.Manifest.Output.Fields?.Select(field => field.Name).ToList());
}

internal sealed record AttachMessage(string Columns, ColumnLayout Layout);

internal sealed record SettingsMessage(
    string Address, string Token, int Priority, int Share, long Slice, bool YieldsDisk, string? Site, WorkerContainment Containment, long Memory, int Processes, IReadOnlyList<string> Folders, string Data, string? Group);

internal sealed record LibrariesMessage(IReadOnlyList<string> Libraries);

internal sealed record ContainedMessage(IReadOnlyList<ContainmentMeasure> Measures);

internal sealed record HelloMessage(string Token, int Process);

internal sealed record ProgressMessage(double Fraction, string Text);

internal sealed record MetricMessage(string Name, double Value, long? Step);

internal sealed record LogMessage(string Line, bool Error);

internal sealed record DoneMessage(IReadOnlyList<string>? Classes, Dictionary<string, string> Environment, Dictionary<string, double> Phases, string? Export = null);

internal sealed record FailedMessage(string Message, string? Traceback)
{
    public WorkflowException ToException() => new(Message, Traceback);
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ColumnKindConverter), typeof(WorkerContainmentConverter)])]
[JsonSerializable(typeof(TrainMessage))]
[JsonSerializable(typeof(LoadMessage))]
[JsonSerializable(typeof(AttachMessage))]
[JsonSerializable(typeof(SettingsMessage))]
[JsonSerializable(typeof(LibrariesMessage))]
[JsonSerializable(typeof(HelloMessage))]
[JsonSerializable(typeof(ContainedMessage))]
[JsonSerializable(typeof(ProgressMessage))]
[JsonSerializable(typeof(MetricMessage))]
[JsonSerializable(typeof(LogMessage))]
[JsonSerializable(typeof(DoneMessage))]
[JsonSerializable(typeof(FailedMessage))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WorkerJson : JsonSerializerContext;

internal sealed class ColumnKindConverter() : JsonStringEnumConverter<ColumnKind>(JsonNamingPolicy.CamelCase);

internal sealed class WorkerContainmentConverter() : JsonStringEnumConverter<WorkerContainment>(JsonNamingPolicy.CamelCase);
