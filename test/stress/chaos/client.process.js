// A client that sends numbered commands, one after the other. Which of them the module has read is in a file.
import { openSync, writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { getLogger, ModuleClient } from '../../../src/index.js'

const { name, life, port, logPort, readFile } = JSON.parse(process.argv[2])
const log = getLogger(`${name}-${life}`, { port: logPort })
const file = openSync(readFile, 'a')
process.once('disconnect', () => process.exit())
process.send({ ready: true })

const client = await new ModuleClient({ port, observer: true }).connect({ timeoutS: Infinity })
for (let n = 0; ; n++) {
  log.info('number %d', n)
  const isSent = client.send('COUNT', { client: `${name}-${life}`, n })
  if (isSent && (await client.up({ timeoutMs: 20_000 })) !== undefined) writeSync(file, `${name}-${life} ${n}\n`)
  await after(10)
}
