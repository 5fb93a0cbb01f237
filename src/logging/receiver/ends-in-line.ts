import { open } from 'node:fs/promises'
import type { AppendFile } from './append-file.js'

const NEWLINE = 0x0a

/** Whether a file ends within a line; false where that cannot be read. */
export async function endsInLine({ path, size }: AppendFile): Promise<boolean> {
  if (size === 0) return false
  try {
    await using handle = await open(path)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
    return bytesRead === 1 && buffer[0] !== NEWLINE
  } catch {
    // Who may write to it need not be allowed to read it.
    return false
  }
}
