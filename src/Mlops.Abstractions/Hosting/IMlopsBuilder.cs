namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <c>AddMlops</c> returns; every feature and plug-in is an extension method on it.</summary>
public interface IMlopsBuilder
{
    /// <summary>Gets the services being configured.</summary>
    IServiceCollection Services { get; }
}
