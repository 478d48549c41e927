using System.ComponentModel.DataAnnotations;

namespace Mlops.Hosting;

/// <summary>Settings of the node itself, section <c>Mlops</c>.</summary>
public sealed class MlopsOptions
{
    /// <summary>Gets or sets where everything durable is kept.</summary>
    /// <value>A folder; relative ones start at the working directory. Default <c>./data</c>.</value>
    [Required]
    public string DataFolder { get; set; } = "./data";

    /// <summary>Gets or sets who this node is.</summary>
    public NodeOptions Node { get; set; } = new();

    /// <summary>Gets the absolute path of <see cref="DataFolder"/>.</summary>
    internal string FullDataFolder => Path.GetFullPath(DataFolder);
}
