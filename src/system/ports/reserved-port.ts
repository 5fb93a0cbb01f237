import { platform } from '../platform.js'

/** What to do about a port that the system does not give, for the end of a message; '' where nothing more is known than `code`. */
export function reservedPortAdvice(code: string | undefined): string {
  if (code !== 'EACCES' || platform() !== 'windows') return ''
  return (
    '; Windows, Hyper-V or Docker has reserved it, ' +
    '`netsh interface ipv4 show excludedportrange protocol=tcp` (or udp) lists what is: choose another port'
  )
}
