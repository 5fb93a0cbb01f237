import { abortSignal, flag, milliseconds, mustBe, nonEmpty, options, required, seconds, whole } from '../check.js'

/** Which module to command. */
export interface ModuleClientOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  readonly port: number
  /** What the module is called, default as it greets. */
  readonly name?: string
  /** What a `DefaultServer` with a token wants to hear first. */
  readonly token?: string
  /** Only look on: a `DefaultServer` sends no callbacks, and that this client is there keeps no job alive. Default false. */
  readonly observer?: boolean
}

const check = options<ModuleClientOptions>('ModuleClient', 'new ModuleClient({ port: 8080 })', {
  host: nonEmpty,
  port: required(whole({ from: 1, to: 65535 })),
  name: nonEmpty,
  token: mustBe(
    'a word without | and ;',
    (value): value is string => typeof value === 'string',
    value => /^[^|;\s]+$/.test(value),
  ),
  observer: flag,
})

/** How long a connection is sought. */
export interface ModuleConnectOptions {
  /** Default 5. */
  readonly timeoutS?: number
  readonly signal?: AbortSignal
}

/** How long an answer is waited for. */
export interface WaitOptions {
  readonly timeoutMs?: number
}

export const connectOptions = options<ModuleConnectOptions>('ModuleClient.connect', 'connect({ timeoutS: 30 })', {
  timeoutS: seconds({ forever: true }),
  signal: abortSignal,
})
export const waitOptions = options<WaitOptions>('ModuleClient', 'stop({ timeoutMs: 3000 })', {
  timeoutMs: milliseconds({ forever: true }),
})

type Settings = ModuleClientOptions & Required<Pick<ModuleClientOptions, 'host' | 'observer'>>

/** The options with their defaults. Throws TypeError or RangeError naming the option. */
export function clientOptions(given: ModuleClientOptions): Settings {
  return { host: '127.0.0.1', observer: false, ...check(given) }
}

/** HOST:PORT, or a port of this machine; undefined for anything else. */
export function addressOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:(\[[0-9a-fA-F:]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[2])
  if (match === null || port < 1 || port > 65535) return undefined
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port }
}
