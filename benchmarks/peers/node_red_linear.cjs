// A Node-RED flow: MQTT in, a function that adds sixteen weighted numbers, MQTT out. Nothing is stored.
// Arguments: MQTT port, a folder with node_modules, a folder for Node-RED. Says "ready" when it has subscribed.
const http = require('http')
const fs = require('fs')
const path = require('path')
const { createRequire } = require('module')
const [port, modules, user] = process.argv.slice(2)
const RED = createRequire(modules + '/')('node-red')

const flow = [
  { id: 'tab', type: 'tab', label: 'predict' },
  { id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port, clientid: 'node-red', protocolVersion: 4, keepalive: 60, cleansession: true, autoConnect: true },
  { id: 'in', type: 'mqtt in', z: 'tab', topic: 'ie/d/j/simatic/v1/bench/dp/r/plc/cycle', qos: '1', datatype: 'json', broker: 'broker', wires: [['predict']] },
  {
    id: 'predict', type: 'function', z: 'tab', outputs: 1, wires: [['out']],
    func: `
      const { seq, vals } = msg.payload
      let sum = -4
      for (let i = 0; i < vals.length; i++) sum += vals[i].val * 0.005
      const high = 1 / (1 + Math.exp(-sum))
      msg.payload = { seq, source: { seq }, vals: [{ id: 'label', val: high > 0.5 ? 'high' : 'low', qc: 3 }, { id: 'score', val: Math.max(high, 1 - high), qc: 3 }] }
      return msg`,
  },
  { id: 'out', type: 'mqtt out', z: 'tab', topic: 'ie/d/j/simatic/v1/node/dp/r/bench/answers', qos: '1', retain: 'false', broker: 'broker', wires: [] },
]
fs.mkdirSync(user, { recursive: true })
fs.writeFileSync(path.join(user, 'flows.json'), JSON.stringify(flow))
const server = http.createServer()
RED.init(server, {
  userDir: user, flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false,
  logging: { console: { level: 'error' } }, telemetry: { enabled: false },
})
RED.start().then(() => {
  const ready = setInterval(() => {
    const node = RED.nodes.getNode('in')
    if (node && node.brokerConn && node.brokerConn.connected) {
      clearInterval(ready)
      setTimeout(() => console.log('ready'), 500)
    }
  }, 50)
})
process.stdin.on('end', () => process.exit(0)).resume()
