using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Channels;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Transport;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>A session with a server (OPC 10000-4, 5.7). It outlives its channel: <see cref="ResumeAsync"/> goes on with it on a new one. Calls are thread-safe.</summary>
internal sealed class UaSession : IAsyncDisposable
{
    private readonly ClientSettings _settings;
    private readonly CertificateStore _store;
    private readonly TimeProvider _time;
    private readonly EndpointDescription? _endpoint;
    private IServiceChannel _channel;
    private IReadOnlyList<UserTokenPolicy> _userTokens = [];
    private NodeId _token;
    private byte[] _serverNonce = [];
    private byte[] _serverCertificate = [];

    private UaSession(ClientSettings settings, CertificateStore store, TimeProvider time, EndpointDescription? endpoint, IServiceChannel channel)
    {
        _settings = settings;
        _store = store;
        _time = time;
        _endpoint = endpoint;
        _channel = channel;
    }

    /// <summary>Gets the server's namespaces in the order of their indexes.</summary>
    public IReadOnlyList<string> Namespaces { get; private set; } = [];

    public OperationLimits Limits { get; private set; } = OperationLimits.Default;

    /// <summary>Gets what completes with the reason when the connection ends.</summary>
    public Task<Exception> Lost => _channel.Closed;

    /// <summary>Asks a server how it can be reached.</summary>
    /// <exception cref="UaException">The server refused.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The host cannot be reached.</exception>
    public static async Task<IReadOnlyList<EndpointDescription>> DiscoverAsync(Uri endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        await using SecureChannel channel = await SecureChannel.OpenAsync(endpoint, ChannelSecurity.None, time, cancel).ConfigureAwait(false);
        return await channel.CallAsync(new GetEndpointsRequest(endpoint.OriginalString), default, timeout, cancel).ConfigureAwait(false);
    }

    /// <summary>Asks a server, or a discovery server, which servers it knows.</summary>
    /// <exception cref="UaException">The server refused.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The host cannot be reached.</exception>
    public static async Task<IReadOnlyList<ApplicationDescription>> FindServersAsync(Uri endpoint, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        await using SecureChannel channel = await SecureChannel.OpenAsync(endpoint, ChannelSecurity.None, time, cancel).ConfigureAwait(false);
        return await channel.CallAsync(new FindServersRequest(endpoint.OriginalString), default, timeout, cancel).ConfigureAwait(false);
    }

    /// <summary>Connects, signs in and asks for what every user of the session needs.</summary>
    /// <exception cref="UaException">The server refused, or is not to be trusted; the message says what helps.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The host cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public static async Task<UaSession> ConnectAsync(ClientSettings settings, CertificateStore store, TimeProvider time, CancellationToken cancel)
    {
        using CancellationTokenSource limited = Limit(settings, cancel);
        try
        {
            EndpointDescription? endpoint = settings.Policy.IsNone && settings.User.Type == UserTokenType.Anonymous ? null
                : await SelectAsync(settings, store, time, limited.Token).ConfigureAwait(false);
            IServiceChannel channel = await OpenAsync(settings, Security(settings, store, endpoint), time, limited.Token).ConfigureAwait(false);
            var session = new UaSession(settings, store, time, endpoint, channel);
            try
            {
                await session.CreateAsync(limited.Token).ConfigureAwait(false);
                await session.ActivateAsync(limited.Token).ConfigureAwait(false);
                await session.LearnAsync(limited.Token).ConfigureAwait(false);
                return session;
            }
            catch
            {
                await session.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw NoAnswer(settings);
        }
    }

    /// <summary>Goes on with this session, and its subscriptions, on a new channel.</summary>
    /// <exception cref="UaException">The server does not know the session any more, or refused.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The host cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        using CancellationTokenSource limited = Limit(_settings, cancel);
        try
        {
            IServiceChannel channel = await OpenAsync(_settings, Security(_settings, _store, _endpoint), _time, limited.Token).ConfigureAwait(false);
            IServiceChannel old = Interlocked.Exchange(ref _channel, channel);
            await old.DisposeAsync().ConfigureAwait(false);
            await ActivateAsync(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw NoAnswer(_settings);
        }
    }

    /// <summary>Names a node so that it is found again when the server's indexes have changed.</summary>
    public string StableName(NodeId id) => id.NamespaceIndex > 0 && id.NamespaceIndex < Namespaces.Count
        ? new ExpandedNodeId(id, Namespaces[id.NamespaceIndex]).ToString()
        : id.ToString();

    /// <summary>Calls a service.</summary>
    /// <exception cref="UaException">The server refused or did not answer in time, or the connection is lost.</exception>
    public Task<TResponse> CallAsync<TResponse>(IServiceRequest<TResponse> request, CancellationToken cancel, TimeSpan? timeout = null) =>
        _channel.CallAsync(request, _token, timeout ?? _settings.CallTimeout, cancel);

    /// <summary>Ends the session on the server, with its subscriptions.</summary>
    public async Task CloseAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        try
        {
            await CallAsync(new CloseSessionRequest(DeleteSubscriptions: true), soon.Token, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is UaException or OperationCanceledException)
        {
            // The server drops it by itself after its timeout.
        }
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private static CancellationTokenSource Limit(ClientSettings settings, CancellationToken cancel)
    {
        var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(settings.ConnectTimeout);
        return limited;
    }

    private static async Task<IServiceChannel> OpenAsync(ClientSettings settings, ChannelSecurity security, TimeProvider time, CancellationToken cancel) =>
        settings.Channels is { } foreign
            ? new ForeignChannel(
                await foreign.OpenAsync(new OpcUaChannelSettings(settings.Endpoint, security.Policy.Uri, security.Mode.ToString(), security.Own, security.Server), cancel).ConfigureAwait(false), time)
            : await SecureChannel.OpenAsync(settings.Endpoint, security, time, cancel).ConfigureAwait(false);

    private static TimeoutException NoAnswer(ClientSettings settings) =>
        new($"the server has not answered within {settings.ConnectTimeout.TotalSeconds:0.#} s. Check that it runs and that no firewall is in between.");

    private static async Task<EndpointDescription> SelectAsync(ClientSettings settings, CertificateStore store, TimeProvider time, CancellationToken cancel)
    {
        IServiceChannel asking = await OpenAsync(settings, ChannelSecurity.None, time, cancel).ConfigureAwait(false);
        IReadOnlyList<EndpointDescription> offered;
        await using (asking.ConfigureAwait(false))
            offered = await asking.CallAsync(new GetEndpointsRequest(settings.Endpoint.OriginalString), default, settings.CallTimeout, cancel).ConfigureAwait(false);
        EndpointDescription endpoint = offered
            .Where(e => e.PolicyUri == settings.Policy.Uri && e.Mode == settings.Mode && e.Url.StartsWith("opc.tcp:", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(e => e.UserTokens.Any(t => t.Type == settings.User.Type)).ThenByDescending(e => e.Level)
            .FirstOrDefault()
            ?? throw new UaException(
                StatusCodes.BadSecurityPolicyRejected,
                $"the server offers no endpoint with {settings.Policy} {settings.Mode}, but {string.Join(", ", offered.Select(e => e.ToString()).Distinct().DefaultIfEmpty("none"))}. Change 'security'.");
        if (!settings.Policy.IsNone)
        {
            using X509Certificate2 certificate = Load(endpoint.Certificate);
            new ServerCertificateCheck(store, time).Check(certificate, settings.Endpoint.Host, endpoint.Server.Uri, settings.TrustServer, settings.CheckHost);
        }

        return endpoint;
    }

    private static ChannelSecurity Security(ClientSettings settings, CertificateStore store, EndpointDescription? endpoint) =>
        settings.Policy.IsNone ? ChannelSecurity.None : new ChannelSecurity(settings.Policy, settings.Mode, store.Own(), Load(endpoint!.Certificate));

    // The first of a chain is the server's own.
    private static X509Certificate2 Load(byte[] certificate)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(certificate);
        }
        catch (CryptographicException error)
        {
            throw new UaException(StatusCodes.BadCertificateInvalid, "the server's certificate cannot be read.", error);
        }
    }

    private async Task CreateAsync(CancellationToken cancel)
    {
        bool secured = !_settings.Policy.IsNone;
        byte[] nonce = RandomNumberGenerator.GetBytes(SecurityPolicy.NonceLength);
        byte[]? own = secured ? _store.Own().RawData : null;
        var client = new ApplicationDescription(_store.ApplicationUri, "urn:mlops", _store.ApplicationName, ApplicationDescription.Client, []);
        CreatedSession created = await CallAsync(
            new CreateSessionRequest(client, _settings.Endpoint.OriginalString, $"{_store.ApplicationName} {Guid.NewGuid():N}", nonce, own, _settings.SessionTimeout), cancel).ConfigureAwait(false);
        _token = created.Token;
        _serverNonce = created.Nonce;
        _serverCertificate = created.Certificate;
        _userTokens = (created.Endpoints.FirstOrDefault(e => e.PolicyUri == _settings.Policy.Uri && e.Mode == _settings.Mode) ?? _endpoint)?.UserTokens ?? [];
        if (secured)
            Verify(created, [.. own!, .. nonce]);
    }

    // The server shows that it holds the key of its certificate (OPC 10000-4, 5.7.2).
    private void Verify(CreatedSession created, byte[] signed)
    {
        if (!created.Certificate.AsSpan().SequenceEqual(_endpoint!.Certificate))
            throw new UaException(StatusCodes.BadCertificateInvalid, "the server opens the session with another certificate than the one of its endpoint.");
        using X509Certificate2 certificate = Load(created.Certificate);
        using RSA? key = certificate.GetRSAPublicKey();
        if (key is null || !key.VerifyData(signed, created.Signature, HashAlgorithmName.SHA256, _settings.Policy.SignaturePadding))
            throw new UaException(StatusCodes.BadApplicationSignatureInvalid, "the server's signature of the session is wrong.");
    }

    private async Task ActivateAsync(CancellationToken cancel)
    {
        byte[] signed = [.. _serverCertificate, .. _serverNonce];
        SignatureData signature = SignatureData.None;
        if (!_settings.Policy.IsNone)
        {
            using RSA key = _store.Own().GetRSAPrivateKey()!;
            signature = new SignatureData(_settings.Policy.SignatureUri, key.SignData(signed, HashAlgorithmName.SHA256, _settings.Policy.SignaturePadding));
        }

        var (token, userSignature) = _settings.User.Sign(_userTokens, _settings.Policy, _serverCertificate, _serverNonce);
        _serverNonce = await CallAsync(new ActivateSessionRequest(signature, token, userSignature), cancel).ConfigureAwait(false);
    }

    private async Task LearnAsync(CancellationToken cancel)
    {
        IReadOnlyList<DataValue> values = await CallAsync(
            new ReadRequest([new AttributeOf(new NodeId(2255)), .. OperationLimits.Nodes.Select(id => new AttributeOf(new NodeId(id)))]), cancel).ConfigureAwait(false);
        Namespaces = values[0].Value.Elements is string[] namespaces ? namespaces : ["http://opcfoundation.org/UA/"];
        Limits = OperationLimits.From([.. values.Skip(1).Select(v => v.Status.IsBad ? 0 : v.Value.AsInt64())]);
    }
}
