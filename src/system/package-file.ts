import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let root: string | undefined

/** The path of a file that ships in this package, from the package's folder: `packageFile('loopback/lsl_api.cfg')`. */
export function packageFile(path: string): string {
  root ??= packageFolder(dirname(fileURLToPath(import.meta.url)))
  return join(root, path)
}

/** Bundled code and code as it was compiled lie at different depths. */
function packageFolder(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(dirname(folder))
}
