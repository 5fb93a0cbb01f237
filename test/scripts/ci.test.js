import t from 'tap'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../support/project.js'

const script = name => import(pathToFileURL(join(projectFolder, 'scripts', 'ci', name)).href)
const { Tally } = await script('tally.js')
const { runStep } = await script('run-step.js')

/** Everything that is printed meanwhile. */
async function printed(run) {
  const { log } = console
  const { write } = process.stdout
  let text = ''
  console.log = line => (text += `${line}\n`)
  process.stdout.write = part => (text += part)
  try {
    await run()
  } finally {
    console.log = log
    process.stdout.write = write
  }
  return text
}

const REPORT = `
FAILED    3.7 s    16 assertions  a.test.js
FAILED a.test.js
  a.test.js > it holds

12 passed, 2 failed, 1 skipped in 4 s
`
const step = (script, more = {}) => ({ name: 'step', command: [process.execPath, '-e', script], minutes: 1, ...more })
const saying = (text, code = 0) =>
  step(`process.stdout.write(${JSON.stringify(text)}); process.exitCode = ${code}`, { counts: true })

t.test('assertions are counted from the last line of a report, and what failed is said again at the end', async t => {
  const tally = new Tally()
  const answers = []
  const text = await printed(async () => {
    answers.push(await runStep(saying(REPORT, 1), tally))
    answers.push(await runStep(saying('\u001B[32m7 passed, 0 failed\u001B[39m in 1 s\r\n'), tally))
    answers.push(await runStep(step(''), tally), tally.end())
  })
  t.same(answers, [false, true, true, 1])
  t.equal(text.split('\n').at(-2), '20 passed, 2 failed')
  t.match(
    text.slice(text.lastIndexOf('== failed:')),
    /^== failed: step: .*\nFAILED a\.test\.js\n {2}a\.test\.js > it holds\n/,
  )
})

t.test('a run that dies, says nothing, fails in spite of what it says, or takes too long, is a failure', async t => {
  for (const [each, passed] of [
    [saying('3 passed, 0 failed\n', 1), 3],
    [saying('no more words\n'), 0],
    [step('process.kill(process.pid, "SIGKILL")'), 0],
    [step('', { command: ['no-such-program-here'] }), 0],
    [step('setInterval(() => {}, 1000)', { minutes: 0.001 }), 0],
  ]) {
    const tally = new Tally()
    const answers = []
    const text = await printed(async () => answers.push(await runStep(each, tally), tally.end()))
    t.same(answers, [false, 1])
    t.equal(text.split('\n').at(-2), `${passed} passed, 1 failed`)
  }
})
