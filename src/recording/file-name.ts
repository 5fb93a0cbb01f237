import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DareplaneError } from '../errors.js'

/** What placeholders of a file name stand for. */
export type FileNameFields = Readonly<Record<string, string>>

const PLACEHOLDER = /\{(\w+)\}/g
/** As LabRecorder writes them. */
const LABRECORDER: Readonly<Record<string, string>> = {
  b: '{task}',
  p: '{participant}',
  s: '{session}',
  a: '{acquisition}',
  m: '{modality}',
  n: '{run}',
  r: '{run}',
}
const MOST_RUNS = 9999
/** What file names cannot have on one system or another, controls and blanks. */
const NO_LETTERS = /[\\/:*?"<>|\s\p{Cc}\p{Cf}\p{Cs}]+/gu
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** A template of LabRecorder ('exp%n/sub-%p_%b.xdf') as one of ours ('exp{run}/sub-{participant}_{task}.xdf'). */
export function fromLabRecorder(template: string): string {
  return template.replace(/%([bpsamnr])/g, (whole, letter: string) => LABRECORDER[letter] ?? whole)
}

/**
 * The file that a template names: `{date}` is that of today, `{time}` the time of now, other placeholders are in `fields`.
 * `{run}` counts up from 001 to the first file that is not there, unless `fields` say which run it is. Throws TypeError for a
 * placeholder that nothing is known of, ERR_FILE_EXISTS when the file is there.
 */
export function recordingFile(
  template: string,
  fields: FileNameFields = {},
  { folder = '.', now = new Date() } = {},
): string {
  const known = new Map(Object.entries({ date: localDate(now), time: localTime(now), ...fields }))
  const fill = (run: string): string => {
    const name = template.replace(PLACEHOLDER, (_, field: string) => {
      const value = field === 'run' ? run : known.get(field)
      if (value === undefined) throw new TypeError(`nothing is known of {${field}} in ${JSON.stringify(template)}`)
      return plain(value)
    })
    return join(folder, name.split('/').map(allowed).join('/'))
  }
  const givenRun = known.get('run')
  if (givenRun !== undefined) return free(fill(padded(givenRun)))
  if (!template.includes('{run}')) return free(fill(''))
  for (let run = 1; run <= MOST_RUNS; run++) {
    const file = fill(padded(String(run)))
    if (!existsSync(file)) return file
  }
  throw new DareplaneError('ERR_FILE_EXISTS', `${template} has ${MOST_RUNS} runs already; choose another name`)
}

/** A value as part of a file's name. A participant named '..' or '../..' must not choose the folder. */
function plain(value: string): string {
  return value.replace(NO_LETTERS, '-').replace(/^\.+$/, dots => '-'.repeat(dots.length))
}

/** Windows has devices of these names in every folder, whatever stands behind a dot: what is written there is lost. */
function allowed(part: string): string {
  return DEVICE.test(part) ? `_${part}` : part
}

function free(file: string): string {
  if (!existsSync(file)) return file
  throw new DareplaneError('ERR_FILE_EXISTS', `${file} is there already; put {run} into the name to count up`)
}

function padded(run: string): string {
  return /^\d+$/.test(run) ? run.padStart(3, '0') : run
}

function localDate(now: Date): string {
  return [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-')
}

function localTime(now: Date): string {
  return [two(now.getHours()), two(now.getMinutes()), two(now.getSeconds())].join('-')
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
