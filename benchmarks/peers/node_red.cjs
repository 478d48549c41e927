// Starts Node-RED with a flow of three nodes: MQTT in (records of the benchmarks), a function, MQTT out.
const http = require('http')
const fs = require('fs')
const path = require('path')

// Says "ready" when it has subscribed. `work` is the function's code, `out` the topic and QoS of its answers, `globals` what the code
// finds in its global context, `load` requires the npm packages, `user` a folder for Node-RED.
module.exports = function start ({ load, port, user, work, out, globals = {} }) {
  const RED = load('node-red')
  const flow = [
    { id: 'tab', type: 'tab', label: 'benchmark' },
    { id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port, clientid: 'node-red', protocolVersion: 4, keepalive: 60, cleansession: true, autoConnect: true },
    { id: 'in', type: 'mqtt in', z: 'tab', topic: 'ie/d/j/simatic/v1/bench/dp/r/plc/cycle', qos: '1', datatype: 'json', broker: 'broker', wires: [['work']] },
    { id: 'work', type: 'function', z: 'tab', outputs: 1, wires: [['out']], func: work },
    { id: 'out', type: 'mqtt out', z: 'tab', ...out, retain: 'false', broker: 'broker', wires: [] },
  ]
  fs.mkdirSync(user, { recursive: true })
  fs.writeFileSync(path.join(user, 'flows.json'), JSON.stringify(flow))
  const server = http.createServer()
  RED.init(server, {
    userDir: user, flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false, functionGlobalContext: globals,
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
}
