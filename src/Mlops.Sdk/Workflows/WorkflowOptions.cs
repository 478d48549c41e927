using System.ComponentModel.DataAnnotations;

namespace Mlops.Workflows;

/// <summary>Limits of what may be uploaded as a workflow package, section <c>Mlops:Workflows</c>.</summary>
public sealed class WorkflowOptions
{
    /// <summary>Gets or sets how many files a package may have.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Gets or sets how long one file of a package may be.</summary>
    /// <value>Bytes, unpacked; default 512 MiB.</value>
    [Range(1L, 1L << 40)]
    public long MaxFileBytes { get; set; } = 512L << 20;

    /// <summary>Gets or sets how long all files of a package may be together.</summary>
    /// <value>Bytes, unpacked; default 2 GiB.</value>
    [Range(1L, 1L << 42)]
    public long MaxTotalBytes { get; set; } = 2L << 30;

    /// <summary>Gets or sets how many times its packed size a file of a zip may unpack to.</summary>
    /// <value>Default 200; files up to 1 MiB are not held against it.</value>
    [Range(1, 10_000)]
    public int MaxRatio { get; set; } = 200;

    /// <summary>Gets or sets what is done about signatures.</summary>
    /// <value>Default <see cref="SignaturePolicy.Warn"/>.</value>
    public SignaturePolicy Signatures { get; set; } = SignaturePolicy.Warn;

    /// <summary>Gets the public keys whose signatures make a package trusted, by name.</summary>
    /// <value>Each a P-256 key in PEM, or the path of such a file. Default none.</value>
    public IDictionary<string, string> TrustedKeys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets a folder with more of these keys, files <c>NAME.pub</c> or <c>NAME.pem</c>.</summary>
    /// <value>A path, relative to the data folder; default <c>keys</c>. It need not exist.</value>
    public string TrustedKeysFolder { get; set; } = "keys";

    /// <summary>Gets or sets how long the training on a package's sample data may take when it is uploaded.</summary>
    /// <value>Default 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SampleTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
