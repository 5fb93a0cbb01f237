/** What one line to the remote port of LabRecorder asks for. */
export type RemoteCommand =
  | { readonly ask: 'start' | 'stop' | 'update' | 'select all' | 'select none' | 'status' }
  | { readonly ask: 'filename'; readonly fields: Readonly<Record<string, string>> }

const PLAIN = ['start', 'stop', 'update', 'select all', 'select none', 'status'] as const
const FIELD = /\{(\w+):([^}]*)\}?/g

/** Reads a line; answers why it asks for nothing, as text. Never throws. */
export function parseRemoteLine(line: string): RemoteCommand | string {
  const words = line.trim().replace(/\s+/g, ' ')
  const plain = PLAIN.find(ask => ask === words.toLowerCase())
  if (plain !== undefined) return { ask: plain }
  if (!/^filename\b/i.test(words))
    return `unknown command '${words.slice(0, 40)}'; known are ${PLAIN.join(', ')}, filename`
  const fields = Array.from(line.matchAll(FIELD), ([, name = '', value = '']) => [name.toLowerCase(), value.trim()])
  if (fields.length === 0) return 'filename needs {root:...} or {template:...}'
  return { ask: 'filename', fields: Object.fromEntries(fields) as Record<string, string> }
}
