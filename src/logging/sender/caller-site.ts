import { fileURLToPath } from 'node:url'
import { SITE_KEY } from './pino-record.js'

/** Frames looked at: pino and the hook take five of them. */
const DEPTH = 8
const PINO = /[\\/]pino[\\/]/
/** The hook through which every call goes. */
const HOOK = /[\\/]logging[\\/]sender[\\/]log-arguments\.[jt]s$/

/** A pino mixin: file, line and function of the call that logs. */
export function callerSiteFields(): Record<string, readonly [pathname: string, lineno: number, funcName: string]> {
  const site = callSites().find(each => {
    const file = each.getFileName()
    return file && !PINO.test(file) && !HOOK.test(file) && !file.startsWith('node:')
  })
  if (!site) return {}
  const file = site.getFileName() ?? ''
  const pathname = file.startsWith('file:') ? fileURLToPath(file) : file
  return { [SITE_KEY]: [pathname, site.getLineNumber() ?? 0, site.getFunctionName() ?? '<module>'] }
}

/** The calls that led here, without the text of a stack, which costs most of an Error. */
function callSites(): readonly NodeJS.CallSite[] {
  const { stackTraceLimit } = Error
  // The program's own function is put back afterwards, and not called here.
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  const holder: { stack?: unknown } = {}
  try {
    Error.stackTraceLimit = DEPTH
    Error.prepareStackTrace = (_, sites) => sites
    Error.captureStackTrace(holder, callerSiteFields)
    return Array.isArray(holder.stack) ? (holder.stack as NodeJS.CallSite[]) : []
  } finally {
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before)
    else delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}
