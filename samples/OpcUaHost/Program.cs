using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Store;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddOpcUa();
using IHost host = builder.Build();
await host.StartAsync();
var feeds = host.Services.GetRequiredService<IFeedReader>();
CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
try
{
    await Task.WhenAll(ShowAsync("opcua.press.strokes"), ShowAsync("opcua.press.alarms"));
}
catch (OperationCanceledException)
{
    // Ctrl-C.
}

await host.StopAsync();

async Task ShowAsync(string feed)
{
    await foreach (RecordBatch batch in feeds.FollowAsync(feed, null, stopping))
    {
        using (batch)
        {
            for (int row = 0; row < batch.Count; row++)
                Console.WriteLine($"{EpochTime.ToDateTimeOffset(batch.Timestamps[row]):HH:mm:ss.fff} {feed}: {string.Join(", ", batch.Schema.Fields.Select((f, i) => $"{f.Name} {batch.Column(i).GetValue(row)}"))}");
        }
    }
}
