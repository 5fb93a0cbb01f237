import { Command } from 'commander'
import { findConfig } from '../lsl/builtin/config/load-config.js'
import { engineChoice } from '../lsl/choose-engine.js'
import type { EngineChoice } from '../lsl/choose-engine.js'
import { loadLibrary } from '../lsl/liblsl/library.js'
import { machine, platform } from '../system/platform.js'
import { adviceFor } from './doctor/advice.js'
import { addresses, multicastRefusal } from './doctor/network.js'
import { selfTest } from './doctor/self-test.js'
import { say } from './terminal/say.js'
import { streamClocks } from './doctor/stream-clocks.js'
import type { StreamClock } from './doctor/stream-clocks.js'

/** `dareplane doctor`: which engine, library, network and configuration are in force, and whether a stream gets through, and whose stamps are of another clock. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the LSL engine, the network and the configuration, with a loopback self-test')
    .action(async () => {
      line('node', `${process.version} on ${machine()}`)
      const engine = await tried(() => engineChoice())
      line('engine', 'value' in engine ? described(engine.value) : engine.problem)
      const network = addresses()
      line('network', network.map(({ name, address }) => `${name} ${address}`).join(', ') || 'none')
      const config = findConfig()
      line('configuration', config.path || 'built-in defaults (no lsl_api.cfg found)')
      for (const [setting, value] of config.entries) line('', `${setting} = ${value}`)

      const test = 'value' in engine ? await tried(selfTest) : { problem: 'not run, for want of an engine' }
      line('self-test', 'value' in test ? summary(test.value) : `FAILED: ${test.problem}`)
      if (!('value' in test)) process.exitCode = 1

      const streams = 'value' in test ? await streamClocks() : []
      line('streams', clocks(streams))

      const isLiblsl = 'value' in engine && engine.value.engine.name === 'liblsl'
      const libraryVersion = isLiblsl ? loadLibrary().version : undefined
      const namedConfig = process.env['LSLAPICFG']
      const advice = adviceFor({
        libraryVersion,
        addresses: network,
        multicastRefusal: await multicastRefusal(config.config),
        platform: platform(),
        config,
        namedConfig,
        selfTestFailed: 'value' in engine && !('value' in test),
        streams,
      })
      if (advice.length === 0) line('advice', 'none, all is well')
      advice.forEach((text, i) => line(i === 0 ? 'advice' : '', `- ${text}`))
    })
}

function summary({ sent, received, foundAfterS, medianLatencyS }: Awaited<ReturnType<typeof selfTest>>): string {
  const latency = `median latency ${(medianLatencyS * 1000).toFixed(2)} ms`
  return `ok: ${received} of ${sent} samples came back, found after ${foundAfterS.toFixed(2)} s, ${latency}`
}

function clocks(streams: readonly StreamClock[]): string {
  const foreign = streams.filter(({ foreign }) => foreign !== undefined).length
  return `${streams.length} on the network, ${foreign} of them with stamps of another clock`
}

function line(heading: string, text: string): void {
  say(`${heading.padEnd(15)}${text}`)
}

async function tried<T>(work: () => T | Promise<T>): Promise<{ value: T } | { problem: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function described({ engine: { name, version, location }, reason }: EngineChoice): string {
  return `${[name, version, location].filter(Boolean).join(' ')}, as ${reason}`
}
