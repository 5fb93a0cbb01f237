// What the files of a chaos run say: each line is read once, and must be the next of its sender.
import { readFileSync } from 'node:fs'

/**
 * `counted` is what each life of the module has called, `read` what the clients know to have been read. A life that ends does not
 * call what it reads then; between two commands of one client that it has called none may be missing.
 */
export function judgeCommands(counted, read) {
  const wasRead = new Set(linesOf(read))
  const called = new Map()
  let received = 0
  let double = 0
  let lost = 0
  for (const line of linesOf(counted)) {
    const [client, text, life] = line.split(' ')
    const [last, lastLife] = called.get(client) ?? [-1]
    const number = Number(text)
    received++
    if (number <= last) double++
    if (life === lastLife) for (let n = last + 1; n < number; n++) if (wasRead.has(`${client} ${n}`)) lost++
    called.set(client, [Math.max(last, number), life])
  }
  return { received, clients: called.size, lost, double }
}

/** Each sender's `number N`, from 0, in order; of those in `whole` all so many. */
export function judgeLog(file, whole) {
  const next = new Map()
  let lost = 0
  let double = 0
  let jobFaults = 0
  let received = 0
  for (const line of linesOf(file)) {
    if (line.includes('fault in a job')) jobFaults++
    const [, sender, text] = / - (\S+) - INFO - number (\d+)/.exec(line) ?? []
    if (sender === undefined) continue
    received++
    const number = Number(text)
    const expected = next.get(sender) ?? 0
    if (number < expected) double++
    else lost += number - expected
    next.set(sender, Math.max(expected, number + 1))
  }
  for (const [sender, count] of Object.entries(whole)) lost += count - (next.get(sender) ?? 0)
  return { received, senders: next.size, lost, double, jobFaults }
}

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}
