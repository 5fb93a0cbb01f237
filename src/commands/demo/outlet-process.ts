import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { DareplaneError } from '../../errors.js'
import { packageFile } from '../../system/package-file.js'
import { platform } from '../../system/platform.js'
import { within } from '../../system/within.js'

const CLI = packageFile('dist/bin.js')
const READY_LIMIT_MS = 20_000
const END_LIMIT_MS = 10_000

/** `dareplane outlet` in a process of its own, and what it says it has sent. */
export class OutletProcess {
  /** Frames sent by stream name; complete once {@link OutletProcess.ended} has resolved. */
  readonly sent = new Map<string, number>()
  /** Resolves when all has been sent and said. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #ready: Promise<unknown>

  constructor(args: readonly string[]) {
    // A process group of its own: a Ctrl-C in the terminal is for the demo, which passes it on once. Windows would open a console.
    this.#child = spawn(process.execPath, [CLI, 'outlet', ...args], {
      detached: platform() !== 'windows',
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    // This process waits for the child's output, not for its channel.
    this.#child.channel?.unref()
    process.once('exit', this.#kill)
    const lines = createInterface({ input: this.#child.stdout ?? process.stdin })
    let announce: (line: string) => void = () => undefined
    this.#ready = new Promise<string>(resolve => (announce = resolve))
    let tell: () => void = () => undefined
    this.ended = new Promise<void>(resolve => (tell = resolve))
    lines.on('line', line => {
      if (line.startsWith('ready')) announce(line)
      if (!line.startsWith('sent')) return
      for (const [, frames, name] of line.matchAll(/(?<!\d)(\d+)(?: of \d+)? samples of '([^']*)'/g))
        this.sent.set(name ?? '', Number(frames))
      tell()
    })
    this.#child.once('exit', () => tell())
  }

  /** Resolves when its streams are on the network. */
  async ready(): Promise<void> {
    const died = once(this.#child, 'exit').then(([code]) => {
      throw new DareplaneError('ERR_JOB_FAILED', `the outlet process ended with code ${String(code)}`)
    })
    died.catch(() => undefined)
    if ((await within(READY_LIMIT_MS, Promise.race([this.#ready, died]))) === undefined)
      throw new DareplaneError('ERR_TIMEOUT', `the outlet process was not ready within ${READY_LIMIT_MS / 1000} s`)
  }

  /** Ends the sending, as Ctrl-C would, on every platform and also where this process dies; `ended` then resolves. */
  interrupt(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  /** Resolves when the process is gone, killed if need be. Idempotent. */
  async close(): Promise<void> {
    process.off('exit', this.#kill)
    if (this.#gone) return
    const exit = once(this.#child, 'exit')
    this.interrupt()
    if ((await within(END_LIMIT_MS, exit)) === undefined) this.#kill()
  }

  get #gone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  readonly #kill = (): void => {
    this.#child.kill('SIGKILL')
  }
}
