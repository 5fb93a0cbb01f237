import { parentPort, workerData } from 'node:worker_threads'
import { errorCode } from '../../errors.js'
import { Recorder } from './recorder.js'
import type { FromRecorder, RecorderSetup, ToRecorder } from './recorder-messages.js'

/** The thread of one recording: makes the file, records until it is told to stop, and ends by itself. */

if (parentPort === null) throw new TypeError('recorder.worker is started by RecorderThread, in a worker')
const port = parentPort
const tell = (message: FromRecorder): void => port.postMessage(message)

async function record(): Promise<void> {
  try {
    const recorder = await Recorder.create(workerData as RecorderSetup, tell)
    port.on('message', (message: ToRecorder) => recorder.hear(message))
    tell({ tell: 'opened' })
    await recorder.run()
  } catch (error) {
    const code = errorCode(error)
    // Any error that is not about the file ends the thread, and its owner hears of that.
    if (code !== 'ERR_FILE_EXISTS' && code !== 'ERR_FILE_INVALID') throw error
    tell({ tell: 'refused', code, message: error instanceof Error ? error.message : String(error) })
  }
  port.close()
}

void record()
