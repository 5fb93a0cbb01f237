type Add = AbortSignal['addEventListener']
type Remove = AbortSignal['removeEventListener']
/** A listener of `abort`, as a handler of commands adds it. */
type Listener = NonNullable<Parameters<Add>[1]>

/**
 * Has a listener of `signal` that throws end in `onError`: Node makes an uncaught exception of it, which ends the process. Listeners
 * that are added from here on are guarded; answers the signal.
 */
export function guardedSignal(signal: AbortSignal, onError: (error: unknown) => void): AbortSignal {
  const guards = new WeakMap<object, Listener>()
  const guardOf = (listener: Listener): Listener => {
    const known = guards.get(listener)
    if (known !== undefined) return known
    const guard = (event: Event): void => {
      try {
        let result: unknown
        if (typeof listener === 'function') {
          const hear: (event: Event) => unknown = listener
          result = hear.call(signal, event)
        } else listener.handleEvent(event)
        if (result instanceof Promise) result.catch(onError)
      } catch (error) {
        onError(error)
      }
    }
    guards.set(listener, guard)
    return guard
  }
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  let assigned: Listener | null = null
  return Object.defineProperties(signal, {
    addEventListener: {
      value: (type: string, listener: Listener, options?: Parameters<Add>[2]): void =>
        add(type, guardOf(listener), options),
    },
    removeEventListener: {
      value: (type: string, listener: Listener, options?: Parameters<Remove>[2]): void =>
        remove(type, guardOf(listener), options),
    },
    onabort: {
      get: () => assigned,
      set: (listener: Listener | null) => {
        if (assigned !== null) remove('abort', guardOf(assigned))
        assigned = listener
        if (listener !== null) add('abort', guardOf(listener))
      },
    },
  })
}
