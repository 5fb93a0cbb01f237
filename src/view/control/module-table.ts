import { ModuleClient } from '../../modules/module-client.js'
import type { DescribedCommand } from '../../modules/described-commands.js'
import type { ModuleClientOptions } from '../../modules/module-client-options.js'
import { commandFields } from './command-fields.js'
import type { AddLine } from '../log-tail.js'
import type { Answer, CommandDescription, ModuleStatus, ModuleStop, SentCommand, StopResult } from '../wire/status.js'

const UP_EVERY_MS = 200
/** Nothing is believed to be alive that has not been heard from for so long. */
const SILENT_MS = 500
const STOP_LIMIT_MS = 3000
const KEPT_SENT = 50

/** One module: its client, and what the page says of it. */
class Module {
  readonly key: string
  readonly client: ModuleClient
  upMs: number | undefined
  answer: Answer | undefined
  ended: { name: string; at: number; how: string }[] = []
  notConfirmed: { at: number; mayHaveJob: boolean } | undefined
  /** A module that does not report its jobs may have one from its first command until a STOP. */
  mayRun = true
  wasUp = false
  toldSilent = false
  /** Jobs as they were when the module last reported, also while it is silent. */
  jobs: NonNullable<ModuleClient['jobs']> | undefined
  isAsking = false
  /** Commands that were sent and of whose jobs the module has not told since. */
  readonly underWay = new Set<string>()

  constructor(key: string, options: ModuleClientOptions) {
    this.key = key
    this.client = new ModuleClient({ ...options, observer: true })
  }

  get mayHaveJob(): boolean {
    return this.jobs === undefined ? this.mayRun : this.jobs.length > 0
  }
}

/** The modules that the view shows and commands. A command is sent once; STOP goes to all at once, and its effect is reported. */
export class ModuleTable {
  readonly sent: SentCommand[] = []
  lastStopAll: StopResult | undefined
  #stoppingSince: number | undefined
  readonly #modules = new Map<string, Module>()
  readonly #log: AddLine
  readonly #stops = new Map<string, Promise<StopResult>>()
  readonly #probing: NodeJS.Timeout

  constructor(modules: readonly ModuleClientOptions[], log: AddLine) {
    this.#log = log
    modules.forEach((options, index) => this.#add(`m${index + 1}`, options))
    this.#probing = setInterval(() => this.#probe(), UP_EVERY_MS)
  }

  get stoppingS(): number | undefined {
    return this.#stoppingSince === undefined ? undefined : (performance.now() - this.#stoppingSince) / 1000
  }

  has(key: string): boolean {
    return this.#modules.has(key)
  }

  statuses(): ModuleStatus[] {
    return [...this.#modules.values()].map(module => this.#status(module))
  }

  /** Sends a command that was armed and held; answers why not, or undefined when it is out. */
  command(
    key: string,
    command: string,
    kwargs: Readonly<Record<string, unknown>> | undefined,
    by: string,
  ): string | undefined {
    const module = this.#modules.get(key)
    if (module === undefined) return 'unknown module'
    if (!module.client.knownCommands.includes(command)) return `${module.client.name} has no command ${command}`
    if (module.jobs?.some(job => job.command === command) === true) return `a job of ${command} runs`
    // Two pages may send at the same time, before a job is known.
    if (module.underWay.has(command)) return `${command} was sent a moment ago`
    const started = performance.now()
    let isSent: boolean
    try {
      isSent = module.client.send(command, kwargs)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    if (!isSent) return `${module.client.name} is not connected: nothing was sent`
    module.mayRun = true
    this.#log('info', 'view', `${command} sent to ${module.client.name}`, { by, ...(kwargs && { kwargs }) })
    module.underWay.add(command)
    void this.#noteAnswer(module, command, by, started).finally(() => module.underWay.delete(command))
    return undefined
  }

  /** Stops one module, or all. The same id twice, as by WebSocket and by HTTP, is one STOP. Resolves within its time limit. */
  stop(id: string, key: string | undefined, by: string): Promise<StopResult> {
    const running = this.#stops.get(id)
    if (running !== undefined) return running
    const stopping = this.#stop(id, key, by)
    this.#stops.set(id, stopping)
    const [oldest] = this.#stops.keys()
    if (this.#stops.size > 1000 && oldest !== undefined) this.#stops.delete(oldest)
    return stopping
  }

  async close(): Promise<void> {
    clearInterval(this.#probing)
    await Promise.all([...this.#modules.values()].map(({ client }) => client.close()))
  }

  #add(key: string, options: ModuleClientOptions): void {
    const module = new Module(key, options)
    const { client } = module
    this.#modules.set(key, module)
    client.on('up', () => {
      module.wasUp = true
      module.toldSilent = false
      this.#log('info', 'view', `${client.name} is up`, { address: `${client.host}:${client.port}` })
    })
    client.on('down', () =>
      this.#log('error', client.name, 'connection lost', { address: `${client.host}:${client.port}` }),
    )
    client.on('jobs', jobs => {
      for (const job of module.jobs ?? []) {
        if (
          jobs.some(
            ({ command, name, startedAt }) =>
              command === job.command && name === job.name && Math.abs(startedAt - job.startedAt) < 1000,
          )
        )
          continue
        module.ended.unshift({
          name: job.name,
          at: Date.now() / 1000,
          how: this.#stoppingSince === undefined ? 'ended' : 'ended by STOP',
        })
        module.ended.length = Math.min(module.ended.length, 3)
      }
      module.jobs = jobs
      if (jobs.length === 0 && module.notConfirmed) module.notConfirmed = undefined
    })
    // The module is looked for until the view is closed.
    void client.connect({ timeoutS: Infinity }).catch(() => undefined)
  }

  #probe(): void {
    for (const module of this.#modules.values()) {
      const { client } = module
      void client.up({ timeoutMs: SILENT_MS }).then(upMs => {
        module.upMs = upMs
      })
      this.#askJobs(module)
      if (client.silentMs <= SILENT_MS) module.toldSilent = false
      else if (module.wasUp && !module.toldSilent && client.isConnected) {
        module.toldSilent = true
        this.#log('warn', 'view', `${client.name} has not answered UP for 0.5 s`, {
          address: `${client.host}:${client.port}`,
        })
      }
    }
  }

  /** One question at a time: while a STOP is under way its answer waits. */
  #askJobs(module: Module): void {
    if (module.isAsking) return
    module.isAsking = true
    void module.client.askJobs({ timeoutMs: SILENT_MS }).then(() => {
      module.isAsking = false
    })
  }

  async #noteAnswer(module: Module, command: string, by: string, started: number): Promise<void> {
    const at = Date.now() / 1000
    const before = module.jobs?.length ?? 0
    const upMs = await module.client.up({ timeoutMs: SILENT_MS })
    const tookMs = performance.now() - started
    await module.client.askJobs({ timeoutMs: SILENT_MS })
    const runs = (module.jobs?.length ?? 0) > before
    const took = upMs === undefined ? 'no answer' : `${tookMs.toFixed(0)} ms`
    module.answer = { text: `${command} → ${runs ? 'job runs' : 'sent'}, ${took}`, at, by }
    this.#note({ at, what: `${module.client.name} ${command}`, took })
  }

  async #stop(id: string, key: string | undefined, by: string): Promise<StopResult> {
    const started = performance.now()
    const all = key === undefined
    if (all) this.#stoppingSince = started
    const modules = [...this.#modules.values()].filter(module => all || module.key === key)
    const stops = await Promise.all(modules.map(module => this.#stopOne(module, by)))
    const tookMs = performance.now() - started
    const at = Date.now() / 1000
    const result: StopResult = { id, at, tookMs, all, modules: stops }
    const unanswered = stops.filter(({ outcome }) => outcome === 'silent').map(({ name }) => name)
    const jobs = stops.reduce((sum, stop) => sum + stop.jobs, 0)
    const what = all ? 'STOP ALL' : `${modules[0]?.client.name ?? 'unknown'} STOP`
    this.#log(unanswered.length > 0 ? 'error' : 'info', 'view', `${what} by ${by}`, {
      tookMs: Math.round(tookMs),
      jobs,
      ...(unanswered.length > 0 && { unanswered }),
    })
    this.#note({ at, what, took: unanswered.length > 0 ? 'not confirmed' : `${tookMs.toFixed(0)} ms` })
    if (all) {
      this.lastStopAll = result
      this.#stoppingSince = undefined
    }
    return result
  }

  async #stopOne(module: Module, by: string): Promise<ModuleStop> {
    const { client, key } = module
    const at = Date.now() / 1000
    const { mayHaveJob } = module
    const { outcome, tookMs, jobs = 0, ended = 0 } = await client.stop({ timeoutMs: STOP_LIMIT_MS })
    if (outcome === 'silent') {
      module.notConfirmed = { at, mayHaveJob }
      module.answer = { text: 'STOP → no answer', at, by }
    } else {
      module.notConfirmed = undefined
      module.mayRun = false
      module.answer = {
        text: `STOP → ${outcome === 'reported' ? 'ended' : 'answered'}, ${tookMs.toFixed(0)} ms`,
        at,
        by,
      }
    }
    return { module: key, name: client.name, outcome, jobs, ended, mayHaveJob }
  }

  #note(sent: SentCommand): void {
    this.sent.unshift(sent)
    this.sent.length = Math.min(this.sent.length, KEPT_SENT)
  }

  #status(module: Module): ModuleStatus {
    const { client, key, upMs, answer, ended, notConfirmed, jobs } = module
    const { silentMs } = client
    const isHeard = client.isConnected && silentMs <= SILENT_MS
    return {
      key,
      name: client.name,
      address: `${client.host}:${client.port}`,
      state: isHeard
        ? 'up'
        : !module.wasUp && !client.isConnected
          ? 'connecting'
          : client.isConnected
            ? 'silent'
            : 'down',
      ...(isHeard && upMs !== undefined && { upMs: Number(upMs.toFixed(1)) }),
      ...(Number.isFinite(silentMs) && { silentS: Number((silentMs / 1000).toFixed(1)) }),
      ...(jobs && {
        jobs: jobs.map(({ name, command, startedAt }) => ({
          name,
          command,
          ageS: (performance.now() - startedAt) / 1000,
        })),
      }),
      endedJobs: ended,
      commands: client.knownCommands.map(name => commandOf(client.descriptionOf(name) ?? { name, description: '' })),
      ...(answer && { answer }),
      ...(notConfirmed && { notConfirmed }),
    }
  }
}

function commandOf({ name, description, kwargs }: DescribedCommand): CommandDescription {
  const fields = kwargs && commandFields(kwargs)
  return { name, ...(description !== '' && { description }), ...(fields && { fields }) }
}
