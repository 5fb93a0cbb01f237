import { spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** What may be kept of a long output is its end: failures are said there again, up to so many characters. */
const MOST_FAILURES = 20_000

/** What has passed and failed so far: steps, and the assertions of those that run tests. */
export class Tally {
  #passed = 0
  #failed = 0
  #failures = ''

  /** Takes a step that passes or fails as a whole. */
  step(title, isGood) {
    if (isGood) this.#passed++
    else {
      this.#failed++
      this.#failures += `== failed: ${title}\n`
      console.log(`== failed: ${title}`)
    }
  }

  /** Takes the output of a step that runs tests. Answers whether all have passed. */
  tests(title, output, isGood) {
    const { passed, failed, failures } = summary(output, isGood)
    this.#passed += passed
    this.#failed += failed
    if (failed > 0) this.#failures += `== failed: ${title}\n${failures}`
    console.log(`== ${title}: ${passed} passed, ${failed} failed`)
    return failed === 0
  }

  /** Says all that failed again, and sums up. Answers the exit code. */
  end() {
    process.stdout.write(this.#failures.slice(0, MOST_FAILURES))
    console.log(`${this.#passed} passed, ${this.#failed} failed`)
    return this.#failed === 0 ? 0 : 1
  }
}

/** What scripts/test.js says in the end. A run that dies before its end, or fails in spite of it, is a failure too. */
function summary(output, isGood) {
  const lines = stripVTControlCharacters(output).replaceAll('\r', '').split('\n')
  const total = lines.findLast(line => /^\d+ passed, \d+ failed/.test(line))
  const [passed, said] = total?.match(/\d+/g)?.map(Number) ?? [0, 0]
  const failed = said === 0 && (!isGood || total === undefined) ? 1 : said
  const first = lines.findIndex(line => /^FAILED \S/.test(line))
  return { passed, failed, failures: first < 0 ? '' : lines.slice(first).join('\n') }
}

/** Whether a program is there and ends well. */
export function ends(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
