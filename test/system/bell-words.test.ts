import t from 'tap'
import type { Test } from 'tap'
import { bellRings, fallAsleep, ringBell } from '../../src/system/bell-words.js'
import { within } from '../../src/system/within.js'

const bell = (): Int32Array => new Int32Array(new SharedArrayBuffer(8))

/** Calls `run` while the step of Atomics is `instead`. */
function during<Step extends 'add' | 'notify'>(step: Step, instead: (typeof Atomics)[Step], run: () => void): void {
  const whole = Atomics[step]
  Atomics[step] = instead
  try {
    run()
  } finally {
    Atomics[step] = whole
  }
}

async function wakes(t: Test, waiting: ReturnType<typeof bellRings>, message: string): Promise<void> {
  t.equal(waiting.async, true)
  t.equal(await within(10_000, Promise.resolve(waiting.value)), 'ok', message)
}

t.test('a thread that is ended while it rings hides no sleeper from the next one', async t => {
  const ended = (): never => {
    throw new Error('the thread ended here')
  }
  for (const step of ['add', 'notify'] as const) {
    const words = bell()
    const waiting = bellRings(words, fallAsleep(words))
    during(step, ended, () => t.throws(() => ringBell(words), { message: 'the thread ended here' }))
    ringBell(words)
    await wakes(t, waiting, `ended at ${step}`)
  }
})

t.test('who falls asleep again while a ring is under way is heard by the next ring', async t => {
  const words = bell()
  const first = bellRings(words, fallAsleep(words))
  let second: ReturnType<typeof bellRings> | undefined
  const { notify } = Atomics
  const woken = ((array: Int32Array, index: number) => {
    const count = notify(array, index)
    second = bellRings(words, fallAsleep(words))
    return count
  }) as typeof notify
  during('notify', woken, () => ringBell(words))
  await wakes(t, first, 'the first sleep')
  ringBell(words)
  await wakes(t, second!, 'the second sleep')
})
