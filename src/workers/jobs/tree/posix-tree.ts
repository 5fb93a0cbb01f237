import { platform } from '../../../system/platform.js'
import { groupExists, isGroupAlive, kill, signalGroup } from './group-signals.js'
import { processList } from './process-list.js'
import type { ProcessTree } from './process-tree.js'

/** A process group, and on Linux also what has left it, by the mark in its environment; on macOS what `ps` shows below it. */
export class PosixTree implements ProcessTree {
  readonly killLimitMs = 400
  readonly #group: number
  readonly #mark: string
  /** macOS: descendants seen so far. One that left the group is not found any more once its parent has gone. */
  readonly #descendants = new Set<number>()

  constructor(pid: number, mark: string) {
    this.#group = pid
    this.#mark = mark
  }

  signal(signal: NodeJS.Signals): boolean {
    // Looked at before the signal: afterwards the links between parents and children are gone.
    if (platform() === 'darwin') this.strays()
    signalGroup(this.#group, signal)
    return true
  }

  signalStrays(signal: NodeJS.Signals): readonly number[] {
    const pids = this.strays()
    for (const pid of pids) kill(pid, signal)
    return pids
  }

  exists(): boolean {
    return groupExists(this.#group)
  }

  isAlive(): boolean {
    return isGroupAlive(this.#group)
  }

  strays(sinceMs?: number): readonly number[] {
    const running = processList(sinceMs).filter(({ zombie }) => !zombie)
    if (platform() === 'linux') {
      return running
        .filter(({ group, marks }) => group !== this.#group && marks.includes(this.#mark))
        .map(({ pid }) => pid)
    }
    for (const { pid, parent, group } of running) {
      if (parent === this.#group || group === this.#group || this.#descendants.has(parent)) this.#descendants.add(pid)
    }
    return running.filter(({ pid, group }) => group !== this.#group && this.#descendants.has(pid)).map(({ pid }) => pid)
  }
}
