import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { moduleConfig } from '../../src/server/module-config.js'

const defaults = { stream_name: 'eeg', threshold: 50, band: [8, 12], enabled: true }

t.test('the file overrides the defaults, the command line overrides both', async t => {
  const folder = t.testdir({ 'module.toml': '# comment\nthreshold = 20\nband = [1, 2]\n' })
  const file = pathToFileURL(join(folder, 'module.toml'))
  t.strictSame(moduleConfig(file, defaults), { ...defaults, threshold: 20, band: [1, 2] })
  t.strictSame(moduleConfig(file, defaults, { threshold: 3 }).threshold, 3)
})

t.test('a file, defaults or overrides of the wrong kind are refused by name', async t => {
  const file = new URL('file:///none.toml')
  t.throws(() => moduleConfig(5 as never, {}), /^file must be a file URL, .* got 5/)
  t.throws(() => moduleConfig('./none.toml' as never, {}), /^file must be a file URL, .* got "\.\/none\.toml"/)
  t.throws(() => moduleConfig(new URL('http://a/b'), {}), RangeError)
  t.throws(() => moduleConfig(file, 5 as never), /^defaults must be an object, got 5/)
  t.throws(() => moduleConfig(file, {}, [] as never), /^overrides must be an object, got \[\]/)
})

t.test('unknown keys, wrong types and broken files are refused with file and line', async t => {
  const refused = (text: string, message: RegExp, overrides = {}): void => {
    const folder = t.testdir({ configs: { 'module.toml': text } })
    const file = pathToFileURL(join(folder, 'configs', 'module.toml'))
    t.throws(() => moduleConfig(file, defaults, overrides), { code: 'ERR_CONFIG_INVALID', message })
  }
  refused('\n\ntreshold = 3\n', /^configs\/module\.toml:3: unknown key 'treshold', did you mean 'threshold'\?$/)
  refused(
    'stream_name = "x"\nthreshold = "fifty"\n',
    /^configs\/module\.toml:2: threshold must be a number, got "fifty"$/,
  )
  refused('band = 3\n', /:1: band must be a list, got 3/)
  refused('[other]\na = 1\n', /:1: unknown key 'other'/)
  refused('a = 1\nb =\n', /^configs\/module\.toml:2: /)
  // Whatever the key and however it is written.
  refused('"a(b" = 1\n', /^configs\/module\.toml:1: unknown key 'a\(b', known are/)
  refused(`${'a'.repeat(100_000)} = 1\n`, /^configs\/module\.toml:1: unknown key/)
  refused("enabled = true\n'treshold' = 1\n", /:2: unknown key 'treshold'/)
  refused('enabled = true\n[[other]]\na = 1\n', /:2: unknown key 'other'/)
  refused('enabled = true\n"tr\\u0065shold" = 1\n', /:2: unknown key 'treshold'/)
  refused('enabled = true\n"\\u001b[2J" = 1\n', /:2: unknown key '\\x1b\[2J'/)
  refused('stream_name = """\ntreshold = 1\n"""\n# treshold = 1\n\ntreshold = 2\n', /:6: unknown key 'treshold'/)
  refused('enabled = true\nband = [\n  8,\n  "12",\n]\n', /:2: band\[1\] must be a number, got "12"$/)
  refused('', /^--treshold: unknown key 'treshold', did you mean 'threshold'\?$/, { treshold: 1 })
})

t.test('a file that is not there is said to be', async t => {
  for (const name of ['missing.toml', '.'])
    t.throws(() => moduleConfig(pathToFileURL(join(t.testdir(), name)), defaults), {
      code: 'ERR_CONFIG_INVALID',
      message: /cannot be read/,
    })
})
