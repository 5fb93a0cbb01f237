import t from 'tap'
import { commandFields } from '../../../src/view/control/command-fields.js'

t.test('the properties of an object become the fields of a form', async t => {
  const fields = commandFields({
    type: 'object',
    required: ['amplitude', 'pulses'],
    properties: {
      amplitude: { type: 'number', minimum: 0, maximum: 3, unit: 'mA', description: 'of each pulse' },
      pulses: { type: 'integer', default: 5, maximum: Number.MAX_SAFE_INTEGER },
      side: { enum: ['left', 'right'] },
      isBipolar: { type: 'boolean' },
      note: { type: 'string' },
      sites: { type: 'array', items: { type: 'number' } },
    },
  })
  t.same(fields, [
    { name: 'amplitude', kind: 'number', isRequired: true, description: 'of each pulse', unit: 'mA', low: 0, high: 3 },
    { name: 'pulses', kind: 'integer', isRequired: false, initial: '5' },
    { name: 'side', kind: 'choice', isRequired: false, choices: ['left', 'right'] },
    { name: 'isBipolar', kind: 'flag', isRequired: false },
    { name: 'note', kind: 'text', isRequired: false },
    { name: 'sites', kind: 'json', isRequired: false },
  ])
})

t.test('a command without arguments has no field; what is no description of an object has no form', async t => {
  t.same(commandFields({ type: 'object' }), [])
  t.same(commandFields({ type: 'object', properties: {} }), [])
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`p${i}`, {}]))
  for (const schema of [
    {},
    { type: 'string' },
    { type: 'object', properties: 1 },
    { type: 'object', properties: [] },
    { type: 'object', properties: { a: 1 } },
    { type: 'object', properties: { ['x'.repeat(1000)]: {} } },
    { type: 'object', properties: many },
  ])
    t.equal(commandFields(schema), undefined, JSON.stringify(schema).slice(0, 60))
})
