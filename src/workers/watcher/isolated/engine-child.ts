import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { wrap } from 'comlink'
import type { Remote } from 'comlink'
import { DareplaneError } from '../../../errors.js'
import { startProcess } from '../../../system/start.js'
import { comlinkPort } from '../../comlink-port.js'
import { BLOCKS_FD } from './engine-api.js'
import type { EngineApi } from './engine-api.js'

/** The process of an isolated engine, from the outside. A crash of native code ends it, and nothing else. */
export class EngineProcess {
  /** The pipe of the blocks. */
  readonly blocks: Readable
  /** Resolves with how the process ended; it does not reject. */
  readonly ended: Promise<DareplaneError>
  readonly #child: ChildProcess
  readonly #api: Remote<EngineApi>
  #killed = false
  #alive = true

  constructor() {
    const child = startProcess(new URL('./engine-main.process.js', import.meta.url), [], {
      serialization: 'advanced',
      // Overlapped is a pipe, and on Windows one that the child writes to without its thread pool.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'overlapped'],
    })
    // Without descriptors there is no process, and no pipes to it.
    const pipes = child.stdio as readonly unknown[] | undefined
    if (pipes === undefined) {
      child.on('error', () => undefined)
      throw new DareplaneError('ERR_STREAM_LOST', 'the process of the engine does not start: too many files are open')
    }
    this.#child = child
    this.blocks = child.stdio[BLOCKS_FD] as Readable
    this.#api = wrap<EngineApi>(
      comlinkPort({
        // To a process that has ended there is nothing to say: its end is what the caller hears.
        postMessage: message => child.send(message as object, () => undefined),
        on: (event, listener) => child.on(event, listener),
        off: (event, listener) => child.off(event, listener),
      }),
    )
    this.ended = new Promise(resolve => {
      const end = (how: string): void => {
        this.#alive = false
        resolve(new DareplaneError('ERR_STREAM_LOST', `the process of the engine ${how}`))
      }
      child.on('error', ({ message }) => end(`does not run: ${message}`))
      child.on('exit', (code, signal) => end(signal === null ? `exited with code ${code}` : `was killed by ${signal}`))
    })
  }

  get alive(): boolean {
    return this.#alive && !this.#killed
  }

  /** Calls into the process. Rejects with what went wrong there, or with its end. */
  async call<T>(what: (api: Remote<EngineApi>) => Promise<T>): Promise<T> {
    const died = this.ended.then(error => {
      throw error
    })
    return Promise.race([what(this.#api), died])
  }

  /** Ends the process; resolves when it is gone. Idempotent. */
  async kill(): Promise<void> {
    this.#killed = true
    this.#child.kill('SIGKILL')
    await this.ended
    this.blocks.destroy()
  }
}
