namespace Mlops.Store.Labelling;

/// <summary>Which feeds hold labels for others, section <c>Mlops</c>.</summary>
internal sealed class LabelOptions
{
    /// <summary>Gets the bindings, section <c>Mlops:Labels</c>.</summary>
    public IList<LabelBinding> Labels { get; } = [];
}
