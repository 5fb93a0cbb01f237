/** What this package needs; package.json says the same. */
const OLDEST = [20, 12] as const

/**
 * What is to be said of something that this package does not run on; undefined of any other. Bun calls itself a Node, but its
 * process.hrtime() counts from the start of each thread, so that stamps of threads, processes and liblsl would not compare.
 */
export function nodeComplaint(
  versions: Readonly<Record<string, string | undefined>> = process.versions,
): string | undefined {
  if (versions['bun'] !== undefined) {
    const why = 'its process.hrtime() is not the LSL clock, so that no two stamps could be compared'
    return `dareplane-utils does not run on Bun: ${why}; start it with node`
  }
  const [major = 0, minor = 0] = (versions['node'] ?? '').split('.').map(Number)
  const isNew = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  return isNew
    ? undefined
    : `dareplane-utils needs Node ${OLDEST.join('.')} or newer, this is v${versions['node'] ?? ''}`
}
