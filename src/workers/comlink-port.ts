import { transferHandlers } from 'comlink'
import type { Endpoint, TransferHandler } from 'comlink'
import { errorCode } from '../errors.js'

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
        ;(listener as Listener)({ data })
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

interface Thrown {
  readonly value: unknown
}
interface Serialized {
  readonly error: boolean
  readonly value: unknown
  readonly code?: string | undefined
}

const builtIn = transferHandlers.get('throw')

const keepCode: TransferHandler<Thrown, Serialized> = {
  canHandle: (value: unknown): value is Thrown => builtIn?.canHandle(value) ?? false,
  serialize: ({ value }) => {
    if (!(value instanceof Error)) return [{ error: false, value }, []]
    const { name, message, stack } = value
    return [{ error: true, value: { name, message, stack }, code: errorCode(value) }, []]
  },
  deserialize: ({ error, value, code }) => {
    if (!error) throw value as Error
    throw Object.assign(new Error(), value, code === undefined ? {} : { code })
  },
}
transferHandlers.set('throw', keepCode)
