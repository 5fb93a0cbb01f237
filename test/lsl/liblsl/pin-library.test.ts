import t from 'tap'
import { pinLibrary } from '../../../src/lsl/liblsl/pin-library.js'
import type { Linker } from '../../../src/lsl/liblsl/pin-library.js'

/** What a linker was asked: library, prototype, arguments. */
function fake(answer: unknown): { asked: unknown[][]; linker: Linker } {
  const asked: unknown[][] = []
  const load = (library: string | null): ReturnType<Linker['load']> => ({
    func:
      prototype =>
      (...args) => {
        asked.push([library, prototype, ...args])
        return answer
      },
  })
  return { asked, linker: { load } }
}

t.test('on Windows a library is pinned by its path in UTF-16 and with backslashes', async t => {
  t.intercept(process, 'platform', { value: 'win32' })
  const { asked, linker } = fake(true)
  pinLibrary('C:/Users/Jürgen/LSL/lsl.dll', linker)
  const [library, prototype, flags, path] = asked[0] ?? []
  t.equal(library, 'kernel32.dll')
  t.match(prototype, /GetModuleHandleExW\(uint32 \w+, str16 /)
  t.strictSame([flags, path], [1, 'C:\\Users\\Jürgen\\LSL\\lsl.dll'])
})

t.test('a library that the system does not pin is an error, as it would crash at the end', async t => {
  for (const [value, answer] of [
    ['win32', false],
    ['linux', null],
    ['darwin', null],
  ] as const) {
    t.intercept(process, 'platform', { value })
    t.throws(() => pinLibrary('/lsl', fake(answer).linker), { code: 'ERR_LIBLSL_NOT_FOUND', message: /\/lsl/ })
  }
})

t.test('on POSIX it is opened once more, never to be closed', async t => {
  for (const [value, noDelete] of [
    ['linux', 0x1000],
    ['darwin', 0x80],
  ] as const) {
    t.intercept(process, 'platform', { value })
    const { asked, linker } = fake(1n)
    pinLibrary('/lsl', linker)
    t.strictSame(asked, [[null, 'void *dlopen(str path, int flags)', '/lsl', 2 | noDelete]])
  }
})
