using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Store;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddGenICam();
using IHost host = builder.Build();
await host.StartAsync();
var feeds = host.Services.GetRequiredService<IFeedReader>();
try
{
    await foreach (RecordBatch batch in feeds.FollowAsync("genicam.camera.frames", null, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping))
    {
        using (batch)
        {
            for (int row = 0; row < batch.Count; row++)
                Console.WriteLine($"{EpochTime.ToDateTimeOffset(batch.Timestamps[row]):HH:mm:ss.fff} {string.Join(", ", batch.Schema.Fields.Select((f, i) => $"{f.Name} {batch.Column(i).GetValue(row)}"))}");
        }
    }
}
catch (OperationCanceledException)
{
    // Ctrl-C.
}

await host.StopAsync();
