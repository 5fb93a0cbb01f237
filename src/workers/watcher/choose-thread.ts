import { availableParallelism } from 'node:os'
import { DareplaneError } from '../../errors.js'
import { engineChoice } from '../../lsl/choose-engine.js'
import { PullThread } from './pull-thread.js'
import type { WatcherSetup } from './watcher-api.js'
import { threadUse } from './watcher-options.js'
import type { ThreadUse } from './watcher-options.js'

/** Environment variable that says which thread a watcher has whose options do not say it: 'own' or 'shared'. */
export const THREAD_VARIABLE = 'DAREPLANE_THREAD'
/** Watchers of one shared thread before another is started, if there is a core for it. */
const MOST_SHARING = 32

export type ThreadOptions = Pick<WatcherSetup, 'engine' | 'library' | 'isolation'> & {
  readonly thread?: ThreadUse | undefined
}

/** The threads that this one has started and that have not ended. */
const running = { own: new Set<PullThread>(), shared: new Set<PullThread>() }

/** All cores but that of the main thread. */
function coresForThreads(): number {
  return Math.max(1, availableParallelism() - 1)
}

/**
 * The thread to receive on. What the options or the environment do not say: one of its own while there are cores for it, then a
 * shared one, where the engine can share. Throws ERR_THREAD_NOT_SHARED when a shared one was asked for and the engine cannot.
 */
export function chooseThread(options: ThreadOptions): PullThread {
  const isShared = options.thread === 'shared' ? mustShare(options) : sharesByDefault(options)
  return isShared ? (sharedThread() ?? start('shared')) : start('own')
}

function mustShare(options: ThreadOptions): true {
  const { engine, reason } = engineChoice(options)
  if (engine.name === 'builtin') return true
  throw new DareplaneError(
    'ERR_THREAD_NOT_SHARED',
    `thread: 'shared' needs the builtin engine, and this is ${engine.name}: ${reason}. Say engine: 'builtin', or thread: 'own'`,
  )
}

function sharesByDefault({ thread = threadOfEnvironment(), isolation, ...engine }: ThreadOptions): boolean {
  if (thread === 'own' || isolation === 'process') return false
  if (thread === undefined && running.own.size < coresForThreads()) return false
  try {
    return engineChoice(engine).engine.name === 'builtin'
  } catch {
    // The thread meets the same and tells it.
    return false
  }
}

function threadOfEnvironment(): ThreadUse | undefined {
  const name = process.env[THREAD_VARIABLE] ?? ''
  if (name !== '') threadUse(THREAD_VARIABLE, name)
  return name === 'own' || name === 'shared' ? name : undefined
}

/** The one with the fewest watchers; undefined if another is to be started. */
function sharedThread(): PullThread | undefined {
  const [fewest] = [...running.shared].filter(({ isOpen }) => isOpen).sort((a, b) => a.watchers - b.watchers)
  const isFull = fewest !== undefined && fewest.watchers >= MOST_SHARING
  return isFull && running.shared.size < coresForThreads() ? undefined : fewest
}

function start(use: ThreadUse): PullThread {
  const thread = new PullThread(use)
  running[use].add(thread)
  void thread.exited.then(() => running[use].delete(thread))
  return thread
}
