import t from 'tap'
import { ModuleReplies, isOfNewestPython, ownCommands } from '../../src/modules/module-replies.js'
import type { Reply } from '../../src/modules/module-replies.js'
import { seededRandom } from '../support/random.js'

function replies(text: string, { lists = 0, cuts = [] as number[] } = {}): Reply[] {
  const all = new ModuleReplies()
  for (let i = 0; i < lists; i++) all.awaitList()
  const pieces: string[] = []
  let from = 0
  for (const to of [...cuts, text.length]) {
    pieces.push(text.slice(from, to))
    from = to
  }
  return [...pieces.flatMap(piece => all.push(piece)), ...all.quiet()]
}

t.test('greeting, answers, list, report, callback and complaint are told apart', async t => {
  const text =
    'Connected to stim\nSTART|SET X|STOP|CLOSE{"jobs":[]}\n11cr|START|{"a":"}{","b":1}Was unable to decode msg=b\'1\' to ascii\n1'
  const kinds = replies(text, { lists: 1 }).map(({ kind }) => kind)
  t.same(kinds, ['greeting', 'commands', 'report', 'up', 'up', 'callback', 'complaint', 'up'])
})

t.test('the lists of all generations are understood', async t => {
  t.same(replies('A|B|STOP|CLOSE', { lists: 1 }), [{ kind: 'commands', names: ['A', 'B', 'STOP', 'CLOSE'] }])
  const newest = replies('A|STOP|CLOSE|GET_PCOMMS|UP', { lists: 1 })
  t.match(newest, [{ kind: 'commands', names: ['A', 'STOP', 'CLOSE', 'GET_PCOMMS', 'UP'] }])
  t.ok(newest[0]?.kind === 'commands' && isOfNewestPython(newest[0].names))
  t.same(ownCommands(['A', 'A', 'STOP', 'CLOSE', 'GET_PCOMMS', 'UP']), ['A'])
})

t.test('however the bytes come, the replies are the same', async t => {
  const random = seededRandom(t)
  const text = 'Connected to stim\nSTART|STOP|CLOSE|GET_PCOMMS|UP\n{"jobs":[{"name":"x"}]}\n1other|GO|{"s":"\\"{"}1'
  const expected = replies(text, { lists: 1 })
  t.equal(expected.length, 6)
  for (let i = 0; i < 300; i++) {
    const cuts = Array.from({ length: 5 }, () => Math.floor(random() * text.length)).sort((a, b) => a - b)
    t.same(replies(text, { lists: 1, cuts }), expected, `cut at ${cuts.join(' ')}`)
  }
})

t.test('garbage of any kind is a complaint and harms nothing', async t => {
  const random = seededRandom(t)
  const letters = '1|{}"\\;AB\n\r \xff'
  const all = new ModuleReplies()
  for (let i = 0; i < 20_000; i++) {
    if (random() < 0.5) all.awaitList()
    else all.forgetLists()
    all.push(Array.from({ length: 12 }, () => letters[Math.floor(letters.length * random())]).join(''))
    if (random() < 0.2) all.quiet()
  }
  all.quiet()
  all.forgetLists()
  t.same(all.push('1'), [{ kind: 'up' }])
})

t.test('a list that comes when nobody waits for it any more is no callback', async t => {
  for (const list of [
    'COUNT|THREAD|STOP|CLOSE',
    'COUNT|THREAD|PROCESS|TREE|STOP|CLOSE',
    'A|B|STOP|CLOSE|GET_PCOMMS|UP',
  ]) {
    const all = new ModuleReplies()
    all.awaitList()
    all.forgetLists()
    t.same(
      [...all.push(`1${list}1`), ...all.push('other|GO|{"a":1}'), ...all.quiet()].map(({ kind }) => kind),
      ['up', 'commands', 'up', 'callback'],
      list,
    )
    all.awaitList()
    all.forgetLists()
    const cut = [...all.push(list.slice(0, 14)), ...all.quiet(), ...all.push(list.slice(14)), ...all.quiet()]
    t.notMatch(cut, [{ kind: 'callback' }], `${list}, cut in two`)
  }
})
