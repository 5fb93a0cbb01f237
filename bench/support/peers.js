// Who else is on this machine: the Python peers of `npm run bench:peers`, a C compiler. Where one is missing, why.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { output } from './fingerprint.js'
import { platform } from '../../dist/system/platform.js'

const root = join(import.meta.dirname, '..', '..')
const outFolder = join(root, 'bench', 'out')
const venvPython =
  platform() === 'windows' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')

/** INTEROP_PYTHON, else the interpreter of the pinned virtual environment, else undefined. */
export const python = process.env.INTEROP_PYTHON || (existsSync(venvPython) ? venvPython : undefined)
const compiler = process.env.CC || (platform() === 'windows' ? undefined : 'cc')
const compilerVersion = compiler && output(compiler, ['--version'])

/** What a row says where the peer is not there. */
export const noPython = python ? undefined : 'no Python peers: npm run bench:peers'
export const noCompiler = compilerVersion ? undefined : 'no C compiler'

export function peersFound() {
  return {
    python: python ? output(python, ['--version']) : 'absent (npm run bench:peers)',
    compiler: compilerVersion ?? 'absent',
    library: basename(process.env.LSL_LIB ?? 'no liblsl named'),
  }
}

/** The program of bench/limits/NAME.c, compiled against LSL_LIB if it is older than its source; or why there is none. */
export function compiledLimit(name) {
  if (noCompiler) return { absent: noCompiler }
  const source = join(root, 'bench', 'limits', `${name}.c`)
  const library = process.env.LSL_LIB
  // One program a library: it is found again at run time where it was at compile time.
  const program = join(outFolder, `${name}-${basename(library ?? 'no-lsl')}`)
  mkdirSync(outFolder, { recursive: true })
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return { program }
  const lsl = library ? [library, `-Wl,-rpath,${dirname(library)}`] : []
  const args = ['-O2', '-std=gnu11', '-Wall', '-o', program, source, ...lsl, '-lpthread']
  const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' })
  return status === 0 ? { program } : { absent: `does not compile here: ${String(stderr).trim().split('\n')[0]}` }
}

/** A peer that takes a line and answers with a line of JSON; in a process of its own. */
export class Peer {
  #lines
  #child
  #ended

  constructor(command, args, options = {}) {
    this.#child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
    this.#ended = new Promise(resolve => this.#child.once('close', resolve))
    // A peer that is gone is noticed where its answer is awaited.
    this.#child.stdin.on('error', () => undefined)
    this.name = basename(args.find(arg => /\.(py|js)$/.test(arg)) ?? command)
  }

  static python(file, ...args) {
    return new Peer(python, [join(import.meta.dirname, file), ...args.map(String)])
  }

  static node(file, args, options) {
    return new Peer(process.execPath, [join(import.meta.dirname, file), ...args.map(String)], options)
  }

  get pid() {
    return this.#child.pid
  }

  tell(line) {
    this.#child.stdin.write(`${line}\n`)
  }

  async answer() {
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${this.name} ended without an answer`)
    return JSON.parse(value)
  }

  ask(line) {
    this.tell(line)
    return this.answer()
  }

  /** Closes its input, which ends it; kills it if that does not. */
  async stop() {
    this.#child.stdin.end()
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), 3000)
    await this.#ended
    clearTimeout(limit)
  }
}
