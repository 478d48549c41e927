using System.ComponentModel.DataAnnotations;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>What a prediction must say so that the frame it is about is stored.</summary>
public sealed class GenICamAskedSettings
{
    /// <summary>Gets or sets the feed of predictions.</summary>
    [Required]
    [Display(Name = "Predictions", Description = "Feed of the predictions about this camera's frames.")]
    public string Predictions { get; set; } = "";

    /// <summary>Gets or sets the classes that ask.</summary>
    [Display(Name = "Classes", Description = "Classes for which the frame is stored.")]
    public List<string> Classes { get; set; } = [];

    /// <summary>Gets or sets the confidence below which the frame is stored.</summary>
    [Range(0.0, 1.0)]
    [Display(Name = "Below", Description = "The frame is stored when the prediction's score is below this, whatever its class.")]
    public double? Below { get; set; }

    /// <summary>Gets or sets how many frames before are stored as well.</summary>
    [Range(0, 1_000)]
    [Display(Name = "Before", Description = "How many frames before it are stored as well.")]
    public int Before { get; set; }

    /// <summary>Gets or sets how many frames after are stored as well.</summary>
    [Range(0, 1_000)]
    [Display(Name = "After", Description = "How many frames after it are stored as well.")]
    public int After { get; set; }

    /// <summary>Gets or sets for how many frames predictions may be late.</summary>
    [Range(1, 1_000)]
    [Display(Name = "Wait", Description = "How many frames are kept in memory until their prediction is there. Each takes the memory of a frame.")]
    public int Wait { get; set; } = 16;

    /// <summary>Gets how many frames are kept.</summary>
    internal int Room => Before + Wait;
}
