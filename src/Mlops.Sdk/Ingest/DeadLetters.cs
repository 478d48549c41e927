using System.Diagnostics;
using Mlops.Databus;
using Mlops.Ingest.PlainJson;
using Mlops.Messaging;
using Mlops.Mqtt;

namespace Mlops.Ingest;

/// <summary>Reads the dead letters and hands them to those who would take their topics.</summary>
internal sealed class DeadLetters(DeadLetterFiles files, DeadLetterTally tally, MessageTakers takers, DatabusConsumer databus, PlainJsonConsumer plainJson, TimeProvider time) : IDeadLetters
{
    private const int MaxAtOnce = 256;

    // Longer than a value waits for its metadata, so that the outcome is known.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public IReadOnlyList<DeadLetterInfo> List(int limit = 100, string? topicFilter = null)
    {
        if (topicFilter is not null && !MqttTopicFilter.IsValidFilter(topicFilter))
            throw new ArgumentException($"'{topicFilter}' is not a topic filter. Let + fill a whole level and # stand last.", nameof(topicFilter));
        return [.. files.ReadNewestFirst().Where(l => topicFilter is null || MqttTopicFilter.Matches(topicFilter, l.Topic)).Take(limit)];
    }

    public IReadOnlyList<DeadLetterCount> Counts() => tally.Counts();

    public DeadLetterInfo? Find(string id) => files.ReadNewestFirst().FirstOrDefault(l => l.Id == id);

    public int Delete(IReadOnlyCollection<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return files.Delete(ids.ToHashSet(StringComparer.Ordinal));
    }

    public async Task<ReplayResult> ReplayAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        var left = new Dictionary<string, string>(StringComparer.Ordinal);
        int replayed = 0;
        foreach (DeadLetterInfo[] some in files.ReadNewestFirst().Where(l => wanted.Contains(l.Id)).Reverse().ToList().Chunk(MaxAtOnce))
        {
            var done = new HashSet<string>(StringComparer.Ordinal);
            foreach ((DeadLetterInfo letter, Task taken) in await TakeAsync(some, left).ConfigureAwait(false))
            {
                try
                {
                    await taken.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
                    done.Add(letter.Id);
                }
                catch (TimeoutException)
                {
                    left[letter.Id] = "It was taken but is not durable yet. Look at the ingest status, and try again.";
                }
            }

            replayed += done.Count;
            files.Delete(done);
            wanted.ExceptWith(some.Select(l => l.Id));
        }

        foreach (string unknown in wanted)
            left[unknown] = "There is no such letter.";
        return new ReplayResult(replayed, left);
    }

    private async Task<List<(DeadLetterInfo Letter, Task Taken)>> TakeAsync(DeadLetterInfo[] letters, Dictionary<string, string> left)
    {
        var taken = new List<(DeadLetterInfo, Task)>();
        foreach (DeadLetterInfo letter in letters)
        {
            BusMessageHandler[] handlers = letter.IsWhole ? HandlersOf(letter) : [];
            if (handlers.Length == 0)
            {
                left[letter.Id] = letter.IsWhole
                    ? $"Nobody takes messages on '{letter.Topic}'. Add a mapping or an asset for the topic."
                    : $"Only {letter.Payload.Length} of its {letter.Bytes} bytes were kept. Raise Mlops:Ingest:DeadLetters:MaxPayloadBytes for later ones.";
                continue;
            }

            foreach (BusMessageHandler handler in handlers)
            {
                var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                taken.Add((letter, durable.Task));
                await Deliver(handler, letter, durable).ConfigureAwait(false);
            }
        }

        return taken;
    }

    private static ValueTask Deliver(BusMessageHandler handler, DeadLetterInfo letter, TaskCompletionSource durable) => handler(new BusMessage
    {
        Topic = letter.Topic,
        Payload = letter.Payload.Span,
        Arrival = Stopwatch.GetTimestamp(),
        Acknowledgement = new BusAcknowledgement(static (state, _) => ((TaskCompletionSource)state!).TrySetResult(), durable, 0),
    });

    // Whoever could not take it, if still there: others that the topic has may have stored the message already.
    private BusMessageHandler[] HandlersOf(DeadLetterInfo letter) =>
        letter.Cause == DeadLetterCause.UnknownFormat && takers.HandlersOf(letter.Topic) is { Length: > 0 } decoders ? decoders
        : letter.Source is { } source && (takers.Find(source) ?? plainJson.HandlerOf(source, letter.Topic)) is { } own ? [own]
        : databus.HandlerOf(letter.Topic) is { } handler ? [handler]
        : [.. plainJson.HandlersOf(letter.Topic)];
}
