import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return /^(127\.|::1$|localhost$)/.test(host)
}

/** What stands behind the question mark of a request. Any client may write anything there: nothing of it throws. */
export function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1))
}

/**
 * Who may ask: requests that name this server in `Host` (another name is a page that has bent its own to this address), and come
 * from its own pages or from programs that are no browser; beyond this machine only those with the token.
 */
export class Access {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>
  readonly #token: string | undefined

  constructor({
    host,
    port,
    token,
    allowOrigins,
  }: {
    readonly host: string
    readonly port: number
    readonly token: string | undefined
    readonly allowOrigins: readonly string[]
  }) {
    const names = [...LOOPBACK, host.includes(':') ? `[${host}]` : host]
    this.#hosts = new Set(names.map(name => `${name}:${port}`))
    this.#origins = new Set([...[...this.#hosts].map(name => `http://${name}`), ...allowOrigins])
    this.#token = token
  }

  /** Whether the request is for this server. A wildcard address cannot know its names: there the token decides. */
  isForUs({ headers }: IncomingMessage): boolean {
    return headers.host !== undefined && (this.#hosts.has(headers.host) || this.#token !== undefined)
  }

  /** Why the request may neither read a signal nor command, or undefined when it may. */
  refusal(request: IncomingMessage): string | undefined {
    if (!this.isForUs(request)) return `not for ${String(request.headers.host)}`
    const { origin } = request.headers
    const isOwn =
      origin === undefined || this.#origins.has(origin) || origin === `http://${String(request.headers.host)}`
    if (!isOwn || (this.#token === undefined && origin !== undefined && !this.#origins.has(origin)))
      return `pages of ${origin} may not use this view`
    // Where a browser does not send the origin, this header still says that a page of another site asks.
    if (request.headers['sec-fetch-site'] === 'cross-site' && !this.#origins.has(String(origin)))
      return 'pages of other sites may not use this view'
    return this.#hasToken(request) ? undefined : 'the token is missing or wrong'
  }

  #hasToken(request: IncomingMessage): boolean {
    if (this.#token === undefined) return true
    const given = Buffer.from(queryOf(request).get('token') ?? '')
    const wanted = Buffer.from(this.#token)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
}
