// The broker aedes on a free loopback port, which it says. Argument: a folder with node_modules.
const net = require('net')
const { createRequire } = require('module')
const { Aedes } = createRequire(process.argv[2] + '/')('aedes')

Aedes.createBroker({ concurrency: 1000 }).then(broker => {
  const server = net.createServer({ noDelay: true }, broker.handle)
  server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))
})
process.stdin.on('end', () => process.exit(0)).resume()
