// Runs in the threads of the pool: calls the default export of a module, and says whether it returned or threw. Piscina by itself
// takes a thrown null for an answer, and loses what is no Error of this thread's own.
import { describeThrown } from './thrown.js'
import type { Thrown } from './thrown.js'

export interface PoolTask {
  readonly module: string
  readonly task: unknown
}

export type PoolOutcome = { readonly value: unknown } | { readonly thrown: Thrown }

// Piscina calls the default export of its file.
export default async function runTask({ module, task }: PoolTask): Promise<PoolOutcome> {
  try {
    const { default: run } = (await import(module)) as { default?: (task: unknown) => unknown }
    if (typeof run !== 'function') throw new TypeError(`${module} has no default export that is a function`)
    return { value: await run(task) }
  } catch (thrown) {
    return { thrown: describeThrown(thrown) }
  }
}
