/** A file of garbage has more kinds of faults than anyone reads. */
const MOST_KINDS = 50
const OTHERS = 'other damage'

/** What was wrong with a file, each kind of fault once, however often it was met. */
export class DamageLog {
  readonly #faults = new Map<string, { count: number; readonly firstAt: number }>()

  /** One more fault of the kind that `text` says, at that byte of the file. */
  note(text: string, at: number): void {
    const kind = this.#faults.has(text) || this.#faults.size < MOST_KINDS ? text : OTHERS
    const fault = this.#faults.get(kind)
    if (fault === undefined) this.#faults.set(kind, { count: 1, firstAt: at })
    else fault.count++
  }

  /** One line for each kind of fault. */
  lines(): string[] {
    return Array.from(this.#faults, ([text, { count, firstAt }]) =>
      count === 1 ? `${text} (at byte ${firstAt})` : `${text} (${count} times, first at byte ${firstAt})`,
    )
  }
}
