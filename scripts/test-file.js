import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from 'tap-parser'
import { root } from './build.js'

/**
 * One test file in a process of its own. Not by tap's own spawn, which loads hooks into each process that take twice as long
 * to start as tap itself.
 */
export class TestFile {
  parser = new Parser()
  /** What it wrote, as it is. */
  tap = ''
  errors = ''
  #process

  constructor(name, path, { env, timeoutS }) {
    this.name = name
    const session = ownSession(name)
    this.#process = spawn(process.execPath, ['--enable-source-maps', path], {
      cwd: root,
      env: { ...env, TAP: '1', TAP_TIMEOUT: String(timeoutS), DAREPLANE_TEST_LOOPBACK: session },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { stdout, stderr } = this.#process
    stdout.setEncoding('utf8').on('data', text => {
      this.tap += text
      this.parser.write(text)
    })
    stderr.setEncoding('utf8').on('data', text => (this.errors += text))
    // tap ends a test that takes too long, and tells where it was; this is for a process that does not come to that.
    const limit = setTimeout(() => this.#process.kill('SIGKILL'), (timeoutS + 10) * 1000)
    this.ended = new Promise((resolve, reject) => {
      this.#process.once('error', reject)
      this.#process.once('close', () => {
        clearTimeout(limit)
        rmSync(session, { recursive: true, force: true })
        this.parser.once('complete', results => resolve(results.ok && this.#process.exitCode === 0))
        this.parser.end()
      })
    })
  }

  /** How its process ended. */
  get end() {
    const { signalCode, exitCode } = this.#process
    return signalCode ? `was ended by ${signalCode}` : `ended with code ${exitCode ?? 'unknown'}`
  }
}

let sessions = 0

/**
 * A folder with the loopback configuration, an LSL session and ports of its own: no test meets the streams of one that runs beside
 * it, or finds all ports of its outlets taken.
 */
function ownSession(name) {
  const session = `${name.replaceAll(/\W/g, '-')}-${process.pid}`
  const folder = join(root, 'build', 'sessions', session)
  const config = readFileSync(join(root, 'loopback', 'lsl_api.cfg'), 'utf8')
  const range = Number(/^PortRange = (\d+)$/m.exec(config)[1])
  // Below the ports that the system gives to those who ask for any.
  const basePort = 17000 + ((process.pid + sessions++) % 100) * range
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'lsl_api.cfg'),
    config.replace('[ports]', `[ports]\nBasePort = ${basePort}`).replace('[lab]', `[lab]\nSessionID = ${session}`),
  )
  return folder
}
