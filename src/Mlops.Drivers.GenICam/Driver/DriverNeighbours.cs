using Mlops.Messaging;
using Mlops.Pictures;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>What of the host a driver uses, as far as it is there.</summary>
internal sealed record DriverNeighbours(IBlobStore? Blobs, IFeedStore? Store, IMessageBus? Bus, IPictures? Pictures);
