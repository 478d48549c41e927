using System.ComponentModel.DataAnnotations;
using Mlops.Drivers.GenICam.Encoding;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Which frames are stored, and how.</summary>
public sealed class GenICamStorageSettings
{
    /// <summary>Gets or sets which frames.</summary>
    [Display(Name = "Frames", Description = "all: every frame; some: one in 'every'; asked: those that a prediction asks for; none. Each frame makes a record in any case.")]
    public StoredFrames Frames { get; set; } = StoredFrames.All;

    /// <summary>Gets or sets the distance of frames that are stored.</summary>
    [Range(1, 1_000_000)]
    [Display(Name = "Every", Description = "With some: one in so many frames is stored.")]
    public int Every { get; set; } = 10;

    /// <summary>Gets or sets how frames are written.</summary>
    [Display(Name = "Encoding", Description = "png: nothing is lost; jpeg: small and quick; raw: as the camera sent it.")]
    public FrameEncoding Encoding { get; set; } = FrameEncoding.Png;

    /// <summary>Gets or sets the quality of JPEG.</summary>
    [Range(1, 100)]
    [Display(Name = "Quality", Description = "Quality of JPEG, 1 to 100.")]
    public int Quality { get; set; } = 90;

    /// <summary>Gets or sets what a prediction must say.</summary>
    [Display(Name = "Asked", Description = "With asked: what a prediction must say so that a frame is stored.")]
    public GenICamAskedSettings? Asked { get; set; }
}
