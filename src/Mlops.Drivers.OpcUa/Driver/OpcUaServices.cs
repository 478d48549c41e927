using Microsoft.Extensions.Logging;
using Mlops.Drivers.OpcUa.Channels;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Store;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>What all OPC UA drivers of a node share.</summary>
/// <param name="Certificates">The certificates.</param>
/// <param name="Instruments">The meter.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
/// <param name="Feeds">The store from which values are written back; null in a host that has none.</param>
/// <param name="Channels">What opens channels; null for UA TCP.</param>
internal sealed record OpcUaServices(
    CertificateStore Certificates, OpcUaInstruments Instruments, TimeProvider Time, ILogger Logger, IFeedStore? Feeds = null, IOpcUaChannelFactory? Channels = null);
