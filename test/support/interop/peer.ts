import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { samplesOver } from '../../../src/channel-format.js'
import type { ChannelFormat, NumericFormat, SampleArray } from '../../../src/channel-format.js'
import { childEnvironment } from '../child.js'
import '../loopback.js'
import { loopbackFolder, testFolder } from '../project.js'

export type Values = SampleArray | readonly (readonly string[])[]

/** What a peer says of a stream that it listens to. */
export interface Described {
  readonly labels: string[]
  readonly units: string[]
  readonly types: string[]
  readonly rate: number
  readonly type: string
  readonly sourceId: string
}

export interface Pulled {
  readonly values: Values
  readonly stamps: number[]
  /** Ours only: what readers missed, and the watcher's stats. */
  readonly lost?: number
  readonly stats?: Readonly<Record<string, unknown>>
}

/** A process of test/interop that sends and receives streams when told so: peer.py, or peer.js with our built code. */
export class Peer implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #stderr = ''
  #last: Promise<unknown> = Promise.resolve()

  private constructor(command: string, script: string, env: Readonly<Record<string, string>>, cwd: string) {
    this.#child = spawn(command, [script], { cwd, env: childEnvironment(env) })
    this.#child.stderr.on('data', (text: Buffer) => (this.#stderr += text.toString()))
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  static ours(env: Readonly<Record<string, string>> = {}, cwd = loopbackFolder): Peer {
    return new Peer(process.execPath, resolve(import.meta.dirname, '..', '..', 'interop', 'peer.js'), env, cwd)
  }

  static python(): Peer {
    return new Peer(process.env['INTEROP_PYTHON'] ?? '', resolve(testFolder, 'interop', 'peer.py'), {}, loopbackFolder)
  }

  /** What the operation answers; rejects with its stack. One after the other. */
  ask<T = undefined>(op: string, args: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const answer = this.#last.then(() => this.#ask(op, args))
    this.#last = answer.catch(() => undefined)
    return answer as Promise<T>
  }

  async push(key: string, values: Values, stamps: number | Float64Array): Promise<void> {
    await this.ask('push', {
      key,
      values: ArrayBuffer.isView(values) ? encode(values) : values,
      stamps: typeof stamps === 'number' ? stamps : encode(stamps),
    })
  }

  async pull(key: string, format: ChannelFormat, frames: number, timeoutS = 10): Promise<Pulled> {
    const { values, stamps, ...rest } = await this.ask<{ values: string | string[][]; stamps: string }>('pull', {
      key,
      frames,
      timeoutS,
    })
    return { ...rest, values: decodeValues(values, format), stamps: [...(decode(stamps, 'double64') as Float64Array)] }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end()
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close')
  }

  async #ask(op: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify({ op, args })}\n`)
    const line = await this.#lines.next()
    if (line.done === true) throw new Error(`the peer ended: ${this.#stderr}`)
    const answer = JSON.parse(line.value) as { value?: unknown; error?: string }
    if (answer.error !== undefined) throw new Error(`${op}: ${answer.error}`)
    return answer.value
  }
}

export function encode(values: SampleArray): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
}

export function decode(text: string, format: NumericFormat): SampleArray {
  return samplesOver(format, Uint8Array.from(Buffer.from(text, 'base64')).buffer)
}

function decodeValues(values: string | string[][], format: ChannelFormat): Values {
  return typeof values === 'string' ? decode(values, format as NumericFormat) : values
}
