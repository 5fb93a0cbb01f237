// The rooms of src and who may import whom, as a rule for ESLint. It looks at the file that an import names, so that no spelling of
// a path and no import() goes round it.
import { builtinModules } from 'node:module'
import { posix, relative, sep } from 'node:path'

/**
 * The rooms, the folders of a room that may take less than the room, and the doors, which are the files beside the rooms that
 * programs import. The list of each says what it may import besides itself, its own folders that have no list, and the facts, which
 * are the other files beside the rooms. A room stands behind all that it imports, so that there is no circle of rooms. @public
 */
export const ROOMS = {
  system: [],
  python: [],
  ring: ['system'],
  lsl: ['system', 'ring', 'lsl/liblsl', 'lsl/builtin'],
  'lsl/liblsl': ['system', 'ring', 'lsl'],
  'lsl/builtin': ['system', 'ring', 'lsl'],
  xdf: ['system', 'lsl'],
  logging: ['system', 'python', 'logging/wire', 'logging/sender'],
  'logging/wire': ['python'],
  'logging/sender': ['system', 'python', 'logging', 'logging/wire'],
  'logging/receiver': ['system', 'python', 'logging', 'logging/wire'],
  workers: ['system'],
  'workers/watcher': ['system', 'ring', 'lsl', 'workers'],
  'workers/jobs': ['system', 'ring', 'logging', 'logging/sender', 'workers'],
  'workers/recorder': ['system', 'ring', 'xdf', 'workers'],
  server: ['system', 'python', 'logging', 'workers', 'workers/jobs', 'server/wire'],
  'server/wire': ['python'],
  modules: ['system'],
  'stream-watcher.ts': ['system', 'ring', 'lsl', 'workers/watcher'],
  signal: ['system', 'ring', 'lsl', 'workers/jobs'],
  testing: ['system', 'ring', 'lsl', 'signal'],
  recording: ['system', 'lsl', 'xdf', 'stream-watcher.ts', 'workers/watcher', 'workers/recorder'],
  'view/wire': [],
  'view/words': ['view/wire'],
  browser: ['ring', 'view/wire'],
  'view/page': ['browser', 'view/wire', 'view/words'],
  view: [
    'system',
    'ring',
    'lsl',
    'lsl/builtin',
    'logging',
    'logging/wire',
    'server',
    'modules',
    'stream-watcher.ts',
    'view/wire',
  ],
  'xdf.ts': ['xdf', 'recording'],
  'index.ts': [
    ...['ring', 'lsl', 'workers', 'workers/watcher', 'workers/jobs', 'stream-watcher.ts', 'modules'],
    ...['server', 'server/wire', 'logging', 'logging/receiver', 'logging/wire'],
  ],
  commands: [
    ...[
      'system',
      'ring',
      'lsl',
      'lsl/liblsl',
      'lsl/builtin',
      'xdf',
      'logging',
      'logging/receiver',
      'logging/wire',
      'view',
    ],
    ...[
      'workers/watcher',
      'workers/jobs',
      'server',
      'modules',
      'stream-watcher.ts',
      'signal',
      'recording',
      'view/wire',
    ],
  ],
  'cli.ts': ['system', 'commands'],
  'bin.ts': ['cli.ts'],
}

/** Neither clock nor I/O: what they do depends on nothing but their arguments. */
export const PURE = ['logging/wire', 'server/wire', 'view/wire', 'view/words']
/** What runs in a browser. */
const BROWSER = ['browser', 'view/page', ...PURE]
/** Facts that a pure folder cannot use: they look at the clock, or wait. */
const CLOCKS = ['clock.ts', 'timer.ts', 'stop-event.ts', 'emitter.ts']

const isIn = (folder, path) => path === folder || path.startsWith(`${folder}/`)
/** The longest name in `names` that `path`, below src, lies in. */
const nameOf = (names, path) => names.filter(name => isIn(name, path)).sort((a, b) => b.length - a.length)[0]
const FACTS = 'the facts'
const roomOf = path => nameOf(Object.keys(ROOMS), path) ?? FACTS

/** Why the file at `from` may not import the one at `to`, both below src; undefined where it may. @public */
export function refusal(from, to) {
  const [room, target] = [roomOf(from), roomOf(to)]
  if (nameOf(PURE, from) && CLOCKS.includes(to)) return `${room} has no clock`
  if (room === target || target === FACTS || ROOMS[room]?.includes(target)) return undefined
  return `${room} does not import ${target}: see scripts/lint/rooms.js`
}

/** Why the file at `from` may not import a module of Node or of npm; undefined where it may. @public */
export function packageRefusal(from, name) {
  if (builtinModules.includes(name)) return `'${name}' is written 'node:${name}'`
  if (!name.startsWith('node:')) return undefined
  if (nameOf(BROWSER, from) && !(nameOf(PURE, from) && name === 'node:buffer')) return `${roomOf(from)} has no Node`
  return undefined
}

const SRC = /^(?:.*\/)?src\//

export const rooms = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).replaceAll(sep, '/')
    if (!SRC.test(file)) return {}
    const from = file.replace(SRC, '')
    const look = node => {
      if (typeof node?.value !== 'string') return
      const name = node.value
      const message = name.startsWith('.')
        ? refusal(from, posix.join(posix.dirname(from), name).replace(/\.js$/, '.ts'))
        : packageRefusal(from, name)
      if (message !== undefined) context.report({ node, message })
    }
    const source = node => look(node.source)
    return {
      ImportDeclaration: source,
      ImportExpression: source,
      ExportNamedDeclaration: source,
      ExportAllDeclaration: source,
      TSImportType: source,
      // A thread or process is started by the URL of its file.
      'NewExpression[callee.name="URL"]': ({ arguments: [path, base] }) =>
        base?.type === 'MemberExpression' && look(path),
    }
  },
}
