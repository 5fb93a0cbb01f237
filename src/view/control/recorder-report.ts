import type { RecorderStatus } from '../wire/status.js'

const LONGEST = 200
const MOST_STREAMS = 256

/** What a recorder has said of its recording. */
export type RecorderReport = Pick<
  RecorderStatus,
  'isRecording' | 'file' | 'seconds' | 'bytes' | 'diskFree' | 'trouble' | 'streams' | 'absent'
>

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const count = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, LONGEST) : '')
const records = (value: unknown): Fields[] =>
  Array.isArray(value) ? (value as unknown[]).filter(isRecord).slice(0, MOST_STREAMS) : []

/** The answer to `status`; one without figures where it is none, as LabRecorder's `OK`. Never throws. */
export function recorderReport(answer: string): RecorderReport {
  const status = parsed(answer)
  if (status === undefined || typeof status['recording'] !== 'boolean') return { streams: [], absent: [] }
  const { recording: isRecording, file, seconds, bytes, diskFree, trouble, streams, absent } = status
  return {
    isRecording,
    ...(isRecording && { file: text(file), seconds: count(seconds), bytes: count(bytes) }),
    ...(typeof diskFree === 'number' && { diskFree }),
    ...(typeof trouble === 'string' && { trouble: text(trouble) }),
    streams: records(streams).map(({ name, samples, missing }) => ({
      name: text(name),
      samples: count(samples),
      missing: isRecord(missing) ? Object.values(missing).reduce<number>((sum, each) => sum + count(each), 0) : 0,
    })),
    absent: records(absent).map(each => Object.values(each).map(String).join(' ').slice(0, LONGEST)),
  }
}

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
