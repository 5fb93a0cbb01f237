/** The processes of one job, as its platform knows them: the first one and all that it starts. */
export interface ProcessTree {
  /** How long they may take to vanish after SIGKILL; beyond that they hang in the kernel. */
  readonly killLimitMs: number
  /** Signals all that have not left the group. False where the platform does not know the signal: Windows knows SIGKILL only. */
  signal(signal: NodeJS.Signals): boolean
  /** Signals those that have left the group; answers their process ids. */
  signalStrays(signal: NodeJS.Signals): readonly number[]
  /** Whether anything is left, were it a zombie. Cheap. */
  exists(): boolean
  /** Whether a process of it runs. Zombies, which an init process may never reap, do not count. Takes some ms. */
  isAlive(): boolean
  /**
   * Processes that left the group of the job, as they were at `sinceMs` (performance.now()) or later; without it a list of the
   * last 10 ms will do. Empty
   * where nothing can leave.
   */
  strays(sinceMs?: number): readonly number[]
}
