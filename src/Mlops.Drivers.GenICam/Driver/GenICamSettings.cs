using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Settings of an asset of the kind <c>genicam</c>: a camera, and what becomes of its frames.</summary>
public sealed class GenICamSettings
{
    /// <summary>Gets or sets which camera.</summary>
    [Required]
    [Display(Name = "Camera", Description = "Id, IP address, serial number or user-given name of the camera.")]
    public string Camera { get; set; } = "";

    /// <summary>Gets or sets the provider.</summary>
    [Display(Name = "Provider", Description = "Which provider opens the camera. Left out: the first one that can.")]
    public string? Provider { get; set; }

    /// <summary>Gets or sets the features that are set before frames are taken.</summary>
    [Display(Name = "Features", Description = "Features of the camera and their values, for example Width: 640. Set before frames are taken, in an order that the camera accepts.")]
    public Dictionary<string, GenICamFeatureValue> Features { get; set; } = [];

    /// <summary>Gets or sets the features that are set one after the other.</summary>
    [Display(Name = "Steps", Description = "Settings whose order matters, one after the other: 'GainSelector=Red', 'Gain=2.5'. A name without a value is a command. Done after 'features'.")]
    public List<string> Steps { get; set; } = [];

    /// <summary>Gets or sets the part of the picture that is taken.</summary>
    [Display(Name = "Region", Description = "The part of the picture that is taken. Left out: as the camera has it.")]
    public GenICamRegionSettings? Region { get; set; }

    /// <summary>Gets or sets how many frames a second are taken at most.</summary>
    [Range(0.001, 100_000)]
    [Display(Name = "Frame rate", Description = "Frames a second. Left out: as the camera has it.")]
    public double? FrameRate { get; set; }

    /// <summary>Gets or sets what triggers a frame.</summary>
    [Display(Name = "Trigger", Description = "What triggers a frame. Left out: frames come by themselves.")]
    public GenICamTriggerSettings? Trigger { get; set; }

    /// <summary>Gets or sets what the camera sends with each frame.</summary>
    [Display(Name = "Chunks", Description = "What the camera sends with each frame, for example ExposureTime and Gain; each becomes a field. Without, exposure and gain are read once a second.")]
    public List<string> Chunks { get; set; } = [];

    /// <summary>Gets or sets which frames are stored, and how.</summary>
    [Display(Name = "Storage", Description = "Which frames are stored, and how.")]
    public GenICamStorageSettings Storage { get; set; } = new();

    /// <summary>Gets or sets how many frames there is memory for.</summary>
    [Range(3, 1_000)]
    [Display(Name = "Buffers", Description = "How many frames there is memory for. Each takes a whole frame; more of them bridge longer delays of the disk.")]
    public int Buffers { get; set; } = 16;

    /// <summary>Gets or sets how many of the newest frames stay in memory for predictions.</summary>
    [Range(0, 1_000)]
    [Display(Name = "Recent", Description = "How many of the newest frames stay in memory, where predictions see them before anything is encoded. Each takes the memory of a frame.")]
    public int Recent { get; set; } = 8;

    /// <summary>Gets or sets the packet size.</summary>
    [Range(0, 16_260)]
    [Display(Name = "Packet size", Description = "Size of GigE Vision packets in bytes; 0 finds the largest that the network carries. Left out: as the camera has it.")]
    public int? PacketSize { get; set; }

    /// <summary>Gets or sets the size of the receiving socket's buffer.</summary>
    [Range(65_536, 1_073_741_824)]
    [Display(Name = "Socket buffer", Description = "Size of the receiving socket's buffer in bytes.")]
    public int SocketBuffer { get; set; } = 16 * 1024 * 1024;

    /// <summary>Gets or sets a value indicating whether lost packets are asked for again.</summary>
    [Display(Name = "Resend", Description = "Whether lost packets are asked for again.")]
    public bool Resend { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether packets are taken straight from the network card.</summary>
    [Display(Name = "Packet socket", Description = "Whether packets are taken straight from the network card where the account may (CAP_NET_RAW). Not on the loopback interface.")]
    public bool PacketSocket { get; set; }

    /// <summary>Gets or sets after which time without a frame something must be wrong.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Frame timeout", Description = "After which time without a frame the asset is reported as degraded. Not with a trigger.")]
    public TimeSpan FrameTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long at most it waits before it opens the camera again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Longest retry", Description = "How long at most it waits before it opens the camera again.")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the longer side of the preview.</summary>
    [Range(16, 4_096)]
    [Display(Name = "Preview size", Description = "Longer side of the preview in pixels.")]
    public int PreviewSize { get; set; } = 640;

    /// <summary>Gets or sets how often the preview is made anew.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "01:00:00", ParseLimitsInInvariantCulture = true)]
    [Display(Name = "Preview interval", Description = "How often at most the preview is made anew.")]
    public TimeSpan PreviewInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets how many frames there is memory for, with those that predictions may ask for.</summary>
    internal int AllBuffers => Buffers + Recent + (Storage is { Frames: StoredFrames.Asked, Asked: { } asked } ? asked.Room : 0);
}
