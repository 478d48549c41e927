using System.Diagnostics;
using Mlops.Web.Rest;
using Mlops.Web.Security;

namespace Mlops.Web.Monitoring;

/// <summary>Traces of requests. Without a listener nothing is made.</summary>
internal static class WebTracing
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Mlops.Web";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Begin(Operation operation) => Source.StartActivity(operation.Id, ActivityKind.Internal);

    public static void Tell(Activity? activity, Caller caller, int status)
    {
        if (activity is null)
            return;
        activity.SetTag("mlops.caller.how", caller.How);
        activity.SetTag("http.response.status_code", status);
        if (status >= 500)
            activity.SetStatus(ActivityStatusCode.Error);
    }
}
