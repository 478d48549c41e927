// One client of mqtt.js that does what it is told by lines and says what happens by lines. See Peers/LineClient.cs.
const fs = require('fs')
const crypto = require('crypto')
const mqtt = require('mqtt')

const settings = JSON.parse(process.argv[2])
const say = (...words) => console.log(words.join(' '))
const payload = (size, first) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => (first + i * 7) & 255))

const properties = {}
if (settings.keep) properties.sessionExpiryInterval = 300
if (settings.receiveMaximum) properties.receiveMaximum = settings.receiveMaximum
if (settings.aliases) properties.topicAliasMaximum = 10
if (settings.secret) properties.authenticationMethod = 'CHALLENGE'

const client = mqtt.connect(settings.url, {
  protocolVersion: settings.version,
  clientId: settings.clientId,
  clean: !settings.keep,
  properties: settings.version === 5 ? properties : undefined,
  autoAssignTopicAlias: settings.aliases,
  ca: settings.authority ? fs.readFileSync(settings.authority) : undefined,
  will: settings.will ? { topic: settings.will, payload: payload(10, 1), qos: 1, retain: false } : undefined,
  reconnectPeriod: 0,
  keepalive: 30
})
client.handleAuth = (packet, callback) => {
  const answer = Buffer.concat([packet.properties.authenticationData, Buffer.from(settings.secret)])
  callback(undefined, { cmd: 'auth', reasonCode: 24, properties: { authenticationMethod: 'CHALLENGE', authenticationData: answer } })
}
client.on('connect', answer => say('connected', answer.sessionPresent ? 1 : 0))
client.on('error', error => say('error', error.message))
client.on('message', (topic, message, packet) =>
  say('message', topic, packet.qos, packet.retain ? 1 : 0, message.length, crypto.createHash('sha256').update(message).digest('hex')))

require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const [command, topic, qos, retain, size, first] = line.split(' ')
  if (command === 'subscribe') client.subscribe(topic, { qos: +qos }, (error, granted) => say('subscribed', error ? error.message : granted[0].qos))
  if (command === 'publish') client.publish(topic, payload(+size, +first), { qos: +qos, retain: retain === '1' }, error => say('published', error ? error.message : 'done'))
  if (command === 'leave') client.end(false, {}, () => process.exit(0))
})
