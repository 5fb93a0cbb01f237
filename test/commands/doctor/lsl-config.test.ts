import { join } from 'node:path'
import t from 'tap'
import { findLslConfig, parseIni } from '../../../src/commands/doctor/lsl-config.js'

t.test(
  'the file that LSLAPICFG names comes before the working directory, and that before the home directory',
  async t => {
    const dir = t.testdir({
      'named.cfg': '[lab]\nSessionID = named\n',
      cwd: { 'lsl_api.cfg': '[lab]\nSessionID = cwd\n' },
      home: { lsl_api: { 'lsl_api.cfg': '[lab]\r\nSessionID = home\r\n' } },
      empty: {},
    })
    const at = (...names: string[]): string => join(dir, ...names)
    const session = (env: Record<string, string>, cwd: string, home: string): unknown =>
      findLslConfig(env, at(cwd), at(home)).settings.get('lab.SessionID')
    t.equal(session({ LSLAPICFG: at('named.cfg') }, 'cwd', 'home'), 'named')
    t.equal(session({ LSLAPICFG: '../named.cfg' }, 'cwd', 'home'), 'named')
    t.equal(session({ LSLAPICFG: '' }, 'cwd', 'home'), 'cwd')
    t.equal(session({}, 'cwd', 'home'), 'cwd')
    t.equal(session({}, 'empty', 'home'), 'home')
  },
)

t.test('a missing LSLAPICFG is named, and the next place counts', async t => {
  const dir = t.testdir({ 'lsl_api.cfg': '[lab]\nSessionID = cwd\n' })
  const config = findLslConfig({ LSLAPICFG: '/nowhere.cfg' }, dir, dir)
  t.same(config.problems, ['LSLAPICFG names /nowhere.cfg, which does not exist'])
  t.equal(config.file, join(dir, 'lsl_api.cfg'))
})

t.test('a folder in the place of the file is a problem, not a crash', async t => {
  const dir = t.testdir({ 'lsl_api.cfg': {} })
  t.match(findLslConfig({}, dir, dir).problems, [/liblsl ignores the whole file/])
})

t.test('what makes liblsl drop the whole file is found by its line', async t => {
  const bad = { '# comment': 1, 'novalue =': 1, nothing: 1, '= 3': 1, 'a = 1\na = 2': 2 }
  for (const [text, line] of Object.entries(bad)) {
    t.match(parseIni(text).problems, [new RegExp(`line ${line} .*ignores the whole file`)], text)
  }
  t.same(parseIni('; fine\n\n[ports]\nIPv6 = disable\n[lab]\nIPv6=x=y\n'), {
    settings: new Map([
      ['ports.IPv6', 'disable'],
      ['lab.IPv6', 'x=y'],
    ]),
    problems: [],
  })
})
