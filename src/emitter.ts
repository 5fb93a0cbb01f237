import { EventEmitter } from 'node:events'
import { callback, oneOf } from './check.js'

type Listener = (...detail: unknown[]) => void

/**
 * Node's EventEmitter, so that `once` and `on` of node:events work with it, of a few known events: a listener of another, which would
 * never hear anything, is a TypeError or RangeError.
 */
export class Emitter<Events extends Record<keyof Events, unknown[]>> extends EventEmitter {
  readonly #known: readonly string[]

  constructor(known: Readonly<Record<keyof Events, true>>) {
    super()
    this.#known = Object.keys(known)
  }

  /** Calls the listener at every such event, on this thread. */
  override on<Name extends keyof Events & string>(event: Name, listener: (...detail: Events[Name]) => void): this {
    this.#check(event, listener)
    return super.on(event, listener as Listener)
  }

  /** Calls the listener at the next such event only. */
  override once<Name extends keyof Events & string>(event: Name, listener: (...detail: Events[Name]) => void): this {
    this.#check(event, listener)
    return super.once(event, listener as Listener)
  }

  /** The same as {@link Emitter.on}. */
  override addListener<Name extends keyof Events & string>(
    event: Name,
    listener: (...detail: Events[Name]) => void,
  ): this {
    return this.on(event, listener)
  }

  /** Calls it no more. */
  override off<Name extends keyof Events & string>(event: Name, listener: (...detail: Events[Name]) => void): this {
    return super.off(event, listener as Listener)
  }

  /** Calls the listeners of this event. */
  override emit<Name extends keyof Events & string>(event: Name, ...detail: Events[Name]): boolean {
    return super.emit(event, ...detail)
  }

  #check(event: string, listener: unknown): void {
    // Node's own `once` listens to it as well, on any emitter.
    if (event !== 'error') oneOf(...this.#known)('event', event)
    callback('listener', listener)
  }
}
