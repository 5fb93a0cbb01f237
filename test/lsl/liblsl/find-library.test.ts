import { join } from 'node:path'
import t from 'tap'
import { installAdvice, LIBRARY_VARIABLES, libraryCandidates } from '../../../src/lsl/liblsl/find-library.js'
import { platform } from '../../../src/system/platform.js'

const linux = { skip: platform() === 'linux' ? false : 'the names are those of Linux' }

t.test('what is named goes first: the option, then the environment in its order', linux, async t => {
  t.same(LIBRARY_VARIABLES, ['LSL_LIB', 'PYLSL_LIB', 'MNE_LSL_LIB', 'LIBLSL_PATH'])
  const env = { LIBLSL_PATH: '/4.so', MNE_LSL_LIB: '/3.so', PYLSL_LIB: '/2.so', LSL_LIB: '/1.so' }
  t.strictSame(libraryCandidates('/0.so', env).slice(0, 5), [
    { path: '/0.so', named: true, origin: 'option library' },
    { path: '/1.so', named: true, origin: 'LSL_LIB' },
    { path: '/2.so', named: true, origin: 'PYLSL_LIB' },
    { path: '/3.so', named: true, origin: 'MNE_LSL_LIB' },
    { path: '/4.so', named: true, origin: 'LIBLSL_PATH' },
  ])
  t.same(
    libraryCandidates(undefined, { ...env, LSL_LIB: '' })
      .slice(0, 1)
      .map(({ origin }) => origin),
    ['PYLSL_LIB'],
    'an empty variable is none',
  )
})

t.test("then the system's own search, by name", linux, async t => {
  const found = libraryCandidates(undefined, {})
  t.same(
    found.slice(0, 3).map(({ path }) => path),
    ['liblsl.so.2', 'liblsl.so', 'liblsl64.so'],
  )
  t.ok(found.every(({ named, origin }) => !named && origin === 'search'))
})

t.test('a folder that is named stands for the library in it, whatever its version', linux, async t => {
  const folder = t.testdir({
    plain: { 'liblsl.so': '', 'other.so': '' },
    wheel: { 'liblsl.so.1.17.7': '', 'readme.txt': '' },
    old: { 'liblsl64.so': '' },
    none: { 'libother.so': '' },
  })
  const pathOf = (name: string): string => libraryCandidates(join(folder, name), {})[0]!.path
  t.equal(pathOf('plain'), join(folder, 'plain', 'liblsl.so'))
  t.equal(pathOf('wheel'), join(folder, 'wheel', 'liblsl.so.1.17.7'))
  t.equal(pathOf('old'), join(folder, 'old', 'liblsl64.so'))
  t.equal(pathOf('none'), join(folder, 'none'), 'itself, to be named in the error')
})

t.test('last the conda and virtual environments, and the wheels in them', linux, async t => {
  const site = { pylsl: { lib: { 'liblsl.so': '' } }, mne_lsl: { lsl: { lib: { 'liblsl.so.1.17.7': '' } } } }
  const folder = t.testdir({
    conda: { lib: { 'liblsl.so.2': '' } },
    venv: { lib: { 'python3.12': { 'site-packages': site } } },
  })
  const conda = join(folder, 'conda')
  const venv = join(folder, 'venv')
  const packages = join(venv, 'lib', 'python3.12', 'site-packages')
  const found = libraryCandidates(undefined, { CONDA_PREFIX: conda, VIRTUAL_ENV: venv }).map(({ path }) => path)
  t.same(
    found.filter(path => path.startsWith(folder)),
    [
      join(conda, 'lib', 'liblsl.so.2'),
      join(packages, 'pylsl', 'lib', 'liblsl.so'),
      join(packages, 'mne_lsl', 'lsl', 'lib', 'liblsl.so.1.17.7'),
    ],
  )
  t.ok(found.indexOf('liblsl64.so') < found.indexOf(join(conda, 'lib', 'liblsl.so.2')))
})

t.test('an environment that is gone is passed over', async t => {
  t.same(libraryCandidates(undefined, { VIRTUAL_ENV: '/nowhere' }), libraryCandidates(undefined, {}))
})

t.test('how to install it is one line', async t => t.match(installAdvice(), /^[^\n]+$/))

t.test('on macOS a framework is found: in a folder, and named itself', async t => {
  t.intercept(process, 'platform', { value: 'darwin' })
  const folder = t.testdir({
    built: { 'lsl.framework': { lsl: '' } },
    both: { 'lsl.framework': { lsl: '' }, 'liblsl.dylib': '' },
  })
  const pathOf = (name: string): string => libraryCandidates(join(folder, name), {})[0]!.path
  t.equal(pathOf('built'), join(folder, 'built', 'lsl.framework', 'lsl'))
  t.equal(pathOf('built/lsl.framework'), join(folder, 'built', 'lsl.framework', 'lsl'))
  t.equal(pathOf('both'), join(folder, 'both', 'liblsl.dylib'))
  t.ok(
    libraryCandidates(undefined, {}).some(({ path }) => path === 'lsl.framework/lsl'),
    "by the system's own search",
  )
})

t.test('on Windows the wheel and the conda package are where Python keeps them there', async t => {
  t.intercept(process, 'platform', { value: 'win32' })
  const folder = t.testdir({
    conda: { Library: { bin: { 'lsl.dll': '' } } },
    venv: { Lib: { 'site-packages': { pylsl: { lib: { 'lsl.dll': '' } } } } },
  })
  const env = { CONDA_PREFIX: join(folder, 'conda'), VIRTUAL_ENV: join(folder, 'venv') }
  const found = libraryCandidates(undefined, env).map(({ path }) => path)
  t.same(found.slice(-2), [
    join(folder, 'conda', 'Library', 'bin', 'lsl.dll'),
    join(folder, 'venv', 'Lib', 'site-packages', 'pylsl', 'lib', 'lsl.dll'),
  ])
  t.equal(found[0], 'lsl.dll')
  t.match(installAdvice(), /lsl\.dll/)
})
