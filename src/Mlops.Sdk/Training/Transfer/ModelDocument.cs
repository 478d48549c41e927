using Mlops.Training.Profiles;

namespace Mlops.Training.Transfer;

/// <summary>What a model file says of its model, in <c>model.json</c>.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Node">Name of the node that wrote it.</param>
/// <param name="Exported">When it was written.</param>
/// <param name="PackageTrusted">Whether that node trusts the package.</param>
/// <param name="Model">The model with its lineage.</param>
/// <param name="Profile">How its data was distributed.</param>
internal sealed record ModelDocument(int Format, string Node, DateTimeOffset Exported, bool PackageTrusted, ModelInfo Model, ModelProfile? Profile)
{
    public const int CurrentFormat = 1;

    /// <summary>Path of the document in the file.</summary>
    public const string Path = "model.json";

    /// <summary>Folder of the model's files.</summary>
    public const string ModelFolder = "model";

    /// <summary>Folder of the package's files.</summary>
    public const string PackageFolder = "package";
}
