// Run in a mount namespace of its own. Exit code 77: mounting is not permitted.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client, closing, frame, mebibytes, receiver, record, rssOf, send, stop } from './support.js'

const RECORDS = 30_000
const folder = mkdtempSync(join(tmpdir(), 'dareplane-full-disk-'))
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
} catch {
  rmdirSync(folder)
  process.exit(77)
}
try {
  console.log(await fillUp())
} finally {
  execFileSync('umount', ['--lazy', folder])
  rmdirSync(folder)
}

async function fillUp() {
  const filler = join(folder, 'filler')
  writeFileSync(filler, Buffer.alloc(512 * 1024))
  const file = join(folder, 'all.log')
  const { child, port } = await receiver(0, file)
  const socket = await client(port)
  for (let number = 0; number < RECORDS; number++) {
    const body = JSON.stringify(record({ msg: `${'x'.repeat(1000)}\nnumber ${number}` }))
    if (!socket.write(frame(body))) await once(socket, 'drain')
  }
  // The server has read all of it when it answers the next client.
  await send(port, frame(JSON.stringify(record({ msg: 'of another' }))))
  const rss = rssOf(child.pid)
  unlinkSync(filler)
  execFileSync('mount', ['-o', 'remount,size=64m', folder])
  const closed = closing(socket)
  socket.end()
  await closed
  await stop(child)
  const text = readFileSync(file, 'utf8')
  const numbers = [...text.matchAll(/^number (\d+)$/gm)].map(found => Number(found[1]))
  const lost = Number(
    / - dareplane\.logging - WARNING - (\d+) log records were dropped .* \(ENOSPC\)\n/.exec(text)?.[1],
  )
  assert.equal(numbers.length + lost, RECORDS, `${numbers.length} written, ${lost} counted as lost`)
  assert.ok(numbers.length > 7000, 'the newest 8 MiB are there')
  assert.equal(numbers.at(-1), RECORDS - 1)
  assert.ok(
    numbers.every((number, index) => index === 0 || number > numbers[index - 1]),
    'in order',
  )
  assert.equal(text.match(/^x{1,999}$/m), null, 'no torn line')
  return `${RECORDS} records: ${numbers.length} written, ${lost} counted as lost, the server had ${mebibytes(rss)}`
}
