namespace Mlops.Mqtt.Client;

/// <summary>Makes and ends the subscriptions of a client, with the connection there is or with the next one.</summary>
/// <param name="session">The client's session.</param>
/// <param name="link">Gives the connection, or null.</param>
/// <param name="connectsAgain">Tells whether there will be another connection.</param>
internal sealed class ClientSubscriber(ClientSession session, Func<ClientLink?> link, Func<bool> connectsAgain)
{
    public async Task<MqttSubscription> SubscribeAsync(
        string filter, MqttSubscribeOptions options, MqttMessageHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        if (!MqttTopicFilter.IsValidFilter(filter))
            throw new ArgumentException($"'{filter}' is not a topic filter: '+' fills a whole level, '#' stands last, {MqttTopicFilter.MaxLevels} levels at most.", nameof(filter));
        if (options.NoLocal && SharedFilter.IsShared(filter))
            throw new ArgumentException($"The shared subscription '{filter}' cannot leave out local messages. Set NoLocal to false.", nameof(options));
        MqttClient.CheckQuality(options.QualityOfService);
        var subscription = session.Subscriptions.Add(filter, options, handler, UnsubscribeAsync);
        if (link() is not { } there)
            return subscription;
        try
        {
            await there.SubscribeAsync(subscription.Group, cancellationToken).ConfigureAwait(false);
        }
        catch (MqttException) when (connectsAgain() && there.Ended.IsCompleted)
        {
            // The next connection makes it.
        }
        catch
        {
            session.Subscriptions.Remove(subscription);
            throw;
        }

        return subscription;
    }

    public IAsyncEnumerable<MqttMessage> ReadAsync(string filter, MqttSubscribeOptions? options, int capacity, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var wanted = options ?? new MqttSubscribeOptions();
        var held = new MqttSubscribeOptions
        {
            QualityOfService = wanted.QualityOfService,
            NoLocal = wanted.NoLocal,
            RetainAsPublished = wanted.RetainAsPublished,
            RetainHandling = wanted.RetainHandling,
            UserProperties = wanted.UserProperties,
            ManualAcknowledgement = true,
        };
        return new MessageStream(capacity, wanted.ManualAcknowledgement || session.Options.ManualAcknowledgement)
            .ReadAsync(handler => SubscribeAsync(filter, held, handler, cancellationToken), cancellationToken);
    }

    private async Task UnsubscribeAsync(MqttSubscription subscription)
    {
        if (!session.Subscriptions.Remove(subscription) || link() is not { } there)
            return;
        try
        {
            await there.UnsubscribeAsync(subscription.Filter, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MqttException)
        {
            // Without a connection the broker is told with the next one, if it still has the session then.
        }
    }
}
