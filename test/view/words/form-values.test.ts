import t from 'tap'
import { formKwargs, jsonKwargs } from '../../../src/view/words/form-values.js'
import type { CommandField } from '../../../src/view/wire/status.js'

const amplitude: CommandField = { name: 'amplitude', kind: 'number', isRequired: true, low: 0, high: 3 }
const field = (kind: CommandField['kind'], more: Partial<CommandField> = {}): CommandField => ({
  name: 'x',
  kind,
  isRequired: false,
  ...more,
})

t.test('what is filled in becomes arguments of its kind; what is empty is left out', async t => {
  const fields = [
    amplitude,
    field('integer', { name: 'pulses', initial: '5' }),
    field('flag', { name: 'isBipolar' }),
    field('choice', { name: 'side', choices: ['left', 'right'] }),
    field('text', { name: 'note' }),
    field('json', { name: 'sites' }),
  ]
  t.same(formKwargs(fields, { amplitude: ' 1.5 ', side: 'left', sites: '[1, 2]', isBipolar: 'true' }), {
    kwargs: { amplitude: 1.5, pulses: 5, isBipolar: true, side: 'left', sites: [1, 2] },
  })
})

t.test('the first field that is wrong says what it must be', async t => {
  for (const [one, text, reason] of [
    [amplitude, '', 'amplitude is missing'],
    [amplitude, '1,5', 'amplitude must be a number from 0 to 3'],
    [amplitude, '30', 'amplitude must be a number from 0 to 3'],
    [amplitude, '-1', 'amplitude must be a number from 0 to 3'],
    [field('number'), 'Infinity', 'x must be a number'],
    [field('integer'), '1.5', 'x must be a whole number'],
    [field('integer', { low: 1 }), '0', 'x must be a whole number, at least 1'],
    [field('number', { high: 1 }), '2', 'x must be a number, at most 1'],
    [field('flag'), 'yes', 'x must be true or false'],
    [field('choice', { choices: ['a', 'b'] }), 'c', 'x must be one of a, b'],
    [field('json'), '{', 'x must be JSON, such as [1, 2] or "text"'],
  ] as const)
    t.same(formKwargs([one], { [one.name]: text }), { reason }, `${one.kind} ${text}`)
})

t.test('arguments may be written as a JSON object', async t => {
  t.same(jsonKwargs(' '), { kwargs: {} })
  t.same(jsonKwargs('{"a": 1}'), { kwargs: { a: 1 } })
  for (const text of ['{', '[1]', '1', 'null']) t.match(jsonKwargs(text), { reason: /arguments must be JSON/ })
})
