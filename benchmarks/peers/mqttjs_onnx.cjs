// The quickest service one writes by hand in Node.js: mqtt.js in, ONNX Runtime with one thread, mqtt.js out. Nothing is stored.
// Arguments: MQTT port, a folder with node_modules, model.onnx. Says "ready" when it has subscribed.
const { createRequire } = require('module')
const [port, modules, file] = process.argv.slice(2)
const load = createRequire(modules + '/')
const mqtt = load('mqtt')
const ort = load('onnxruntime-node')

const topicIn = 'ie/d/j/simatic/v1/bench/dp/r/plc/cycle'
const topicOut = 'ie/d/j/simatic/v1/node/dp/r/bench/answers'
const names = ['high', 'low']

async function main() {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const client = mqtt.connect({ host: '127.0.0.1', port: Number(port), clientId: 'mqttjs', protocolVersion: 4 })
  client.on('connect', () => {
    client.stream.setNoDelay(true)
    client.subscribe(topicIn, { qos: 1 }, () => console.log('ready'))
  })
  client.on('message', async (_, payload) => {
    const { seq, vals } = JSON.parse(payload)
    const numbers = new Float64Array(vals.length)
    for (let i = 0; i < vals.length; i++) numbers[i] = vals[i].val
    const { label, score } = await session.run({ numbers: new ort.Tensor('float64', numbers, [1, vals.length]) })
    const answer = { seq, source: { seq }, vals: [{ id: 'label', val: names[Number(label.data[0])], qc: 3 }, { id: 'score', val: Math.max(...score.data), qc: 3 }] }
    client.publish(topicOut, JSON.stringify(answer), { qos: 1 })
  })
}

main()
process.stdin.on('end', () => process.exit(0)).resume()
