import { existsSync, lstatSync, renameSync } from 'node:fs'
import { fields, mustBe, required, whole } from '../../check.js'
import { DareplaneError } from '../../errors.js'

/** When the file is put aside, as FILE.1, FILE.2 and so on. */
export interface Rotation {
  /** `10M`, `500K`, `1G`: the size that a file may reach. */
  readonly size: string
  /** How many are kept, default 5. */
  readonly files?: number
}

const UNITS: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

/** The bytes that a size such as `10M` stands for, or undefined when it is none. */
export function sizeInBytes(size: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,8})([BKMG])$/.exec(size) ?? []
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 1)
}

export const ROTATION = fields<Rotation>({
  size: required(
    mustBe(
      'a number and B, K, M or G, such as 10M',
      (value): value is string => typeof value === 'string',
      value => sizeInBytes(value) !== undefined,
    ),
  ),
  files: whole({ from: 1 }),
})

/**
 * Renames FILE to FILE.1, FILE.1 to FILE.2 and so on; FILE.`files` is replaced. FILE goes first, as FILE.0: where it cannot
 * be renamed (it is open elsewhere, something is in the way) no older file has moved, and none is lost. Throws then.
 */
export function putAside(path: string, files: number): void {
  const before = lstatSync(`${path}.0`, { throwIfNoEntry: false })
  if (before?.isFile() === false) throw new DareplaneError('ERR_FILE_INVALID', `${path}.0 is in the way`)
  // Left by a rotation that was cut short.
  if (before) moveUp(path, files)
  renameSync(path, `${path}.0`)
  moveUp(path, files)
}

/**
 * Moves FILE.0 and the files behind it one number up, as far as the first number that is free. A file that cannot be renamed leaves
 * a free number behind it, so that the next try moves no other file a second time.
 */
function moveUp(path: string, files: number): void {
  let free = 1
  while (free < files && existsSync(`${path}.${free}`)) free++
  for (let number = free; number > 0; number--) renameSync(`${path}.${number - 1}`, `${path}.${number}`)
}
