import t from 'tap'
import { libraryFor, OLD_LIBRARY, thisMachine } from '../support/lsl/libraries.js'

t.test('tests run on the old library where it loads, else on one of a wheel, else without', async t => {
  const x64 = { platform: 'linux', arch: 'x64', glibc: true, wheel: undefined } as const
  t.equal(libraryFor(x64), OLD_LIBRARY)
  t.equal(libraryFor({ ...x64, wheel: '/wheel/liblsl.so' }), OLD_LIBRARY)
  for (const other of [{ glibc: false }, { arch: 'arm64' }, { platform: 'darwin' }, { platform: 'windows' }] as const) {
    t.equal(libraryFor({ ...x64, ...other }), undefined)
    t.equal(libraryFor({ ...x64, ...other, wheel: '/wheel/lsl' }), '/wheel/lsl')
  }
  t.match(thisMachine(), { arch: process.arch, glibc: Boolean })
})
