import { DareplaneError, errorCode } from '../errors.js'

/** What to tell of a log server that cannot listen on `host` and `port`. */
export function listenError(cause: unknown, host: string, port: number): DareplaneError {
  const code = errorCode(cause)
  if (code === 'EADDRINUSE') {
    const hint = 'another log server, perhaps a control room, is listening there'
    return new DareplaneError('ERR_PORT_IN_USE', `Port ${port} on ${host} is taken: ${hint}`, { cause })
  }
  const reason = code ?? String(cause)
  return new DareplaneError('ERR_LISTEN', `The log server cannot listen on ${host}:${port} (${reason})`, { cause })
}
