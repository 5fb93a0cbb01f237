import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { getLogger } from 'dareplane-utils'
import { createModule } from '../src/main.js'

test('the module greets, lists its commands and is up', async () => {
  const logger = getLogger('test', { noSocketHandler: true, level: 'silent' })
  const module = createModule({ port: 0, ip: '127.0.0.1', config: {}, logger })
  await module.server.initServer()
  const listening = module.server.startListening()
  const client = connect(module.server.port, '127.0.0.1')
  assert.match(String(await once(client, 'data')), /^Connected to /)
  client.write('GET_PCOMMS;')
  assert.equal(String(await once(client, 'data')), 'START|SET|STOP|CLOSE')
  client.write('UP;')
  assert.equal(String(await once(client, 'data')), '1')
  client.write('SET|{"channel": 3};UP;')
  await once(client, 'data')
  assert.equal(module.settings.channel, 3)
  client.write('CLOSE;')
  await listening
  await module.close()
})
