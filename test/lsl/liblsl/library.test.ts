import '../../support/loopback.js'
import { join } from 'node:path'
import t from 'tap'
import { installAdvice } from '../../../src/lsl/liblsl/find-library.js'
import { loadLibrary, versionText } from '../../../src/lsl/liblsl/library.js'
import { OLD_LIBRARY, needsOldLiblsl } from '../../support/lsl/libraries.js'
import { platform } from '../../../src/system/platform.js'

/** Calls `body` with an environment in which no library is named. */
function unnamed<T>(body: () => T): T {
  const saved = process.env['LSL_LIB']
  delete process.env['LSL_LIB']
  try {
    return body()
  } finally {
    process.env['LSL_LIB'] = saved
  }
}

t.test('a library that is named is loaded once in a thread, however old', needsOldLiblsl(), async t => {
  const library = loadLibrary(OLD_LIBRARY)
  t.match(library, { path: OLD_LIBRARY, version: 110 })
  t.equal(loadLibrary(OLD_LIBRARY), library)
  const clock = library.fn('lsl_local_clock')()
  t.ok(clock > 0 && Number.isFinite(clock))
  t.equal(await library.call('lsl_library_version'), 110, 'on the thread pool too')
})

t.test('a function that this library has not is told apart, and calling it says so', needsOldLiblsl(), async t => {
  const library = loadLibrary(OLD_LIBRARY)
  t.equal(library.has('lsl_create_inlet'), true)
  t.equal(library.has('lsl_create_inlet_ex'), false)
  const unsupported = { code: 'ERR_LIBLSL_UNSUPPORTED', message: /lsl_set_postprocessing/ }
  t.throws(() => library.fn('lsl_set_postprocessing'), unsupported)
  await t.rejects(library.call('lsl_set_postprocessing', 0n, 1), unsupported)
})

t.test(
  'a file that is named and is no library is an error that says who named it, and why it does not load',
  async t => {
    const folder = t.testdir({ 'liblsl.so': 'not a library', folder: {} })
    for (const path of [join(folder, 'liblsl.so'), join(folder, 'folder'), join(folder, 'gone.so')]) {
      t.throws(() => loadLibrary(path), {
        code: 'ERR_LIBLSL_NOT_FOUND',
        message: new RegExp(`^option library names ${path}, which does not load: .+`),
        cause: Error,
      })
    }
  },
)

t.test('a library that is named and is another one is no liblsl', async t => {
  const libc = platform() === 'linux' ? 'libc.so.6' : 'libSystem.dylib'
  t.throws(() => loadLibrary(libc), {
    code: 'ERR_LIBLSL_NOT_FOUND',
    message: new RegExp(`^option library names ${libc}, which does not load: .*lsl`),
  })
})

t.test('where nothing is found the error says where it was looked for, and how to install it', async t => {
  // A machine may have a liblsl of its own; then there is nothing to say.
  const folder = t.testdir({ lib: { 'liblsl.so': 'not a library' } })
  process.env['CONDA_PREFIX'] = folder
  t.teardown(() => delete process.env['CONDA_PREFIX'])
  try {
    t.ok(unnamed(loadLibrary).version >= 116, 'a current one is installed here')
  } catch (error) {
    t.match(error, { code: 'ERR_LIBLSL_NOT_FOUND' })
    const { message } = error as Error
    for (const place of ['liblsl.so.2', 'liblsl64.so', join(folder, 'lib', 'liblsl.so'), installAdvice()])
      t.ok(message.includes(place), `${place} in: ${message}`)
    t.notMatch(message, '\n')
  }
})

t.test('versions read as liblsl prints them', async t => {
  t.same([110, 117, 200].map(versionText), ['1.10', '1.17', '2.0'])
})
