import type { EngineOptions } from '../../../lsl/choose-engine.js'
import type { Engine, InletOptions, ResolveLimits } from '../../../lsl/engine.js'
import type { StreamFields } from '../../../lsl/stream-fields.js'

/** The pipe of the blocks in the process of an engine, after the standard ones and that of the messages. */
export const BLOCKS_FD = 4

/** What the process of an engine offers over comlink. Samples go by the pipe (block.ts). */
export interface EngineApi {
  /** First of all: makes the engine. */
  start(options: EngineOptions): Pick<Engine, 'name' | 'version' | 'location'>
  resolve(predicate: string, limits: Omit<ResolveLimits, 'signal'>): Promise<StreamFields[]>
  create(stream: StreamFields, options: Omit<InletOptions, 'signal'>): Promise<void>
  /** Subscribes; from then on blocks come. */
  open(timeoutS: number): Promise<void>
  fullInfo(timeoutS: number): Promise<StreamFields>
}
