/** Both engines, as contenders of one run: a fresh machine has the first. */
export const ENGINES = ['builtin', 'liblsl']

/** What a watcher can run on, as contenders of one run. */
export const THREADS = [
  { label: 'builtin, shared threads', env: { DAREPLANE_ENGINE: 'builtin', DAREPLANE_THREAD: 'shared' } },
  { label: 'builtin, own threads', env: { DAREPLANE_ENGINE: 'builtin', DAREPLANE_THREAD: 'own' } },
  { label: 'liblsl, own threads', env: { DAREPLANE_ENGINE: 'liblsl' } },
]

/** Whether this engine is chosen in a process by its environment. */
export const withEngine = engine => ({ env: { ...process.env, DAREPLANE_ENGINE: engine } })
