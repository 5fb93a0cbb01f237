import { inspect } from 'node:util'

/** Says what the test files do, one line each as they end, and in the end what failed and one line that sums up. */
export class Report {
  /** How long each file took. */
  seconds = {}
  #files
  #counts = { pass: 0, fail: 0, skip: 0, todo: 0 }
  #failed = []
  #skipped = new Set()
  /** What the files say that run, by their names. */
  #running = new Map()
  #ended = 0
  #started = performance.now()
  #isTerminal = process.stdout.isTTY === true

  constructor(files) {
    this.#files = files
  }

  /** Whether nothing has failed so far. */
  get ok() {
    return this.#failed.length === 0
  }

  /** Called with every {@link TestFile} that is started. */
  began(file) {
    const said = { started: performance.now(), count: 0, failures: [] }
    this.#running.set(file.name, said)
    this.#showRunning()
    for (const kind of ['pass', 'fail', 'skip', 'todo']) file.parser.on(kind, () => this.#counts[kind]++)
    file.parser.on('result', () => said.count++)
    file.parser.on('fail', result => said.failures.push(result))
    file.parser.on('skip', ({ fullname, skip }) => this.#skipped.add(`${file.name} > ${fullname}: ${skip}`))
  }

  /** Called when it has ended; `isGood` if all that it says, and its exit code, are. Answers whether it has passed. */
  ended({ name, errors, end }, isGood) {
    const { started, count, failures } = this.#running.get(name)
    this.#running.delete(name)
    this.#ended++
    const took = (performance.now() - started) / 1000
    this.seconds[name] = Number(took.toFixed(1))
    // A file that has tried nothing is a mistake.
    const ok = isGood && count > 0
    if (!ok) this.#failed.push({ file: name, failures, errors, end })
    // The process may fail with no assertion that says so.
    if (!ok && failures.length === 0) this.#counts.fail++
    this.#erase()
    const time = `${took.toFixed(1).padStart(6)} s`
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${time} ${String(count).padStart(5)} assertions  ${name}`)
    this.#showRunning()
    return ok
  }

  /** Says what was skipped and what failed, and sums up; answers how many seconds all took. */
  end() {
    this.#erase()
    if (this.#skipped.size > 0) console.log(['', ...this.#skipped].join('\nskipped: ').trimStart())
    for (const { file, failures, errors, end } of this.#failed) {
      console.log(`\nFAILED ${file}`)
      for (const { fullname, diag } of failures) console.log(`  ${fullname}${details(diag)}`)
      if (failures.length === 0) console.log(`  no assertion failed; its process ${end}`)
      if (errors !== '') console.log(`  it wrote:\n${errors.trimEnd().replace(/^/gm, '    ')}`)
    }
    const { pass, fail, skip, todo } = this.#counts
    const more = (skip > 0 ? `, ${skip} skipped` : '') + (todo > 0 ? `, ${todo} to do` : '')
    const took = Math.round((performance.now() - this.#started) / 1000)
    console.log(`\n${pass} passed, ${fail} failed${more} in ${took} s`)
    return took
  }

  /** In a terminal the last line says what is running. */
  #showRunning() {
    if (!this.#isTerminal || this.#running.size === 0) return
    this.#erase()
    const line = `${this.#ended} of ${this.#files} done, running ${[...this.#running.keys()].join(', ')}`
    process.stdout.write(line.slice(0, (process.stdout.columns || 80) - 1))
  }

  #erase() {
    if (this.#isTerminal) process.stdout.write('\r\x1b[K')
  }
}

/** Where an assertion failed, and why. */
function details(diag) {
  if (!diag) return ''
  const { diff, at, stack, source, ...rest } = diag
  const where = at?.fileName ? ` (${at.fileName}:${at.lineNumber})` : ''
  const why = diff ?? (Object.keys(rest).length > 0 ? inspect(rest, { depth: 4, breakLength: 100 }) : '')
  const text = [why, source, stack].filter(Boolean).join('\n')
  return `${where}\n${text.trimEnd().replace(/^/gm, '    ')}`
}
