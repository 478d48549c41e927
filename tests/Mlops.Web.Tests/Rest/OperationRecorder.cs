using System.Collections.Concurrent;

namespace Mlops.Web.Tests.Rest;

/// <summary>Remembers which paths were answered with success.</summary>
internal sealed class OperationRecorder() : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    public ConcurrentBag<(string Method, string Path)> Succeeded { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            Succeeded.Add((request.Method.Method, request.RequestUri!.AbsolutePath));
        return response;
    }
}
