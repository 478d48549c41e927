using Microsoft.Extensions.Configuration;

namespace Mlops.Hosting;

/// <summary>The configuration section that was given to <c>AddMlops</c>; features bind their options to its parts.</summary>
internal sealed record MlopsSection(IConfiguration Configuration);
