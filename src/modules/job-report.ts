/** A job as its module reports it. */
export interface ReportedJob {
  readonly name: string
  /** The command that started it. */
  readonly command: string
  /** When it was started, on this machine's clock of performance.now(). */
  readonly startedAt: number
}

/** What a module of ours answers to JOBS. */
export interface JobReport {
  readonly running: readonly ReportedJob[]
  /** How the last STOP that is over has ended: jobs and handlers that it found, and how many of them are gone. */
  readonly stop: { readonly jobs: number; readonly ended: number } | undefined
}

type Fields = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '')
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The answer to JOBS, `{"stop":{"stopped","stuck","handlers"},"running":[{"pcomm","job","ageMs"}]}`; undefined for another. */
export function jobReportOf({ running, stop }: Fields): JobReport | undefined {
  if (!Array.isArray(running)) return undefined
  const now = performance.now()
  return {
    running: (running as unknown[])
      .filter(isObject)
      .map(({ pcomm, job, ageMs }) => ({ name: text(job), command: text(pcomm), startedAt: now - number(ageMs) })),
    stop: isObject(stop) ? stopOf(stop) : undefined,
  }
}

function stopOf({ stopped, stuck, handlers }: Fields): NonNullable<JobReport['stop']> {
  const ended = number(stopped) - (Array.isArray(stuck) ? stuck.length : 0)
  return { jobs: number(stopped) + number(handlers), ended }
}
