import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { HOLD_MS } from '../../wire/messages.js'
import type { CommandDescription, ModuleStatus } from '../../wire/status.js'
import { Lock } from '../icons.js'
import type { Store } from '../state/store.js'
import type { Filled } from '../../words/form-values.js'

/** A command: armed, then held with the pointer for a whole second. No key, no click and no second press sends it. */
export function CommandButton({
  store,
  module,
  command,
  isArmed,
  filled,
}: {
  readonly store: Store
  readonly module: Pick<ModuleStatus, 'key' | 'name' | 'state' | 'jobs'>
  readonly command: CommandDescription
  readonly isArmed: boolean
  /** The arguments, as they are filled in now. */
  readonly filled: () => Filled
}): JSX.Element {
  const [heldAt, setHeldAt] = useState<number>()
  const hold = useRef<{ id: string; timer: ReturnType<typeof setTimeout> } | undefined>(undefined)
  const [, redraw] = useState(0)
  const runs = module.jobs?.some(job => job.command === command.name) === true
  const isWaiting = store.commands.waiting?.module === module.key && store.commands.waiting.command === command.name
  const isOpen = isArmed && !runs && !isWaiting && module.state === 'up'
  const release = (): void => {
    if (hold.current === undefined) return
    clearTimeout(hold.current.timer)
    store.link.send({ type: 'release', id: hold.current.id })
    hold.current = undefined
    setHeldAt(undefined)
  }
  useEffect(() => {
    addEventListener('blur', release)
    return () => {
      removeEventListener('blur', release)
      release()
    }
  }, [])
  useEffect(() => {
    if (!isOpen) release()
  }, [isOpen])
  useEffect(() => {
    if (heldAt === undefined) return undefined
    const timer = setInterval(() => redraw(n => n + 1), 50)
    return () => clearInterval(timer)
  }, [heldAt])
  const press = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.isTrusted || hold.current !== undefined) return
    if (!isOpen) {
      const why = runs
        ? `${command.name} runs already`
        : !isArmed
          ? 'arm first'
          : module.state === 'up'
            ? ''
            : `${module.name} does not answer`
      if (why !== '') store.commands.note(module.key, why)
      return
    }
    const told = filled()
    if ('reason' in told) {
      store.commands.note(module.key, told.reason, true)
      return
    }
    const id = store.commands.newId()
    if (!store.link.send({ type: 'hold', id, module: module.key, command: command.name })) return
    const timer = setTimeout(() => {
      hold.current = undefined
      setHeldAt(undefined)
      store.commands.command(id, module.key, command.name, told.kwargs)
    }, HOLD_MS)
    hold.current = { id, timer }
    setHeldAt(performance.now())
  }
  const heldMs = heldAt === undefined ? 0 : performance.now() - heldAt
  const text = isWaiting
    ? 'sent, waiting…'
    : heldAt !== undefined
      ? `hold ${Math.max(0, (HOLD_MS - heldMs) / 1000).toFixed(1)} s more`
      : `${command.name}${runs ? ' · runs' : ''}`
  return (
    <button
      type="button"
      class={`command ${isOpen ? 'open' : ''} ${isWaiting ? 'waiting' : ''}`}
      aria-disabled={!isOpen}
      title={command.description}
      onPointerDown={press}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={event => event.preventDefault()}
    >
      {heldAt !== undefined && <span class="held" />}
      {heldAt === undefined && !isWaiting && <Lock open={isOpen} />}
      <span class="text">{text}</span>
    </button>
  )
}
