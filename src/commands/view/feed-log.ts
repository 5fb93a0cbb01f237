import { errorCode } from '../../errors.js'
import { LogRecordSocketReceiver } from '../../logging/receiver/log-record-socket-receiver.js'
import { LEVELS } from '../../logging/wire/levels.js'
import type { View } from '../../view/serve.js'
import { followFile } from '../logs/follow-file.js'
import { followRecords } from '../logs/follow-server.js'

const HOST = '127.0.0.1'
const TAIL_LINES = 100
const RETRY_MS = 1000
const LINE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) - (.*?) - ([A-Z]+|Level [\d.]+) - (.*)$/
/** Beside what `dareplane logserver` writes by default, not into it: both may be started in one folder. */
const OWN_FILE = 'dareplane_view.log'

/** Where the log comes from: a file, else a log server that runs, else one of the view's own, which writes a file. */
export async function feedLog(
  view: View,
  {
    file,
    port,
    signal,
    say,
  }: {
    readonly file: string | undefined
    readonly port: number
    readonly signal: AbortSignal
    readonly say: (text: string) => void
  },
): Promise<void> {
  if (file !== undefined) {
    await followFile(file, { lines: TAIL_LINES, follow: true, signal }, line => showLine(view, line))
    return
  }
  while (!signal.aborted) {
    try {
      await followRecords({ host: HOST, port, signal }, record => view.showRecord(record))
    } catch (error) {
      // It is a log server of Python, which cannot be followed; its file can.
      if (errorCode(error) === 'ERR_TIMEOUT') {
        say(`${error instanceof Error ? error.message : String(error)} (dareplane view --logs FILE)`)
        await aborted(signal)
        return
      }
    }
    await serveLog(view, port, signal, say)
  }
}

async function serveLog(view: View, port: number, signal: AbortSignal, say: (text: string) => void): Promise<void> {
  if (signal.aborted) return
  const receiver = new LogRecordSocketReceiver({ host: HOST, port, logfile: OWN_FILE })
  receiver.on('record', record => view.showRecord(record))
  receiver.on('listening', () => say(`this is the log server of port ${port}; the log is written to ${OWN_FILE}`))
  const close = (): void => void receiver.close()
  signal.addEventListener('abort', close)
  try {
    await receiver.serveUntilStopped()
  } catch (error) {
    if (errorCode(error) !== 'ERR_PORT_IN_USE') throw error
    // Another program has just become the log server: that one is followed.
    await new Promise(resolve => setTimeout(resolve, RETRY_MS))
  } finally {
    signal.removeEventListener('abort', close)
    await receiver.close()
  }
}

function showLine(view: View, line: string): void {
  const [, time, ms, name = '', levelname = '', message = ''] = LINE.exec(line) ?? []
  if (time === undefined) return
  const levelno =
    LEVELS.find(level => level.levelname === levelname)?.levelno ?? (Number(levelname.replace('Level ', '')) || 0)
  view.showRecord({
    name,
    levelname,
    levelno,
    created: Date.parse(`${time.replace(' ', 'T')}.${ms ?? '000'}`) / 1000,
    message,
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  const alive = setInterval(() => undefined, 2 ** 30)
  return new Promise(resolve => {
    const end = (): void => {
      clearInterval(alive)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
