import { transferHandlers } from 'comlink'
import type { Endpoint, TransferHandler } from 'comlink'
import { describeThrown, reviveThrown } from './thrown.js'
import type { Thrown } from './thrown.js'

type Listener = (event: { data: unknown }) => void

/** A MessagePort, a Worker, or the channel to another process. */
export interface MessageChannelEnd {
  postMessage(message: unknown, transfer?: never): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  off(event: 'message', listener: (message: unknown) => void): unknown
}

/**
 * A port to a thread or a process as comlink wants it. Comlink's own adapter has no types; this file is the only one that adapts, and it
 * also makes what a call throws keep its `code`, by which errors are told apart on the other side.
 */
export function comlinkPort(port: MessageChannelEnd): Endpoint {
  const attached = new Map<unknown, (data: unknown) => void>()
  return {
    postMessage: (message: unknown, transfer?: readonly object[]) => {
      port.postMessage(message, transfer as never)
    },
    addEventListener: (_type, listener) => {
      const receive = (data: unknown): void => {
        ;(listener as unknown as Listener)({ data })
      }
      attached.set(listener, receive)
      port.on('message', receive)
    },
    removeEventListener: (_type, listener) => {
      const receive = attached.get(listener)
      if (receive !== undefined) port.off('message', receive)
      attached.delete(listener)
    },
  }
}

const builtIn = transferHandlers.get('throw')

const keepCode: TransferHandler<{ readonly value: unknown }, Thrown> = {
  canHandle: (value: unknown): value is { readonly value: unknown } => builtIn?.canHandle(value) ?? false,
  serialize: ({ value }) => [describeThrown(value), []],
  deserialize: thrown => {
    throw reviveThrown(thrown)
  },
}
transferHandlers.set('throw', keepCode)
