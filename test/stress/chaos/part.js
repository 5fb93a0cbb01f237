// A program of the chaos run that is killed, stopped and started again; each life of it has a number.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { childEnvironment } from '../../support/child.js'
import { loopbackFolder } from '../../support/project.js'

/** So long a program may take to be ready, on a machine however busy. */
const READY_MS = 60_000

export class Part {
  life = -1
  kills = 0
  stops = 0
  /** Whether something is being done to it: one thing at a time. */
  isBusy = false
  #file
  #options
  #onMessage

  /** `options(life)` is what the program is told; all that it says but `ready` goes to `onMessage`. */
  constructor(name, file, options, onMessage = () => undefined) {
    this.name = name
    this.#file = file
    this.#options = options
    this.#onMessage = onMessage
  }

  /** Resolves with what it says when it is ready. */
  async start() {
    this.life++
    const argument = JSON.stringify(this.#options(this.life))
    this.child = fork(join(import.meta.dirname, this.#file), [argument], {
      cwd: loopbackFolder,
      env: childEnvironment(),
      execArgv: ['--expose-gc'],
    })
    this.isMeantToEnd = false
    this.child.on('message', message => this.#onMessage(message, this.life))
    this.child.once('exit', (code, signal) => {
      if (!this.isMeantToEnd) this.#onMessage({ fault: `${this.name} ended by itself: ${code ?? signal}` }, this.life)
    })
    const [ready] = await once(this.child, 'message', { signal: AbortSignal.timeout(READY_MS) })
    return ready
  }

  async kill() {
    this.kills++
    await this.end('SIGKILL')
  }

  async end(signal) {
    this.isMeantToEnd = true
    const exited = once(this.child, 'exit')
    this.child.kill(signal)
    await exited
  }

  async stopFor(ms) {
    this.stops++
    this.child.kill('SIGSTOP')
    await after(ms)
    this.child.kill('SIGCONT')
  }

  /** Asks it for what it answers under that name; undefined when it ends before. */
  async ask(what) {
    const { child } = this
    return new Promise(resolve => {
      const done = answer => {
        child.off('message', listener).off('exit', onExit)
        resolve(answer)
      }
      const listener = message => message[what] !== undefined && done(message[what])
      const onExit = () => done(undefined)
      child.on('message', listener).once('exit', onExit)
      child.send({ ask: what }, error => error && onExit())
    })
  }
}
