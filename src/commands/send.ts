import { once } from 'node:events'
import { Command } from 'commander'
import { DareplaneError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { within } from '../system/within.js'
import { say } from './terminal/say.js'
import { seconds } from './terminal/arguments.js'
import { moduleAddress, withModule } from './terminal/modules.js'
import type { ModuleAddress } from './terminal/modules.js'
import { stopModule } from './terminal/stop-module.js'

interface Options {
  readonly timeout: number
}

/** `dareplane send HOST:PORT 'START|{"channel": 2}'`: one command to one module. */
export function sendCommand(): Command {
  return new Command('send')
    .description('send one command to a module of any generation')
    .argument('<module>', 'HOST:PORT, or a port of this machine', moduleAddress)
    .argument('<command>', `the command, with arguments as JSON: 'START|{"channel": 2}'`)
    .option('--timeout <s>', 'how long the module may take to answer', seconds, 5)
    .action(async (address: ModuleAddress, text: string, { timeout }: Options) => {
      const { command, kwargs } = commandOf(text)
      if (command === 'STOP') {
        if (!(await stopModule(address, timeout))) process.exitCode = 1
        return
      }
      await withModule(address, timeout, async client => {
        const known = client.knownCommands
        if (known.length > 0 && !known.includes(command) && command !== 'CLOSE') {
          const nearest = nearestName(command, known)
          const help =
            nearest === undefined ? `it has ${known.join(', ')}, STOP and CLOSE` : `did you mean '${nearest}'?`
          throw new TypeError(`${client.name} has no command ${command}; ${help}`)
        }
        const isGone = once(client, 'down')
        if (!client.send(command, kwargs))
          throw new DareplaneError('ERR_NOT_CONNECTED', `the connection to ${client.name} is gone: nothing was sent`)
        if (command === 'CLOSE') {
          const isClosed = (await within(timeout * 1000, isGone)) !== undefined
          if (!isClosed) process.exitCode = 1
          say(
            isClosed
              ? `${client.name} has ended its jobs and closed`
              : `CLOSE sent to ${client.name}, which is still there after ${timeout} s: a job may run`,
          )
          return
        }
        // An answer to UP shows that the module has read what came before.
        const tookMs = await client.up({ timeoutMs: timeout * 1000 })
        if (tookMs === undefined) {
          say(`${command} sent to ${client.name}, which does not answer: it may not have read it`)
          process.exitCode = 1
        } else say(`${command} sent to ${client.name}, which answers within ${tookMs.toFixed(1)} ms`)
      })
    })
}

function commandOf(text: string): { command: string; kwargs?: Record<string, unknown> } {
  const bar = text.indexOf('|')
  if (bar === -1) return { command: text.trim() }
  const command = text.slice(0, bar).trim()
  const payload = text.slice(bar + 1).trim()
  if (payload === '') return { command }
  try {
    const kwargs: unknown = JSON.parse(payload)
    if (typeof kwargs === 'object' && kwargs !== null && !Array.isArray(kwargs))
      return { command, kwargs: kwargs as Record<string, unknown> }
  } catch {
    // The error below is the same as for JSON that is no object.
  }
  throw new TypeError(`arguments must be a JSON object, such as {"channel": 2}, got ${JSON.stringify(payload)}`)
}
