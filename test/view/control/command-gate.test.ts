import t from 'tap'
import { CommandGate } from '../../../src/view/control/command-gate.js'

t.test('a command passes when the page is armed and the button was held', async t => {
  const gate = new CommandGate(false)
  gate.arm(0)
  gate.hold('a', 'm1', 'START', 100)
  t.equal(gate.pass('a', 'm1', 'START', 1100), undefined)
  gate.hold('b', 'm1', 'START', 1200)
  t.equal(gate.pass('b', 'm1', 'START', 2300), 'not armed: nothing was sent', 'it is disarmed at once')
})

t.test('a command does not pass unarmed, unheld, held too shortly, another or too late', async t => {
  const cases: [string, (gate: CommandGate) => string | undefined][] = [
    ['unarmed', gate => (gate.hold('a', 'm', 'X', 0), gate.pass('a', 'm', 'X', 1000))],
    ['unheld', gate => (gate.arm(0), gate.pass('a', 'm', 'X', 1000))],
    ['short', gate => (gate.arm(0), gate.hold('a', 'm', 'X', 0), gate.pass('a', 'm', 'X', 900))],
    ['other command', gate => (gate.arm(0), gate.hold('a', 'm', 'X', 0), gate.pass('a', 'm', 'Y', 1000))],
    ['other module', gate => (gate.arm(0), gate.hold('a', 'm', 'X', 0), gate.pass('a', 'n', 'X', 1000))],
    ['released', gate => (gate.arm(0), gate.hold('a', 'm', 'X', 0), gate.release('a'), gate.pass('a', 'm', 'X', 1000))],
    ['late', gate => (gate.arm(0), gate.hold('a', 'm', 'X', 9500), gate.pass('a', 'm', 'X', 10_501))],
    ['disarmed', gate => (gate.arm(0), gate.hold('a', 'm', 'X', 0), gate.disarm(), gate.pass('a', 'm', 'X', 1000))],
  ]
  for (const [what, pass] of cases) t.type(pass(new CommandGate(false)), 'string', what)
})

t.test('a view that is read-only cannot be armed', async t => {
  const gate = new CommandGate(true)
  t.equal(gate.arm(0), 0)
  gate.hold('a', 'm', 'X', 0)
  t.equal(gate.pass('a', 'm', 'X', 1000), 'this view is read-only')
})
