// A client of node-opcua that subscribes to all nodes. Arguments: a folder with node_modules, one for its own files, endpoint, number of nodes, interval in ms, security policy.
// Says "ready" when values come; then, for each line with a number of seconds, what has arrived in so many.
const path = require('path')
const { createRequire } = require('module')
const [peers, folder, endpoint, nodes, interval, policy] = process.argv.slice(2)
const { OPCUAClient, OPCUACertificateManager, AttributeIds, TimestampsToReturn, MessageSecurityMode, SecurityPolicy } = createRequire(peers + '/')('node-opcua')

let count = 0
let latencies = []

async function main () {
  const certificates = new OPCUACertificateManager({ automaticallyAcceptUnknownCertificate: true, rootFolder: path.join(folder, 'pki') })
  await certificates.initialize()
  const client = OPCUAClient.create({
    endpointMustExist: false,
    clientCertificateManager: certificates,
    securityMode: policy === 'None' ? MessageSecurityMode.None : MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy[policy]
  })
  await client.connect(endpoint)
  const session = await client.createSession()
  const subscription = await session.createSubscription2({ requestedPublishingInterval: +interval, requestedMaxKeepAliveCount: 20, requestedLifetimeCount: 1000, maxNotificationsPerPublish: 0, publishingEnabled: true, priority: 0 })
  subscription.on('received_notifications', notificationMessage => {
    let newest = 0
    for (const data of notificationMessage.notificationData || []) {
      for (const item of data.monitoredItems || []) newest = Math.max(newest, item.value.sourceTimestamp ? item.value.sourceTimestamp.getTime() : 0)
    }
    if (newest > 0) latencies.push(Date.now() - newest)
  })
  const ids = Array.from({ length: +nodes }, (_, i) => ({ nodeId: `ns=1;s=N${i}`, attributeId: AttributeIds.Value }))
  for (let i = 0; i < ids.length; i += 1000) {
    const group = await subscription.monitorItems(ids.slice(i, i + 1000), { samplingInterval: +interval, queueSize: 1, discardOldest: true }, TimestampsToReturn.Both)
    group.on('changed', () => { count++ })
  }
  const started = setInterval(() => {
    if (count === 0) return
    clearInterval(started)
    console.log('ready')
  }, 20)
  require('readline').createInterface({ input: process.stdin }).on('line', line => {
    count = 0
    latencies = []
    setTimeout(() => {
      latencies.sort((a, b) => a - b)
      const percentile = p => latencies.length ? latencies[Math.min(latencies.length - 1, Math.ceil(latencies.length * p / 100) - 1)] : 0
      console.log(JSON.stringify({ count, 'allocated a value': 0, 'latency p50': percentile(50), 'latency p99': percentile(99) }))
    }, +line * 1000)
  }).on('close', () => process.exit(0))
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
