import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { getLogger } from 'dareplane-utils'
import { runJob } from 'dareplane-utils/testing'
import { readConfig } from '../src/config.js'
import { createModule } from '../src/main.js'
import threshold from '../src/threshold.job.js'

test('the threshold is told once each time it is crossed', async () => {
  // Three seconds, one of them with a 10 Hz wave of 100 uV.
  const data = Float32Array.from({ length: 750 }, (_, i) =>
    i >= 250 && i < 500 ? 100 * Math.sin((2 * Math.PI * 10 * i) / 250) : 0,
  )
  const { results, logs } = await runJob(threshold, {
    signal: { data, channels: 1, rateHz: 250 },
    config: readConfig({ threshold: 20 }),
    chunk: 50,
  })
  assert.equal(results.length, 1)
  assert.ok(results[0].rms > 20)
  assert.ok(logs.length >= 2)
})

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
