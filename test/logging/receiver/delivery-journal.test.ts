import { appendFileSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { AppendFile } from '../../../src/logging/receiver/append-file.js'
import { DeliveryJournal } from '../../../src/logging/receiver/delivery-journal.js'
import type { Delivery } from '../../../src/logging/wire/delivery.js'

interface Log {
  readonly path: string
  /** Announces lines of 10 bytes, and writes them up to `bytes`. */
  readonly write: (deliveries: readonly (Delivery | undefined)[], bytes?: number) => Promise<void>
  readonly journal: DeliveryJournal
}

async function newLog(t: Test): Promise<Log> {
  const path = join(t.testdir(), 'all.log')
  const journal = new DeliveryJournal(path)
  const log = await AppendFile.open(path)
  t.teardown(() => log.close())
  return {
    path,
    journal,
    async write(deliveries, bytes = deliveries.length * 10) {
      await journal.announce(
        log,
        deliveries.map(delivery => ({ bytes: 10, delivery })),
      )
      if (bytes > 0) await log.write(Buffer.alloc(bytes, 'x'))
    },
  }
}

/** What a server learns that is started after a kill. */
const recalled = ({ path }: Log): Record<string, number> => Object.fromEntries(new DeliveryJournal(path).recall(path))

t.test('what was written before a kill is known, and what was announced only is not', async t => {
  const log = await newLog(t)
  t.same(recalled(log), {}, 'no file, no record')
  await log.write([['a', 1], ['a', 2], undefined, ['b', 7], ['a', 3]]) // prettier-ignore
  t.same(recalled(log), { a: 3, b: 7 })
  await log.write([['a', 4], ['a', 5], ['b', 9]], 0) // prettier-ignore
  t.same(recalled(log), { a: 3, b: 7 }, 'killed before the write')
  for (const [bytes, a, b] of [
    [9, 3, 7],
    [10, 4, 7],
    [19, 4, 7],
    [20, 5, 7],
    [29, 5, 7],
    [30, 5, 9],
  ] as const) {
    // prettier-ignore
    truncateSync(log.path, 50)
    appendFileSync(log.path, Buffer.alloc(bytes))
    t.same(recalled(log), { a, b }, `killed after ${bytes} bytes of it`)
  }
})

t.test('what is written in parts is announced again', async t => {
  const log = await newLog(t)
  await log.write([['a', 1], ['a', 2], ['a', 3]], 15) // prettier-ignore
  t.same(recalled(log), { a: 1 })
  const again = await AppendFile.open(log.path)
  t.teardown(() => again.close())
  await log.journal.announce(again, [
    { bytes: 5, delivery: ['a', 2] },
    { bytes: 10, delivery: ['a', 3] },
  ])
  t.same(recalled(log), { a: 1 })
  appendFileSync(log.path, Buffer.alloc(5))
  t.same(recalled(log), { a: 2 })
})

t.test('it goes on in another file, and is bounded', async t => {
  const log = await newLog(t)
  await log.write([['a', 1], ['b', 1]]) // prettier-ignore
  const other = await AppendFile.open(`${log.path}.other`)
  t.teardown(() => other.close())
  await log.journal.announce(other, [{ bytes: 10, delivery: ['a', 2] }])
  t.same(recalled(log), { a: 1, b: 1 }, 'what is in a file that is not there is not known to be anywhere')
  for (let number = 3; number < 20_000; number += 1000) {
    await log.write(Array.from({ length: 1000 }, (_, i) => ['sender of lines', number + i * 2]))
    t.ok(readFileSync(`${log.path}.delivered`).length < 300_000)
  }
  t.match(recalled(log), { b: 1, 'sender of lines': 19_003 + 999 * 2 })
})

t.test('a journal that is damaged, or cannot be written, harms nobody', async t => {
  const log = await newLog(t)
  const path = `${log.path}.delivered`
  await log.write([['a', 1]])
  appendFileSync(path, '["1",10,["a",2')
  t.same(recalled(log), { a: 1 }, 'an entry that was cut short was not followed by a write')
  for (const text of [
    '',
    'x',
    '[]',
    '[1,2]',
    '["1","2"]',
    '["1",2,[3]]',
    '["1",2,["a",{}]]',
    'null',
    '{"0":1}',
    '\0'.repeat(99),
  ]) {
    writeFileSync(path, `${text}\n`)
    t.same(recalled(log), {}, text)
  }
  const linked = await newLog(t)
  const target = `${linked.path}.target`
  writeFileSync(target, 'precious')
  symlinkSync(target, `${linked.path}.delivered.new`)
  await linked.write([['a', 1]])
  t.same(recalled(linked), { a: 1 })
  t.equal(readFileSync(target, 'utf8'), 'precious')
})

t.test('it stays when the log file is closed: the last confirmation may not have arrived', async t => {
  const log = await newLog(t)
  await log.write([['a', 1]])
  await log.journal.close()
  await log.journal.close()
  t.same(recalled(log), { a: 1 })
})
