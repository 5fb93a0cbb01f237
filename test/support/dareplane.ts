import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { childEnvironment } from './child.js'
import './loopback.js'
import { cli, loopbackFolder } from './project.js'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A running `dareplane` command as it ships, on the loopback network of the tests. */
export class Dareplane implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
  #stdout = ''
  #stderr = ''
  #onLine = (): void => undefined
  #lines: string[] = []

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = loopbackFolder) {
    this.child = spawn(process.execPath, [cli, ...args], { cwd, env: childEnvironment(env) })
    createInterface(this.child.stdout).on('line', line => {
      this.#lines.push(line)
      this.#stdout += `${line}\n`
      this.#onLine()
    })
    this.child.stderr.on('data', (text: Buffer) => (this.#stderr += text.toString()))
    this.ended = once(this.child, 'close').then(([code]) => {
      this.#onLine()
      return { code: code as number | null, stdout: this.#stdout, stderr: this.#stderr }
    })
  }

  /** The first line of stdout that matches; rejects with all output when the command ends without one. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.#lines.find(line => pattern.test(line))
      if (found !== undefined) return found
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`no line ${String(pattern)} in: ${this.#stdout}${this.#stderr}`)
      }
      await new Promise<void>(wake => (this.#onLine = wake))
    }
  }

  /** Ends it as Ctrl-C does. */
  interrupt(): Promise<Ended> {
    this.child.kill('SIGINT')
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }
}

/** Runs a command to its end. */
export function dareplane(...args: string[]): Promise<Ended> {
  return new Dareplane(args).ended
}
