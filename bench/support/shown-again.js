/**
 * The contenders of a further case over rounds that were measured by another one: `seen` has the samples of each round by label.
 * `warmUp`: the first of them was the warm-up of that case.
 */
export function shownAgain(contenders, seen, { warmUp = false } = {}) {
  const left = new Map([...seen].map(([label, rounds]) => [label, rounds.slice(warmUp ? 1 : 0)]))
  const again = contenders.map(({ label, absent }) =>
    absent === undefined ? { label, measure: () => left.get(label).shift() } : { label, absent },
  )
  const counts = contenders.filter(({ absent }) => absent === undefined).map(({ label }) => left.get(label).length)
  return { contenders: again, atMost: Math.min(...counts), warmUp: false }
}
