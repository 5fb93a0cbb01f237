// Numbered things of one receiver: each life of a sender counts from 0. What is missing and what comes twice is a fault.

export class Sequence {
  received = 0
  lost = 0
  double = 0
  /** Life of the sender -> the number that comes next. */
  next = new Map()
  #isWhole

  /** A receiver that is not `whole` may come late to a life: it begins where it begins. */
  constructor({ whole }) {
    this.#isWhole = whole
  }

  /** The life that was last heard to be there, before it counts. */
  heard = -1

  add(life, number) {
    if (number < 0) {
      this.heard = life
      return
    }
    this.received++
    const expected = this.next.get(life) ?? (this.#isWhole ? 0 : number)
    if (number < expected) this.double++
    else this.lost += number - expected
    this.next.set(life, Math.max(expected, number + 1))
  }

  get figures() {
    return { received: this.received, lost: this.lost, double: this.double }
  }
}
