import { DareplaneError } from '../../../errors.js'
import type { EngineOptions } from '../../../lsl/choose-engine.js'
import type { WatcherEngine } from '../../../lsl/engine.js'
import { StreamInfo } from '../../../lsl/stream-info.js'
import { EngineProcess } from './engine-child.js'
import { IsolatedInlet } from './isolated-inlet.js'

/**
 * The same engine in a process of its own, so that a crash of native code loses the connection instead of the process. Every
 * inlet has one, which starts with the search for its stream; when it dies the next search starts another. All is killed when
 * `signal` is aborted.
 */
export async function isolatedEngine({ engine, library }: EngineOptions, signal: AbortSignal): Promise<WatcherEngine> {
  const options = { ...(engine && { engine }), ...(library !== undefined && { library }) }
  let current = new EngineProcess()
  let started = current.call(api => api.start(options))
  const running = async (): Promise<EngineProcess> => {
    if (signal.aborted) throw new DareplaneError('ERR_CLOSED', 'the engine was closed')
    if (!current.alive) {
      current = new EngineProcess()
      started = current.call(api => api.start(options))
    }
    await started
    return current
  }
  const isOver = (): boolean => signal.aborted
  signal.addEventListener('abort', () => void current.kill())

  const about = await started
  return {
    ...about,
    async resolve(predicate, { signal: _signal, ...limits }) {
      if (isOver()) return []
      const process = await running()
      try {
        const found = await process.call(api => api.resolve(predicate, limits))
        return found.map(fields => new StreamInfo(fields))
      } catch (error) {
        if (isOver()) return []
        throw error
      }
    },
    async createInlet(info, { signal: _signal, ...inletOptions }) {
      const process = await running()
      const inlet = new IsolatedInlet(process, info)
      try {
        await process.call(api => api.create(info.fields, inletOptions))
        return inlet
      } catch (error) {
        // One inlet, one process: the next must not read what is meant for this one.
        await inlet.close()
        throw error
      }
    },
  }
}
