using Microsoft.Extensions.DependencyInjection;

namespace Mlops.Hosting;

internal sealed class MlopsBuilder(IServiceCollection services) : IMlopsBuilder
{
    public IServiceCollection Services { get; } = services;
}
