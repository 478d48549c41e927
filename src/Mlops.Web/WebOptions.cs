using System.ComponentModel.DataAnnotations;
using Mlops.Store;

namespace Mlops.Web;

/// <summary>Who may use REST and UI, and how much, section <c>Mlops:Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>Gets or sets the password of the user <c>admin</c>, who is added at the first start of a node without users.</summary>
    /// <value>Default none. With it, or with <see cref="ApiToken"/>, every request needs a sign-in or a token.</value>
    public string? AdminPassword { get; set; }

    /// <summary>Gets or sets a bearer token with the role <c>admin</c>, for scripts and containers.</summary>
    /// <value>Default none.</value>
    public string? ApiToken { get; set; }

    /// <summary>Gets or sets who finds out who a caller is.</summary>
    /// <value>Default <see cref="WebAuthentication.BuiltIn"/>.</value>
    public WebAuthentication Authentication { get; set; }

    /// <summary>Gets or sets how long a session lasts after the sign-in.</summary>
    /// <value>Default 12 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Gets or sets after how many wrong passwords in a row a user is locked.</summary>
    /// <value>Default 5.</value>
    [Range(1, 1000)]
    public int LockoutAfter { get; set; } = 5;

    /// <summary>Gets or sets for how long a user is locked.</summary>
    /// <value>Default 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Lockout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how many wrong passwords or tokens are heard from one address in a minute.</summary>
    /// <value>Default 20; further ones are refused unseen.</value>
    [Range(1, 100_000)]
    public int FailuresPerMinute { get; set; } = 20;

    /// <summary>Gets or sets how long the JSON of a request may be.</summary>
    /// <value>Default <c>16 MB</c>.</value>
    public ByteSize MaxJson { get; set; } = ByteSize.Megabytes(16);

    /// <summary>Gets or sets how long an upload may be: packages, and records as CSV or Parquet.</summary>
    /// <value>Default <c>1024 MB</c>.</value>
    public ByteSize MaxUpload { get; set; } = ByteSize.Megabytes(1024);

    /// <summary>Gets or sets within which time the JSON of a request must have come.</summary>
    /// <value>Default 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan JsonTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets within which time an upload must have come.</summary>
    /// <value>Default 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "31.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how many clients may listen to events at a time.</summary>
    /// <value>Default 500.</value>
    [Range(1, 100_000)]
    public int MaxEventClients { get; set; } = 500;

    /// <summary>Gets or sets how many of them may be of one user or token; whoever asks locally without a sign-in is one.</summary>
    /// <value>Default 250.</value>
    [Range(1, 100_000)]
    public int MaxEventClientsPerUser { get; set; } = 250;

    /// <summary>Gets or sets how many events may wait for one client; a slower one misses the oldest and is told how many.</summary>
    /// <value>Default 256.</value>
    [Range(1, 100_000)]
    public int EventQueue { get; set; } = 256;

    /// <summary>Gets or sets where metrics and traces are sent.</summary>
    /// <value>Default nowhere.</value>
    [Microsoft.Extensions.Options.ValidateObjectMembers]
    public OtlpOptions Otlp { get; set; } = new();

    /// <summary>Gets or sets where backups are kept that were asked for by REST.</summary>
    /// <value>A folder outside the data folder; relative ones start at the working directory. Default <c>./backups</c>.</value>
    [Required]
    public string BackupFolder { get; set; } = "./backups";

    /// <summary>Gets or sets how long an answer to a request with an idempotency key is remembered.</summary>
    /// <value>Default 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RememberAnswers { get; set; } = TimeSpan.FromDays(1);
}
