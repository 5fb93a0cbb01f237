import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DareplaneError, errorCode } from '../errors.js'

/** Makes a file. Rejects with ERR_FILE_EXISTS before one that is there is touched, and with ERR_FILE_INVALID where it cannot be made. */
export async function openNewFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx')
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'EEXIST')
      throw new DareplaneError('ERR_FILE_EXISTS', `${path} is there already, and is not overwritten`, { cause })
    const reason = code === 'ENOENT' ? `there is no folder ${dirname(path)}; make it first` : whyNotWritten(cause)
    throw new DareplaneError('ERR_FILE_INVALID', `${path} cannot be written: ${reason}`, { cause })
  }
}

/** Why a file does not take data, in a few words. */
export function whyNotWritten(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full'
    case 'ENOENT':
      return 'the file or its folder is gone'
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
      return 'the drive does not take data'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there'
    case 'EROFS':
      return 'the disk is read-only'
    case 'ENOTDIR':
      return 'its folder is a file'
    case 'EISDIR':
      return 'it is a folder'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
