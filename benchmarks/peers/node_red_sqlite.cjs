// A Node-RED flow: MQTT in, a function that makes rows and stores them, MQTT out.
// Arguments: MQTT port, database, a folder with node_modules, a folder for Node-RED. Says "ready" when it has subscribed.
// SQLite is libsql's build, which npm brings ready-made. What has come by the time a timer of no delay fires is one transaction
// (WAL, synchronous=FULL); after it the number of rows on the disk is published. Node-RED acknowledges a message as it comes.
const { createRequire } = require('module')
const [port, file, modules, user] = process.argv.slice(2)
const load = createRequire(modules + '/')
const Database = load('libsql')

const names = Array.from({ length: 16 }, (_, i) => 'value' + i)
const db = new Database(file)
db.exec('PRAGMA journal_mode=WAL')
db.exec('PRAGMA synchronous=FULL')
db.exec(`CREATE TABLE records (position INTEGER PRIMARY KEY, seq INTEGER, ts TEXT, ${names.map(n => n + ' REAL').join(', ')})`)
const insert = db.prepare(`INSERT INTO records (seq, ts, ${names.join(', ')}) VALUES (${Array(18).fill('?').join(', ')})`)
const store = db.transaction(rows => { for (const row of rows) insert.run(row) })

require('./node_red.cjs')({
  load,
  port,
  user,
  globals: { store },
  out: { topic: 'bench/committed', qos: '0' },
  work: `
    const rows = context.get('rows') || []
    const { seq, vals } = msg.payload
    rows.push([seq, vals[0].ts, ...vals.map(v => v.val)])
    context.set('rows', rows)
    if (rows.length > 1) return null
    setTimeout(() => {
      context.set('rows', [])
      global.get('store')(rows)
      const total = (context.get('total') || 0) + rows.length
      context.set('total', total)
      node.send({ payload: String(total) })
    }, 0)
    return null`,
})
