namespace Mlops.Hosting;

/// <summary>What an import does to what its file does not name.</summary>
public enum ImportMode
{
    /// <summary>It stays.</summary>
    Merge,

    /// <summary>It is removed, within the parts that the file has.</summary>
    Replace,
}
