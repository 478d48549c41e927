// Decodes one message with node-opcua again and again. Arguments: a folder with node_modules, a file with a PublishResponse of 1,000 values, milliseconds.
const { createRequire } = require('module')
const fs = require('fs')
const [peers, file, milliseconds] = process.argv.slice(2)
const load = createRequire(peers + '/')
const { BinaryStream } = load('node-opcua-binary-stream')
const { decodeExpandedNodeId } = load('node-opcua-basic-types')
const { getStandardDataTypeFactory } = load('node-opcua-factory')
load('node-opcua')

const message = fs.readFileSync(file)
function decode () {
  const stream = new BinaryStream(message)
  const response = getStandardDataTypeFactory().constructObject(decodeExpandedNodeId(stream))
  response.decode(stream)
  return response.notificationMessage.notificationData[0].monitoredItems.length
}
for (let i = 0; i < 300; i++) decode()
let count = 0
const start = process.hrtime.bigint()
while (Number(process.hrtime.bigint() - start) / 1e6 < +milliseconds) count += decode()
console.log(JSON.stringify({ decoded: count / (Number(process.hrtime.bigint() - start) / 1e9), 'allocated a value': 0 }))
