import { spawn } from 'node:child_process'
import { koffi } from '../../../system/koffi.js'
import type { ProcessTree } from './process-tree.js'

// winnt.h, 64 bits.
const EXTENDED_LIMITS = { class: 9, bytes: 144, limitFlags: 16, killOnClose: 0x2000 }
const ACCOUNTING = { class: 1, bytes: 48, activeProcesses: 40 }
const PROCESS_SET_QUOTA_AND_TERMINATE = 0x0101

/** The functions of kernel32 that a Job Object needs. Handles are numbers; 0 is none. */
export interface JobObjects {
  readonly create: (attributes: null, name: null) => number
  readonly setInformation: (job: number, kind: number, information: Uint8Array, bytes: number) => boolean
  readonly queryInformation: (
    job: number,
    kind: number,
    information: Uint8Array,
    bytes: number,
    returned: null,
  ) => boolean
  readonly assign: (job: number, process: number) => boolean
  readonly terminate: (job: number, exitCode: number) => boolean
  readonly openProcess: (access: number, inherit: boolean, pid: number) => number
  readonly closeHandle: (handle: number) => boolean
}

/**
 * A Job Object of Windows: the kernel puts all descendants into it, and ends them when this process ends, however that ends, so
 * that no guard is needed. A process that is started before the assignment, some microseconds after the first, escapes.
 */
export class WindowsTree implements ProcessTree {
  /** taskkill is a program that first has to start. */
  readonly killLimitMs = 5000
  readonly #pid: number
  readonly #functions: JobObjects | undefined
  /** Never closed: with the last handle the kernel ends the processes. 0 where there is none. */
  readonly #job: number

  /** Without `functions` it is taskkill that ends the tree, which finds it as long as its root lives. */
  constructor(pid: number, functions: JobObjects | undefined) {
    this.#pid = pid
    this.#functions = functions
    this.#job = this.#open()
  }

  /** Other signals reach no program without a window: they are left out, so that a stop need not wait for them. */
  signal(signal: NodeJS.Signals): boolean {
    if (signal !== 'SIGKILL') return false
    if (this.#job === 0 || !this.#functions?.terminate(this.#job, 1)) endTree(this.#pid)
    return true
  }

  signalStrays(): readonly number[] {
    return []
  }

  exists(): boolean {
    return this.isAlive()
  }

  isAlive(): boolean {
    const information = new Uint8Array(ACCOUNTING.bytes)
    const isKnown =
      this.#job !== 0 &&
      this.#functions?.queryInformation(this.#job, ACCOUNTING.class, information, ACCOUNTING.bytes, null)
    if (!isKnown) return isRunning(this.#pid)
    return new DataView(information.buffer).getUint32(ACCOUNTING.activeProcesses, true) > 0
  }

  strays(): readonly number[] {
    return []
  }

  #open(): number {
    if (this.#functions === undefined) return 0
    const { create, setInformation, openProcess, assign, closeHandle } = this.#functions
    const job = create(null, null)
    if (job === 0) return 0
    const limits = new Uint8Array(EXTENDED_LIMITS.bytes)
    new DataView(limits.buffer).setUint32(EXTENDED_LIMITS.limitFlags, EXTENDED_LIMITS.killOnClose, true)
    const process = openProcess(PROCESS_SET_QUOTA_AND_TERMINATE, false, this.#pid)
    const isInJob =
      setInformation(job, EXTENDED_LIMITS.class, limits, EXTENDED_LIMITS.bytes) && process !== 0 && assign(job, process)
    if (process !== 0) closeHandle(process)
    if (isInJob) return job
    closeHandle(job)
    return 0
  }
}

let kernel32: JobObjects | undefined

/** kernel32 through koffi, or undefined where there is no koffi. */
export function jobObjects(): JobObjects | undefined {
  try {
    kernel32 ??= bind()
    return kernel32
  } catch {
    return undefined
  }
}

function bind(): JobObjects {
  const library = koffi().load('kernel32.dll')
  return {
    create: library.func('intptr CreateJobObjectW(void *attributes, void *name)'),
    setInformation: library.func('bool SetInformationJobObject(intptr job, int kind, void *information, uint32 bytes)'),
    queryInformation: library.func(
      'bool QueryInformationJobObject(intptr job, int kind, void *information, uint32 bytes, void *returned)',
    ),
    assign: library.func('bool AssignProcessToJobObject(intptr job, intptr process)'),
    terminate: library.func('bool TerminateJobObject(intptr job, uint32 exitCode)'),
    openProcess: library.func('intptr OpenProcess(uint32 access, bool inherit, uint32 pid)'),
    closeHandle: library.func('bool CloseHandle(intptr handle)'),
  }
}

/** Without a Job Object: the tree as long as its root lives. */
function endTree(pid: number): void {
  const options = { stdio: 'ignore', windowsHide: true } as const
  spawn('taskkill', ['/PID', String(pid), '/T', '/F'], options).on('error', () => undefined)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
