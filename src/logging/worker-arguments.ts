/** Options of node that make a program of its own out of the command line, alone or with the word that follows. */
const ALONE = /^(--input-type=|--eval=|--print=)/
const WITH_NEXT = new Set(['-e', '--eval', '-p', '--print', '-pe', '--input-type'])

/**
 * What a worker started by this process is to be given as `execArgv`, or undefined to inherit them all, as it should wherever
 * it can: with `node --input-type=module -e ...` a worker that has a file does not start.
 */
export function workerExecArgv(inherited: readonly string[] = process.execArgv): string[] | undefined {
  const kept = inherited.filter(
    (word, index) => !ALONE.test(word) && !WITH_NEXT.has(word) && !WITH_NEXT.has(inherited[index - 1] ?? ''),
  )
  return kept.length === inherited.length ? undefined : kept
}
