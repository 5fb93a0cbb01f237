import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { projectFolder } from '../project.js'

const FOLDER = resolve(projectFolder, '..', 'shared', 'data')

/** The path of a recording that lies beside the repository, and what to give a test as `skip` where it does not. */
export function recording(name: 'clock_resets.xdf' | 'empty_streams.xdf' | 'minimal.xdf'): {
  file: string
  skip: string | false
} {
  const file = resolve(FOLDER, name)
  return { file, skip: existsSync(file) ? false : `no recording at ${file}` }
}
