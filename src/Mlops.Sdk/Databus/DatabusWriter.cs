using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mlops.Messaging;

namespace Mlops.Databus;

/// <summary>Publishes bulk messages on the topics that apps announce for writing, and hears their answers.</summary>
internal sealed class DatabusWriter(DatabusApps apps, TimeProvider time, IMessageBus? bus = null) : IDatabusWriter, IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private IDisposable? _answers;

    public async ValueTask<DatabusWriteResult> WriteAsync(
        string feed, IReadOnlyDictionary<string, object?> values, TimeSpan? answerWithin = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        IMessageBus there = Bus();
        (string app, DatabusSource source) = apps.Find(feed)
            ?? throw new ArgumentException($"No app on the databus announces the feed '{feed}'. Known: {string.Join(", ", apps.Feeds().Select(f => f.Feed))}.", nameof(feed));
        string topic = source.Collection.WriteTopic
            ?? throw new ArgumentException($"Nothing can be written to feed '{feed}': app '{app}' announces no pubTopic for its collection '{source.Collection.Name}'.", nameof(feed));
        if (answerWithin is null)
        {
            await there.PublishAsync(topic, Message(feed, source, topic, values, null), cancellationToken: cancellationToken).ConfigureAwait(false);
            return new DatabusWriteResult(topic, null, null);
        }

        ListenForAnswers(there);
        string request = "w-" + Guid.NewGuid().ToString("N");
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[request] = answer;
        try
        {
            await there.PublishAsync(topic, Message(feed, source, topic, values, request), cancellationToken: cancellationToken).ConfigureAwait(false);
            return new DatabusWriteResult(topic, request, await answer.Task.WaitAsync(answerWithin.Value, time, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return new DatabusWriteResult(topic, request, null);
        }
        finally
        {
            _asked.TryRemove(request, out _);
        }
    }

    public ValueTask RequestUpdateAsync(string path = "", CancellationToken cancellationToken = default)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("Path", path);
            writer.WriteEndObject();
        }

        return Bus().PublishAsync(DatabusTopics.UpdateRequest, json.WrittenMemory, cancellationToken: cancellationToken);
    }

    public void Dispose() => _answers?.Dispose();

    private IMessageBus Bus() =>
        bus ?? throw new InvalidOperationException("This host has no message bus, so nothing can be written to the databus. Call AddMqttBroker().");

    private void ListenForAnswers(IMessageBus there)
    {
        lock (_lock)
            _answers ??= there.Subscribe(DatabusTopics.AllWriteAnswers, OnAnswer);
    }

    // What an answer holds beside the request's id is not public, so it is handed on as it is.
    private ValueTask OnAnswer(in BusMessage message)
    {
        try
        {
            var reader = new Utf8JsonReader(message.Payload);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("requestId"u8, out JsonElement id) && id.ValueKind == JsonValueKind.String
                && _asked.TryGetValue(id.GetString()!, out TaskCompletionSource<string>? asked))
            {
                asked.TrySetResult(Encoding.UTF8.GetString(message.Payload));
            }
        }
        catch (JsonException)
        {
            // Not an answer to us.
        }

        message.Acknowledgement.Complete();
        return ValueTask.CompletedTask;
    }

    private ArraySegment<byte> Message(string feed, DatabusSource source, string topic, IReadOnlyDictionary<string, object?> values, string? request)
    {
        var points = values.Select(v => (Point: Point(feed, source, v.Key), v.Value)).ToList();
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", _sequences.AddOrUpdate(topic, 1, (_, last) => last + 1));
            if (source.Hash is { } hash)
                writer.WriteNumber("mdHashVer", hash);
            if (request is not null)
                writer.WriteString("requestId", request);
            string now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
            writer.WriteStartArray("vals");
            foreach ((AnnouncedDataPoint point, object? value) in points)
            {
                writer.WriteStartObject();
                writer.WriteString("id", point.Id);
                writer.WritePropertyName("val");
                WriteValue.Write(writer, feed, point, value);
                writer.WriteString("ts", now);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    private static AnnouncedDataPoint Point(string feed, DatabusSource source, string name)
    {
        AnnouncedDataPoint point = source.Collection.DataPoints.FirstOrDefault(d => d.Name == name)
            ?? throw new ArgumentException($"Feed '{feed}' has no data point '{name}'. It has: {string.Join(", ", source.Collection.DataPoints.Where(d => d.IsWritable).Select(d => d.Name))}.");
        return point.IsWritable ? point : throw new ArgumentException($"The data point '{name}' of feed '{feed}' cannot be written: its app announces it as '{point.AccessMode ?? "r"}'.");
    }
}
