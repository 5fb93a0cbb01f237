// Tests run compiled, from build/test: what is not code is found from the project's folder.
import { join, resolve } from 'node:path'

export const projectFolder = resolve(import.meta.dirname, '..', '..', '..')

export const testFolder = join(projectFolder, 'test')

/** The loopback configuration as it ships. */
export const loopbackConfig = join(projectFolder, 'loopback', 'lsl_api.cfg')

/**
 * Where the loopback configuration of this test lies, which old libraries read in the working directory. `npm test` gives each test
 * file a session of its own, so that none meets the streams of another.
 */
export const loopbackFolder = process.env['DAREPLANE_TEST_LOOPBACK'] ?? join(projectFolder, 'loopback')

/** The command line as it ships. */
export const cli = join(projectFolder, 'dist', 'bin.js')

/** The path of a program or module of test/fixtures, compiled. */
export function fixture(file: string): string {
  return resolve(import.meta.dirname, '..', 'fixtures', file)
}
