namespace Mlops.Mqtt.Sessions;

/// <summary>Names one use of a reused <see cref="PendingPublish"/>, so that a late signal cannot reach its next use.</summary>
internal readonly record struct PublishCompletion(PendingPublish? Pending, short Version)
{
    /// <summary>Whether somebody still waits.</summary>
    public bool IsOpen => Pending?.IsOpen(Version) ?? false;

    public void Succeed() => Pending?.TryFinish(Version, null);

    public void Fail(Exception error) => Pending?.TryFinish(Version, error);
}
