import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'

/**
 * Words of shared memory that all threads of this process have in common, zero at first. They are handed down to every thread that
 * is started later; a thread that was started before this package was loaded, and its own ones, have words of their own.
 */
export function sharedWords(key: string, count: number): Int32Array {
  const name = `dareplane.${key}`
  const kept = getEnvironmentData(name)
  const memory = kept instanceof SharedArrayBuffer ? kept : new SharedArrayBuffer(4 * count)
  if (memory !== kept) setEnvironmentData(name, memory)
  return new Int32Array(memory)
}
