import { join } from 'node:path'
import { existsSync } from 'node:fs'
import type { RecordingDesk } from '../../recording/recording-desk.js'
import { missingLines } from '../../recording/summary-text.js'
import { DefaultServer } from '../../server/default-server.js'
import type { PCommandMap } from '../../server/command-table.js'

/** A module with the primary commands of dp-lsl-recording: SELECT_ALL, SET_SAVE_PATH, UPDATE, RECORD and STOPRECORD. */
export function recordModule(
  desk: RecordingDesk,
  options: { readonly port: number; readonly ip: string },
): DefaultServer {
  const commands: PCommandMap = {
    SELECT_ALL: () => {
      desk.isSelected = true
    },
    SET_SAVE_PATH: kwargs => {
      const { fname, data_root: root, overwrite } = kwargs
      if (typeof fname !== 'string' || fname === '') throw new TypeError('fname must be the name of a file')
      if (overwrite === true) throw new TypeError('overwrite must be false: no recording is overwritten')
      if (root !== undefined && root !== null && typeof root !== 'string')
        throw new TypeError('data_root must be a folder')
      const folder = root ?? desk.place.folder
      const name = fname.replace(/\.xdf$/i, '')
      // As the Python module does, the time is added where a file of that name is there.
      const template = existsSync(join(folder, `${name}.xdf`)) ? `${name}_{date}_{time}.xdf` : `${name}.xdf`
      desk.place = { ...desk.place, folder, template }
    },
    UPDATE: async () => {
      await desk.look()
    },
    RECORD: async () => {
      await desk.start()
    },
    STOPRECORD: async () => {
      const missing = missingLines(await desk.stop())
      if (missing.length > 0) throw new Error(`the recording has ended; ${missing.join('; ')}`)
    },
  }
  return new DefaultServer({ ...options, name: 'lsl-recording', pcommandMap: commands })
}
