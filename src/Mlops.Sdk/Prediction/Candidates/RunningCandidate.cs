namespace Mlops.Prediction.Candidates;

/// <summary>A candidate that runs: a canary inside the deployment's loop, or a shadow with loops of its own.</summary>
internal sealed class RunningCandidate : IAsyncDisposable
{
    private readonly Canary? _canary;
    private readonly DeploymentRunner? _production;
    private readonly RunningDeployment? _shadow;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _measuring = Task.CompletedTask;

    public RunningCandidate(Canary canary, DeploymentRunner production) => (_canary, _production) = (canary, production);

    public RunningCandidate(RunningDeployment shadow, AgreementFollower agreement)
    {
        (_shadow, Agreement) = (shadow, agreement);
        _measuring = Task.Run(() => agreement.RunAsync(_stop.Token));
    }

    public AgreementFollower? Agreement { get; }

    public long Answered => _canary?.Answered ?? _shadow!.Runner.Answered;

    /// <summary>Gets the last answered position that is durable; 0 for a canary, whose answers are the deployment's.</summary>
    public long Position => _shadow?.Writer.Position ?? 0;

    public string? Fault => _canary is null ? _shadow!.Runner.Fault : _canary.Fault;

    public async ValueTask DisposeAsync()
    {
        if (_production is not null)
            await _production.SetCanaryAsync(null, CancellationToken.None).ConfigureAwait(false);
        await EndWithDeploymentAsync().ConfigureAwait(false);
    }

    /// <summary>Ends a shadow; a canary ends with the deployment's loop, without waiting for the call that is under way.</summary>
    public async ValueTask EndWithDeploymentAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _measuring.ConfigureAwait(false);
        if (_shadow is not null)
            await _shadow.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
