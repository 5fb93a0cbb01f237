const KEPT = 10_000

/** The ids of the commands that were sent: each is good once, whoever repeats it. */
export class UsedIds {
  readonly #ids = new Set<string>()

  /** Answers whether the id is new, and remembers it. */
  use(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    const [oldest] = this.#ids
    if (this.#ids.size > KEPT && oldest !== undefined) this.#ids.delete(oldest)
    return true
  }
}
